import Foundation
import ImageFiles
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct BatchPlanTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
  }

  private func plan(
    _ inputs: [FilePath], to target: BatchPlan.Target? = nil, recursively: Bool = false,
    format: BatchPlan.Format = .keep, styles: [String] = [], existing: ExistingOutputs = .leave
  ) throws(BatchPlanError) -> BatchPlan {
    try BatchPlan(
      inputs: inputs, target: target ?? .directory(folder["out"]), recursively: recursively,
      format: format, styles: styles.compactMap { FilePath.Component($0) }, existing: existing)
  }

  /// Inputs and outputs as names in the folder, "in/a.png → out/a.png".
  private func names(_ plan: BatchPlan) -> [String] {
    let prefix = folder.path.string + "/"
    return plan.items.map { item in
      [item.input, item.output].map { path in
        path.string.hasPrefix(prefix) ? String(path.string.dropFirst(prefix.count)) : path.string
      }.joined(separator: " → ")
    }
  }

  // What is a picture

  @Test func directoryGivesThePicturesByTheirNames() throws {
    for name in ["b.png", "a.JPG", "c.Jpeg", "d.PNG"] {
      try folder.file(
        "in/\(name)",
        holding: name.hasPrefix("b") || name.hasPrefix("d")
          ? Signature.png : Signature.jpeg)
    }
    for name in ["notes.txt", "raw.tiff", "png", "x.png.bak"] {
      try folder.file("in/\(name)", holding: Signature.text)
    }
    for name in [".hidden.png", ".x.jpg", ".notes"] {
      try folder.file("in/\(name)", holding: Signature.png)
    }
    try folder.file("in/deeper/e.png", holding: Signature.png)
    let plan = try plan([folder["in"]])
    #expect(
      names(plan) == [
        "in/a.JPG → out/a.JPG", "in/b.png → out/b.png", "in/c.Jpeg → out/c.Jpeg",
        "in/d.PNG → out/d.PNG",
      ])
    #expect(plan.items.map(\.format) == [.jpeg, .png, .jpeg, .png])
    #expect(plan.items.allSatisfy { $0.state == .pending })
    #expect(
      plan.passedOver.files
        == ["notes.txt", "png", "raw.tiff", "x.png.bak"].map { folder["in/\($0)"] })
    #expect(plan.passedOver.directories == 1)
  }

  @Test func treeKeepsItsShape() throws {
    try folder.file("in/a.png", holding: Signature.png)
    try folder.file("in/x/a.png", holding: Signature.png)
    try folder.file("in/x/y/b.jpg", holding: Signature.jpeg)
    try folder.file("in/x.png/c.png", holding: Signature.png)
    try folder.file("in/.git/d.png", holding: Signature.png)
    let plan = try plan([folder["in"]], recursively: true)
    #expect(
      names(plan) == [
        "in/a.png → out/a.png", "in/x.png/c.png → out/x.png/c.png",
        "in/x/a.png → out/x/a.png", "in/x/y/b.jpg → out/x/y/b.jpg",
      ])
    #expect(plan.passedOver.directories == 0)
  }

  /// Even one without an extension, or hidden; it goes by its base name.
  @Test func fileNamedDirectlyIsAlwaysTried() throws {
    try folder.file("in/photo", holding: Signature.jpeg)
    try folder.file("in/.hidden.png", holding: Signature.png)
    let plan = try plan([folder["in/photo"], folder["in/.hidden.png"]])
    #expect(names(plan) == ["in/.hidden.png → out/.hidden.png", "in/photo → out/photo.jpg"])
  }

  @Test func signatureDecidesWhatIsKept() throws {
    try folder.file("in/really_jpeg.png", holding: Signature.jpeg)
    try folder.file("in/really_png.jpeg", holding: Signature.png)
    let plan = try plan([folder["in"]])
    #expect(
      names(plan) == [
        "in/really_jpeg.png → out/really_jpeg.jpg", "in/really_png.jpeg → out/really_png.png",
      ])
    #expect(plan.items.map(\.format) == [.jpeg, .png])
  }

  @Test func extensionFollowsTheWrittenFormat() throws {
    for name in ["a.png", "b.PNG", "c.v2.png"] {
      try folder.file("in/\(name)", holding: Signature.png)
    }
    for name in ["d.jpg", "e.JPEG", "f.Jpg"] {
      try folder.file("in/\(name)", holding: Signature.jpeg)
    }
    #expect(
      try plan([folder["in"]], format: .jpeg).items.map { $0.output.lastComponent?.string }
        == ["a.jpg", "b.jpg", "c.v2.jpg", "d.jpg", "e.JPEG", "f.Jpg"])
    #expect(
      try plan([folder["in"]], format: .png).items.map { $0.output.lastComponent?.string }
        == ["a.png", "b.PNG", "c.v2.png", "d.png", "e.png", "f.png"])
  }

  @Test func fileNamedAsOutputSaysItsFormat() throws {
    let input = try folder.file("in/a.png", holding: Signature.png)
    let plan = try plan([input], to: .file(folder["elsewhere/b.JPG"]))
    #expect(names(plan) == ["in/a.png → elsewhere/b.JPG"])
    #expect(plan.items.map(\.format) == [.jpeg])
  }

  // Names are bytes

  /// Bytes that are no UTF-8, a newline, a percent sign, a leading dash, a space, an umlaut.
  @Test func namesAreTakenAsBytes() throws {
    let names: [[UInt8]] = [
      Array("-dash.png".utf8), Array("a\nb.png".utf8), Array("100%d.png".utf8),
      Array("sp ace.png".utf8), [0xFF, 0xFE] + Array(".png".utf8), [0xC3] + Array(".png".utf8),
      Array("ü.png".utf8),
    ]
    let directory = try folder.directory("in")
    for name in names {
      try folder.file(directory.appending(component(name)), holding: Signature.png)
    }
    let sorted = names.sorted { $0.lexicographicallyPrecedes($1) }
    for (format, suffix) in [(BatchPlan.Format.keep, ".png"), (.jpeg, ".jpg")] {
      let plan = try plan([directory], format: format)
      #expect(plan.items.map { bytes(of: $0.input.lastComponent) } == sorted)
      #expect(
        plan.items.map { bytes(of: $0.output.lastComponent) }
          == sorted.map { $0.dropLast(4) + Array(suffix.utf8) })
      #expect(plan.items.allSatisfy { $0.state == .pending })
    }
  }

  private func component(_ bytes: [UInt8]) throws -> FilePath.Component {
    let name = (bytes + [0]).map { CInterop.PlatformChar(bitPattern: $0) }
    return try #require(
      name.withUnsafeBufferPointer { buffer in
        buffer.baseAddress.flatMap { FilePath.Component(platformString: $0) }
      })
  }

  private func bytes(of component: FilePath.Component?) -> [UInt8] {
    component?.withPlatformString { name in
      (0..<strlen(name)).map { UInt8(bitPattern: name[$0]) }
    } ?? []
  }

  /// Not by locale or case, and an input named late comes where it belongs.
  @Test func itemsAreSortedByBytes() throws {
    for name in ["b.png", "B.png", "a10.png", "a9.png", "ä.png", "a.png", "a/x.png"] {
      try folder.file("in/\(name)", holding: Signature.png)
    }
    let last = try folder.file("before/z.png", holding: Signature.png)
    let plan = try plan([folder["in"], last], recursively: true)
    #expect(
      names(plan) == [
        "before/z.png → out/z.png", "in/B.png → out/B.png", "in/a.png → out/a.png",
        "in/a/x.png → out/a/x.png", "in/a10.png → out/a10.png", "in/a9.png → out/a9.png",
        "in/b.png → out/b.png", "in/ä.png → out/ä.png",
      ])
  }

  // What is not walked

  @Test func outputInsideTheInputTreeIsNotWalked() throws {
    try folder.file("in/a.png", holding: Signature.png)
    try folder.file("in/x/painted/a.png", holding: Signature.png)
    try folder.file("in/x/painted/deeper/b.png", holding: Signature.png)
    let plan = try plan(
      [folder["in"]], to: .directory(folder["in/x/painted"]), recursively: true, existing: .replace)
    #expect(names(plan) == ["in/a.png → in/x/painted/a.png"])
    #expect(plan.passedOver == .init())
  }

  @Test func linksThatLeadRoundEnd() throws {
    try folder.file("in/x/a.png", holding: Signature.png)
    try folder.symbolicLink("in/x/up", to: folder["in"])
    try folder.symbolicLink("in/x/self", to: FilePath("."))
    let plan = try plan([folder["in"]], recursively: true)
    #expect(names(plan) == ["in/x/a.png → out/x/a.png"])
  }

  /// Opening a pipe that nobody writes to would wait for ever.
  @Test func pipesAndDirectoriesAreNoPictures() throws {
    try folder.file("in/a.png", holding: Signature.png)
    try folder.directory("in/directory.png")
    try #require(mkfifo(folder["in/pipe.png"].string, 0o600) == 0)
    let plan = try plan([folder["in"]])
    #expect(names(plan) == ["in/a.png → out/a.png"])
    #expect(plan.passedOver.files == [folder["in/pipe.png"]])
    #expect(plan.passedOver.directories == 1)
  }

  @Test func linksToPicturesArePictures() throws {
    let file = try folder.file("elsewhere/b.png", holding: Signature.png)
    try folder.directory("in")
    try folder.symbolicLink("in/a.png", to: file)
    #expect(try names(plan([folder["in"]])) == ["in/a.png → out/a.png"])
  }

  // What fails alone

  @Test func inputsThatAreNoPicturesFailAlone() throws {
    try folder.file("in/a.png", holding: Signature.png)
    try folder.file("in/empty.jpg", holding: [])
    try folder.file("in/text.png", holding: Signature.text)
    try folder.symbolicLink("in/nowhere.png", to: folder["nothing"])
    let missing = folder["missing.png"]
    let plan = try plan([folder["in"], missing])
    #expect(
      plan.items.map(\.state) == [
        .pending, .failed(.image(.empty)),
        .failed(.image(.unreadable(.noSuchFileOrDirectory))),
        .failed(.image(.unknownFormat(Signature.text))),
        .failed(.image(.unreadable(.noSuchFileOrDirectory))),
      ])
    #expect(plan.items.last?.input == missing)
  }

  /// It wants no output: not even one that a picture of its name, or another such, wants.
  @Test func directoryThatCannotBeListedFailsAlone() throws {
    try folder.file("in/a.png", holding: Signature.png)
    let closed = try [folder.directory("in/a"), folder.directory("x"), folder.directory("y")]
    for path in closed { chmod(path.string, 0) }
    chmod(try folder.directory("out").string, 0o777)
    defer { for path in closed { chmod(path.string, 0o700) } }
    let plan = try withoutPrivileges {
      try self.plan([folder["y"], folder["x"], folder["in"], folder["y"]], recursively: true)
    }
    #expect(plan.items.map(\.input) == [folder["in/a.png"], closed[0], closed[1], closed[2]])
    let failed = BatchPlan.Item.State.failed(.unreadableDirectory(.permissionDenied))
    #expect(plan.items.map(\.state) == [.pending, failed, failed, failed])
  }

  /// Nor does a file that is no picture.
  @Test func filesThatAreNoPicturesWantNoOutput() throws {
    try folder.file("x/a.png", holding: Signature.text)
    try folder.file("y/a.png", holding: Signature.text)
    try folder.file("z/a.png", holding: Signature.png)
    let plan = try plan([folder["x"], folder["y"], folder["z"]])
    #expect(plan.items.map { $0.state == .pending } == [false, false, true])
  }

  /// Root lists every directory; here this thread, and no other, looks at files as nobody does.
  private func withoutPrivileges<Result>(_ body: () throws -> Result) throws -> Result {
    guard geteuid() == 0 else { return try body() }
    // Linux's setfsuid(2), of a header that Swift doesn't import.
    let symbol = try #require(dlsym(nil, "setfsuid"))
    let setUser = unsafeBitCast(symbol, to: (@convention(c) (uid_t) -> CInt).self)
    _ = setUser(65_534)
    defer { _ = setUser(0) }
    return try body()
  }

  // What refuses the run

  @Test func inputsThatWantOneOutputRefuseTheRun() throws {
    let a = try folder.file("x/a.png", holding: Signature.png)
    let b = try folder.file("y/a.png", holding: Signature.png)
    let c = try folder.file("y/a.jpg", holding: Signature.jpeg)
    let first = OutputClash(
      folder["out/a.png"], [a, b], cause: .directories(below: folder.path))
    #expect(throws: BatchPlanError.clashes([first])) { try plan([b, a]) }
    let second = OutputClash(folder["out/a.jpg"], [c, b], cause: .format)
    #expect(throws: BatchPlanError.clashes([second])) { try plan([folder["y"]], format: .jpeg) }
    #expect(try plan([folder["y"]]).items.count == 2)
  }

  /// By its own name, a name on the way or a link's, and one that is missing.
  @Test func fileNamedTwiceIsDoneOnce() throws {
    let a = try folder.file("in/a.png", holding: Signature.png)
    let missing = folder["in/missing.png"]
    let plan = try plan([a, folder["in"], missing, a, missing])
    #expect(names(plan) == ["in/a.png → out/a.png", "in/missing.png → out/missing.png"])
    try folder.symbolicLink("link", to: folder["in"])
    let detours = try self.plan([a, folder["in/../in/a.png"], folder["link"]])
    #expect(names(detours) == ["in/../in/a.png → out/a.png"])
    // Missing ones want no output.
    #expect(try self.plan([folder["x/b.png"], folder["y/b.png"]]).items.count == 2)
  }

  @Test(arguments: [false, true])
  func outputThatIsAnInputRefusesTheRun(_ overwrites: Bool) throws {
    let existing: ExistingOutputs = overwrites ? .replace : .leave
    let a = try folder.file("in/a.png", holding: Signature.png)
    #expect(throws: BatchPlanError.outputIsInput(output: a, input: a)) {
      try plan([a], to: .file(a), existing: existing)
    }
    #expect(throws: BatchPlanError.outputIsInput(output: a, input: a)) {
      try plan([folder["in"]], to: .directory(folder["in"]), existing: existing)
    }
    // Another input's, whose own output is elsewhere.
    let b = try folder.file("in/a.jpg", holding: Signature.jpeg)
    #expect(throws: BatchPlanError.outputIsInput(output: a, input: a)) {
      try plan([a, b], to: .directory(folder["in"]), format: .png, existing: existing)
    }
  }

  /// Under other names: the output is a link to the input, the input one to the output, both are
  /// names of one file, the output's directory is a link to the input's.
  @Test func outputIsAnInputUnderWhateverName() throws {
    let a = try folder.file("in/a.png", holding: Signature.png)
    let link = try folder.symbolicLink("link.png", to: a)
    let other = try folder.hardLink("other.png", to: a)
    let directory = try folder.symbolicLink("directory", to: folder["in"])
    for (input, output) in [(a, link), (link, a), (a, other), (other, a)] {
      #expect(throws: BatchPlanError.outputIsInput(output: output, input: input)) {
        try plan([input], to: .file(output), existing: .replace)
      }
    }
    #expect(
      throws: BatchPlanError.outputIsInput(output: directory.appending("a.png"), input: a)
    ) {
      try plan([folder["in"]], to: .directory(directory), existing: .replace)
    }
  }

  @Test func noPicturesRefuseTheRun() throws {
    try folder.file("in/notes.txt", holding: Signature.text)
    try folder.file("in/x/a.png", holding: Signature.png)
    try folder.directory("in/y")
    #expect(throws: BatchPlanError.noPictures(passedOverFiles: 1, passedOverDirectories: 2)) {
      try plan([folder["in"]])
    }
    #expect(throws: BatchPlanError.noPictures(passedOverFiles: 0, passedOverDirectories: 0)) {
      try plan([])
    }
  }

  // Paths that are kept

  @Test func aListsPathsAreKeptFromWhatHoldsItAll() throws {
    for name in ["in/x/a.png", "in/x/y/a.png", "in/z.png"] {
      try folder.file(name, holding: Signature.png)
    }
    let plan = try BatchPlan(
      inputs: [folder["in/x/a.png"]],
      listed: PathList([folder["in/x/y/a.png"], folder["in/z.png"]]),
      target: .directory(folder["out"]), recursively: false, format: .keep, existing: .leave)
    #expect(
      names(plan) == [
        "in/x/a.png → out/a.png", "in/x/y/a.png → out/x/y/a.png", "in/z.png → out/z.png",
      ])
  }

  @Test func allPathsAreKeptFromTheBaseOn() throws {
    for name in ["in/x/a.png", "in/y/a.png"] { try folder.file(name, holding: Signature.png) }
    let (x, y) = (folder["in/x/a.png"], folder["in/y"])
    func plan(below base: String) throws(BatchPlanError) -> BatchPlan {
      try BatchPlan(
        inputs: [x], listed: PathList([y]), base: folder[base], target: .directory(folder["out"]),
        recursively: false, format: .keep, existing: .leave)
    }
    #expect(
      try names(plan(below: "in"))
        == ["in/x/a.png → out/x/a.png", "in/y/a.png → out/y/a.png"])
    #expect(throws: BatchPlanError.notBelow(base: folder["in/x"], inputs: [y])) {
      try plan(below: "in/x")
    }
  }

  // What is there already

  @Test func existingOutputsAreSkippedOrReplaced() throws {
    try folder.file("in/a.png", holding: Signature.png)
    try folder.file("in/b.png", holding: Signature.png)
    try folder.file("in/empty.png", holding: [])
    try folder.file("out/a.png", holding: Signature.text)
    try folder.file("out/empty.png", holding: Signature.text)
    let skipping = try plan([folder["in"]])
    #expect(skipping.items.map(\.state) == [.skipped, .pending, .failed(.image(.empty))])
    #expect(skipping.items.allSatisfy { !$0.replaces })
    let replacing = try plan([folder["in"]], existing: .replace)
    #expect(replacing.items.map(\.state) == [.pending, .pending, .failed(.image(.empty))])
    #expect(replacing.items.map(\.replaces) == [true, true, false])
  }

  @Test func fileNamedAsOutputIsNotReplacedUnasked() throws {
    let a = try folder.file("a.png", holding: Signature.png)
    let output = try folder.file("b.png", holding: Signature.text)
    #expect(throws: BatchPlanError.outputExists(output)) { try plan([a], to: .file(output)) }
    #expect(
      try plan([a], to: .file(output), existing: .replace).items.map(\.state) == [.pending])
  }

  // Several styles

  @Test func everyStyleHasADirectoryOfItsOwn() throws {
    for name in ["in/b.png", "in/deep/a.png"] { try folder.file(name, holding: Signature.png) }
    try folder.file("out/wave/b.jpg", holding: Signature.jpeg)
    let plan = try plan(
      [folder["in"]], recursively: true, format: .jpeg, styles: ["wave", "mural"])
    #expect(
      names(plan) == [
        "in/b.png → out/wave/b.jpg", "in/b.png → out/mural/b.jpg",
        "in/deep/a.png → out/wave/deep/a.jpg", "in/deep/a.png → out/mural/deep/a.jpg",
      ])
    #expect(plan.items.map(\.style) == [0, 1, 0, 1])
    #expect(plan.items.map(\.state) == [.skipped, .pending, .pending, .pending])
  }

  /// Whether it can be read or not.
  @Test func aPictureNamedTwiceIsDoneOnceInEveryStyle() throws {
    try folder.file("in/a.png", holding: Signature.png)
    try folder.file("in/b.png", holding: Signature.text)
    let plan = try plan(
      [folder["in"], folder["in/b.png"], folder["in/a.png"]], styles: ["wave", "mural"])
    #expect(
      names(plan) == [
        "in/a.png → out/wave/a.png", "in/a.png → out/mural/a.png", "in/b.png → out/wave/b.png",
        "in/b.png → out/mural/b.png",
      ])
  }

  @Test func anInputAmongTheOutputsOfAnyStyleIsRefused() throws {
    for name in ["in/a.png", "out/mural/a.png"] { try folder.file(name, holding: Signature.png) }
    let (input, output) = (folder["in/a.png"], folder["out/mural/a.png"])
    #expect(throws: BatchPlanError.outputIsInput(output: output, input: output)) {
      try plan([input, output], styles: ["wave", "mural"], existing: .replace)
    }
  }
}
