import ImageFiles
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct ManifestTests {
  private let folder: TemporaryFolder
  private let recipe = Recipe(styles: ["wave", "mural"], options: "plain")

  init() throws {
    folder = try TemporaryFolder()
    try folder.file("in/a.png", holding: Signature.png)
    try folder.file("in/b.png", holding: Signature.png)
  }

  private var out: FilePath { folder["out"] }

  private func plan(_ recipe: Recipe? = nil, shard: Shard? = nil, replacingOthers: Bool = false)
    throws -> [String: BatchPlan.Item]
  {
    let resumption = try Resumption(into: out, shard, recipe ?? self.recipe)
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(out), recursively: true, format: .keep,
      existing: .resume(resumption, replacingOthers: replacingOthers))
    return Dictionary(
      uniqueKeysWithValues: plan.items.map { ($0.input.lastComponent?.string ?? "", $0) })
  }

  /// Makes an output, and the event that tells of it.
  private func event(
    _ name: String, outcome: BatchEvent.Outcome? = nil, holding bytes: [UInt8] = [1, 2, 3]
  ) throws -> BatchEvent {
    let input = folder["in"].appending(name)
    if outcome == nil { try folder.file("out/\(name)", holding: bytes) }
    let item = BatchPlan.Item(
      input: input, output: out.appending(name), format: .png,
      inputStatus: FileStatus(of: input))
    return BatchEvent(
      item: item, outcome: outcome ?? .done(width: 1, height: 1, notes: [], looks: nil),
      seconds: 1.25)
  }

  private func append(
    _ events: BatchEvent..., shard: Shard? = nil, recipe: Recipe? = nil
  ) throws {
    let writer = try ManifestWriter(into: out, shard, recipe ?? self.recipe)
    for event in events { try writer.append(event) { $0.description } }
  }

  private func lines(_ shard: Shard? = nil) -> [Substring] {
    let path = ManifestFile.path(in: out, shard)
    return folder.content(of: "out/\(path.lastComponent?.string ?? "")")?
      .split(separator: "\n", omittingEmptySubsequences: false) ?? []
  }

  @Test func aLineTellsWhatBecameOfAnItem() throws {
    try append(event("a.png"), event("b.png", outcome: .failed(.image(.empty))))
    try append(event("a.png", outcome: .skipped))
    #expect(lines().count == 3 && lines().last == "")
    let done = try #require(ManifestRecord(line: lines()[0].utf8))
    #expect(done.input == folder["in/a.png"].string && done.output == "a.png")
    #expect(done.inputBytes == Signature.png.count && done.outputBytes == 3)
    #expect(done.inputModified == FileStatus(of: folder["in/a.png"])?.modified)
    #expect(done.style == "wave" && done.options == "plain" && done.outcome == .done)
    #expect(done.seconds == 1.25 && done.error == nil)
    #expect(done.began > 1.7e9 && done.ended >= done.began)
    let failed = try #require(ManifestRecord(line: lines()[1].utf8))
    #expect(failed.outcome == .failed && failed.error == ItemError.image(.empty).description)
    #expect(failed.outputBytes == nil)
  }

  @Test func namesOfAnyBytesAreFoundAgain() throws {
    let odd = [
      FilePath(bytes: [0x66, 0xFF]), "\"q\",\"output\":\"x\\", "\u{202E}gnp", "é/日本", "a/b",
      FilePath(bytes: Array("\\xFF".utf8)),
    ]
    for path in odd {
      let item = BatchPlan.Item(input: path, output: out.pushing(path), format: .png)
      let event = BatchEvent(item: item, outcome: .failed(.outputIsLink), seconds: nil)
      try append(event)
    }
    let index = try ManifestIndex(ManifestFile.paths(in: out, knowing: nil), in: out)
    for path in odd {
      let records = index.records(of: out.pushing(path))
      #expect(records.count == 1)
      #expect(records.first.map { JSONPath($0.input, base64: $0.inputBase64).path } == path)
    }
    #expect(index.records(of: out.appending("none")).isEmpty)
  }

  @Test func whatIsDoneIsLeftAndTheRestIsDone() throws {
    try append(event("a.png"))
    let items = try plan()
    #expect(items["a.png"]?.state == .skipped && items["a.png"]?.isKnown == true)
    #expect(items["b.png"]?.state == .pending && items["b.png"]?.replaces == false)
  }

  /// Of an input that changed, of another style or under other options, and of what failed since.
  @Test(arguments: ["bytes", "time", "style", "options", "failed"])
  func whatIsOtherwiseIsDoneAgain(_ change: String) throws {
    try append(event("a.png"))
    var recipe = recipe
    switch change {
    case "bytes": try folder.file("in/a.png", holding: Signature.png + [0])
    case "time": try folder.file("in/a.png", holding: Signature.png)
    case "style": recipe = Recipe(styles: ["sea", "mural"], options: "plain")
    case "options": recipe = Recipe(styles: ["wave", "mural"], options: "fancy")
    default: try append(event("a.png", outcome: .failed(.image(.empty))))
    }
    let item = try #require(try plan(recipe)["a.png"])
    #expect(item.state == .pending && item.replaces)
    // Of what is gone, nothing need be replaced.
    try folder.remove("out/a.png")
    let gone = try #require(try plan()["a.png"])
    #expect(gone.state == .pending && !gone.replaces)
  }

  /// Nor what somebody made of an output since.
  @Test func whatNoManifestKnowsIsLeftAlone() throws {
    try folder.file("out/b.png", holding: [9])
    try append(event("a.png"))
    try folder.file("out/a.png", holding: [1, 2, 3, 4])
    let other = Recipe(styles: ["sea", "mural"], options: "plain")
    for (_, item) in try plan(other) {
      #expect(item.state == .skipped && !item.replaces && !item.isKnown)
    }
    for (_, item) in try plan(other, replacingOthers: true) {
      #expect(item.state == .pending && item.replaces)
    }
  }

  /// A shard knows its own manifest, the whole run's, and those of other numbers of shards.
  @Test func manifestsOfOtherRunsAreKnown() throws {
    let (own, beside, other) = (Shard(0, of: 2), Shard(1, of: 2), Shard(1, of: 3))
    for shard in [own, beside, other, nil] { try append(event("a.png"), shard: shard) }
    func names(_ shard: Shard?) -> [String] {
      ManifestFile.paths(in: out, knowing: shard).compactMap { $0.lastComponent?.string }.sorted()
    }
    let (whole, halves, third) = (
      ".pastiche-manifest.jsonl",
      [".pastiche-manifest-0-of-2.jsonl", ".pastiche-manifest-1-of-2.jsonl"],
      ".pastiche-manifest-1-of-3.jsonl"
    )
    #expect(names(own) == [halves[0], third, whole])
    #expect(names(nil) == halves + [third, whole])
    #expect(try plan(shard: Shard(7, of: 8))["a.png"]?.isKnown == true)
  }

  @Test(arguments: [0, 1, 70_000])
  func aTornLineIsTakenOff(_ count: Int) throws {
    let torn = String(repeating: "x", count: count)
    try append(event("a.png"))
    let whole = lines()[0]
    try folder.file("out/.pastiche-manifest.jsonl", holding: "\(whole)\n\(torn)")
    try append(event("b.png"))
    #expect(lines().count == 3 && lines()[0] == whole)
    #expect(ManifestRecord(line: lines()[1].utf8)?.output == "b.png")
    // Where nothing but that is there, too.
    try folder.file("out/.pastiche-manifest.jsonl", holding: torn)
    try append(event("b.png"))
    #expect(lines().count == 2)
  }

  /// A run that writes meanwhile loses nothing.
  @Test func aTornLineOfARunningOneIsEnded() throws {
    let first = try ManifestWriter(into: out, nil, recipe)
    try first.append(event("a.png")) { $0.description }
    let file = try FileDescriptor.open(first.path, .writeOnly, options: .append)
    try file.closeAfter { _ = try file.writeAll(Array("{\"to".utf8)) }
    try append(event("b.png"))
    try first.append(event("a.png")) { $0.description }
    let outputs = lines().map { ManifestRecord(line: $0.utf8)?.output }
    #expect(outputs == ["a.png", nil, "b.png", "a.png", nil])
    #expect(try plan().values.allSatisfy(\.isKnown))
  }

  @Test func aPlaceThatCannotBeWrittenToIsTold() throws {
    try folder.file("out")
    #expect(throws: ManifestError.directory(.outputDirectory(out, .notDirectory))) {
      try ManifestWriter(into: out, nil, recipe)
    }
    try folder.directory("out2/.pastiche-manifest.jsonl")
    let path = folder["out2/.pastiche-manifest.jsonl"]
    #expect(throws: ManifestError.unwritable(path, .isDirectory)) {
      try ManifestWriter(into: folder["out2"], nil, recipe)
    }
  }
}
