import ImageFiles
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct PlannedOutputsTests {
  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    try folder.file("in/A.png")
    try folder.file("in/a.png")
  }

  private func item(_ input: String, _ output: String, style: Int = 0) -> BatchPlan.Item {
    BatchPlan.Item(input: folder[input], output: folder[output], format: .png, style: style)
  }

  private func checked(
    _ items: [BatchPlan.Item], existing: ExistingOutputs = .leave, isCaseless: Bool = false
  ) throws(BatchPlanError) -> [BatchPlan.Item] {
    var outputs = PlannedOutputs(
      .directory(folder["out"]), .keep, existing: existing, areOne: { _, _ in isCaseless })
    return try outputs.checked(items)
  }

  @Test func namesThatDifferInCaseClashWhereTheDiskSaysSo() throws {
    let items = [item("in/A.png", "out/A.png"), item("in/a.png", "out/a.png")]
    #expect(try checked(items) == items)
    let clash = OutputClash(
      folder["out/A.png"], [folder["in/A.png"], folder["in/a.png"]], cause: .caseless)
    #expect(throws: BatchPlanError.clashes([clash])) { try checked(items, isCaseless: true) }
  }

  /// Two styles' directories may be one, too, but one file under two names is done once.
  @Test func onePictureClashesWithItselfInAnotherStyleAlone() throws {
    let styles = [
      item("in/a.png", "out/Sea/a.png"), item("in/a.png", "out/sea/a.png", style: 1),
    ]
    let clash = OutputClash(
      folder["out/Sea/a.png"], [folder["in/a.png"], folder["in/a.png"]], cause: .caseless)
    #expect(throws: BatchPlanError.clashes([clash])) { try checked(styles, isCaseless: true) }
    try folder.hardLink("in/b.png", to: folder["in/a.png"])
    let twice = [item("in/a.png", "out/b.png"), item("in/b.png", "out/B.png")]
    #expect(try checked(twice, isCaseless: true) == [twice[0]])
  }

  @Test func aLinkAndItsFileClashWhereTheyAreReplaced() throws {
    try folder.file("out/A.png")
    try folder.symbolicLink("out/a.png", to: "A.png")
    try folder.hardLink("out/b.png", to: folder["out/A.png"])
    let items = [item("in/A.png", "out/A.png"), item("in/a.png", "out/a.png")]
    #expect(try checked(items).map(\.state) == [.skipped, .skipped])
    let clash = OutputClash(folder["out/A.png"], [folder["in/A.png"], folder["in/a.png"]])
    #expect(throws: BatchPlanError.clashes([clash])) { try checked(items, existing: .replace) }
    // Hard links become files of their own.
    let others = [item("in/A.png", "out/A.png"), item("in/a.png", "out/b.png")]
    #expect(try checked(others, existing: .replace).map(\.output) == others.map(\.output))
  }

  @Test func whatIsNoFileRefusesARunThatReplaces() throws {
    try folder.directory("out/A.png")
    try folder.symbolicLink("out/a.png", to: "nowhere")
    let items = [item("in/A.png", "out/A.png"), item("in/a.png", "out/a.png")]
    #expect(try checked(items).map(\.state) == [.skipped, .skipped])
    #expect(
      throws: BatchPlanError.notReplaceable([
        .init(folder["out/A.png"], .directory),
        .init(folder["out/a.png"], .link(.noSuchFileOrDirectory)),
      ])
    ) { try checked(items, existing: .replace) }
    var single = PlannedOutputs(.file(folder["out/A.png"]), .keep, existing: .leave)
    #expect(
      throws: BatchPlanError.notReplaceable([.init(folder["out/A.png"], .directory)])
    ) { try single.checked([items[0]]) }
  }

  /// Each named once; and what is there already needs no room.
  @Test func closedPlacesRefuseTheRun() throws {
    try folder.file("file")
    try folder.file("out/a.png")
    let items = [
      item("in/A.png", "file/A.png"), item("in/a.png", "file/deep/a.png"),
      item("in/a.png", "out/a.png"),
    ]
    #expect(throws: BatchPlanError.closed([ClosedPlace(folder["file"], .notDirectory)])) {
      try checked(items)
    }
    #expect(try checked([items[2]]).map(\.state) == [.skipped])
  }
}
