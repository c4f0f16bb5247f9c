import ImageFiles
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

/// Pictures that are too many to be planned as a whole come to the same as they would if they were few.
@Suite struct PlannedSequenceTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    for name in ["a.png", "b.jpg", "c/a.png", "c/c/x.jpeg", "c-d/a.png", "c.png", "z.png"] {
      try folder.file("in/\(name)", holding: Signature.png)
    }
    try folder.file("in/c0/photo.jpg", holding: Signature.jpeg)
    try folder.file("in/empty.png")
    try folder.file("in/notes.txt", holding: Signature.text)
    try folder.file("more/0.jpg", holding: Signature.jpeg)
  }

  private func plan(
    _ inputs: [String] = ["in"], listed: [String] = [], into output: String = "out",
    shard: Shard? = nil, format: BatchPlan.Format = .keep, styles: [FilePath.Component] = [],
    existing: ExistingOutputs = .leave, reading others: [FilePath] = [], asOne: Bool = false
  ) throws -> BatchPlan {
    try BatchPlan(
      inputs: inputs.map { folder[$0] }, listed: PathList(listed.map { folder[$0] }),
      target: .directory(folder[output]), recursively: true, shard: shard, format: format,
      styles: styles, existing: existing, reading: others,
      maximumPlanned: asOne ? 1000 : 0)
  }

  private func items(_ plan: BatchPlan) -> [BatchPlan.Item] {
    IteratorSequence(PlannedInputs(of: plan)).flatMap(\.items)
  }

  private func isClash(_ error: BatchPlanError?) -> Bool {
    if case .clashes = error { true } else { false }
  }

  @Test(arguments: [[], ["mural", "wave"]] as [[FilePath.Component]])
  func theSameItemsComeInTheSameOrder(_ styles: [FilePath.Component]) throws {
    try folder.file("out/a.png")
    try folder.file("out/wave/z.png")
    let (few, many) = (
      try plan(["in", "more"], styles: styles, asOne: true),
      try plan(["in", "more"], styles: styles)
    )
    #expect(many.items.isEmpty && many.sequence != nil)
    #expect(few.sequence == nil && few.items.count == 10 * max(styles.count, 1))
    #expect(items(many) == few.items)
    #expect(items(few) == few.items)
    #expect(many.count == few.items.count)
    #expect(many.passedOver == few.passedOver)
    #expect(many.passedOver.files == [folder["in/notes.txt"]])
  }

  /// The largest directory, wherever it lies, is listed once: what comes there later is the next run's.
  @Test func theLargestDirectoryIsListedOnce() throws {
    for number in 0..<20 { try folder.file("in/c/c/\(number).png", holding: Signature.png) }
    let plan = try plan()
    try folder.file("in/c/c/late.png", holding: Signature.png)
    #expect(plan.count == 29)
    #expect(items(plan).count == 29)
  }

  /// The file is opened once, by the plan.
  @Test func theFileComesWithTheItem() throws {
    let inputs = Array(IteratorSequence(PlannedInputs(of: try plan())))
    #expect(inputs.count == 9)
    for input in inputs {
      let item = try #require(input.items.first)
      #expect((input.opened == nil) == item.state.isFailed)
      #expect(input.opened?.format == (item.state.isFailed ? nil : item.format))
      #expect(input.opened?.status == item.inputStatus)
    }
  }

  /// What could clash is opened before anything is begun, whatever its name says it is.
  @Test func clashesRefuseTheRun() throws {
    try folder.file("in/c/c/y.jpg", holding: Signature.png)
    try folder.file("in/c/c/y.png", holding: Signature.png)
    let expected = #expect(throws: BatchPlanError.self) { _ = try plan(asOne: true) }
    let found = #expect(throws: BatchPlanError.self) { _ = try plan() }
    #expect(expected == found)
    #expect(isClash(found))
    // Those that only might have clashed don't.
    try folder.file("in/c/c/y.jpg", holding: Signature.jpeg)
    #expect(items(try plan()) == (try plan(asOne: true)).items)
    #expect(throws: BatchPlanError.self) { _ = try plan(format: .png) }
  }

  @Test func linksBetweenOutputsClash() throws {
    try folder.directory("out/c")
    try folder.symbolicLink("out/c-d", to: "c")
    let found = #expect(throws: BatchPlanError.self) { _ = try plan() }
    #expect(found == #expect(throws: BatchPlanError.self) { _ = try plan(asOne: true) })
    #expect(isClash(found))
  }

  @Test func stylesWithOneDirectoryClash() throws {
    try folder.directory("out/wave")
    try folder.symbolicLink("out/mural", to: "wave")
    let found = #expect(throws: BatchPlanError.self) { _ = try plan(styles: ["mural", "wave"]) }
    #expect(isClash(found))
  }

  @Test func aPictureNamedTwiceIsDoneOnce() throws {
    try folder.hardLink("in/c/a.jpg", to: folder["in/c/a.png"])
    let few = try plan(["in", "in", "in/a.png"], asOne: true)
    let many = try plan(["in", "in", "in/a.png"])
    #expect(items(many) == few.items)
    #expect(many.count == few.items.count)
  }

  @Test func closedPlacesRefuseTheRun() throws {
    try folder.file("out/c")
    let found = #expect(throws: BatchPlanError.self) { _ = try plan() }
    #expect(found == .closed([ClosedPlace(folder["out/c"], .notDirectory)]))
  }

  /// Found in their turn: nothing that is read is replaced, by whatever name.
  @Test func inputsAndLinksAreNotReplaced() throws {
    try folder.file("style.png")
    try folder.directory("out")
    try folder.hardLink("out/a.png", to: folder["style.png"])
    try folder.hardLink("out/b.png", to: folder["in/z.png"])
    try folder.symbolicLink("out/z.png", to: folder["in/c/a.png"])
    try folder.file("kept.png")
    try folder.symbolicLink("out/c.png", to: folder["kept.png"])
    let style = folder["style.png"]
    let states = Dictionary(
      uniqueKeysWithValues: items(try plan(existing: .replace, reading: [style])).map {
        ($0.output, $0.state)
      })
    #expect(states[folder["out/a.png"]] == .failed(.outputIsInput(style)))
    #expect(states[folder["out/b.png"]] == .failed(.outputIsInput(folder["in/z.png"])))
    #expect(states[folder["out/z.png"]] == .failed(.outputIsInput(folder["in/c/a.png"])))
    #expect(states[folder["out/c.png"]] == .failed(.outputIsLink))
    #expect(states[folder["out/c/a.png"]] == .pending)
    // And where nothing is replaced, but every output is its own input.
    let own = items(try plan(into: "in"))
    #expect(own.first?.state == .failed(.outputIsInput(folder["in/a.png"])))
  }

  /// Each picture is in one share, and one that comes late changes no other's.
  @Test func sharesAreWholeAndApart() throws {
    let all = items(try plan())
    func shares() throws -> [[BatchPlan.Item]] {
      try (0..<3).map { try items(plan(shard: Shard($0, of: 3))) }
    }
    let first = try shares()
    #expect(first.allSatisfy { !$0.isEmpty })
    #expect(first.flatMap(\.self).map(\.input).sorted { $0.precedes($1) } == all.map(\.input))
    try folder.file("in/0.png", holding: Signature.png)
    let second = try shares().map { $0.filter { $0.input != folder["in/0.png"] } }
    #expect(second == first)
  }
}
