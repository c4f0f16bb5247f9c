import Foundation
import ImageFiles
import Layers
import StyleEngine
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

/// Pictures that come one after the other.
extension BatchRunTests {
  /// The pictures of `in`, `.png` or `.jpg`, as a stream with these bytes behind them, whose other end is
  /// still open where more may come.
  private func stream(
    _ names: [String], then rest: [UInt8] = [], staysOpen: Bool = false
  ) throws -> (pictures: PictureStream, end: FileDescriptor) {
    let ends = try FileDescriptor.pipe()
    let bytes = try names.flatMap { try folder.bytes("in/\($0)") } + rest
    try #require(bytes.count < 1 << 16, "a pipe holds it")
    _ = try ends.writeEnd.writeAll(bytes)
    if !staysOpen { try ends.writeEnd.close() }
    return (try #require(try PictureStream.pictures(owning: ends.readEnd)), ends.writeEnd)
  }

  private func run(
    _ stream: PictureStream, _ stylization: Stylization = Stylization(normalization: .instance),
    to output: String = "out", jobs: Int = 1, batchSize: Int = 8,
    existing: ExistingOutputs = .leave,
    format: BatchPlan.Format = .keep, styles: [FilePath.Component] = [],
    control: BatchControl = BatchControl(),
    observe: @escaping @Sendable (BatchEvent) -> Void = { _ in }
  ) throws -> Outcome {
    let plan = try BatchPlan(
      stream: stream, target: .directory(folder[output]), format: format, styles: styles,
      existing: existing)
    var options = BatchRun.Options()
    (options.jobs, options.batchSize) = (jobs, batchSize)
    let events = Mutex<[BatchEvent]>([])
    let style = BatchRun.Style(network, stylization: stylization)
    let report = try BatchRun(
      plan, styles: Array(repeating: style, count: max(1, styles.count)), options: options,
      control: control
    ) { event in
      events.withLock { $0.append(event) }
      observe(event)
    }.run()
    return Outcome(report: report, events: events.withLock { $0 }, control: control)
  }

  private func inputs(_ outcome: Outcome) -> Set<FilePath> {
    Set(outcome.events.map(\.item.input))
  }

  @Test(arguments: [(2, 1), (2, 3), (7, 1), (7, 3)], [Float(0), 1])
  func aStreamIsPaintedLikeFiles(_ counts: (pictures: Int, jobs: Int), _ strength: Float) throws {
    let (count, jobs) = counts
    try photographs(count)
    let whole = Stylization(normalization: .instance, strength: strength)
    #expect(try run(whole, to: "expected").report.done == count)
    let names = (0..<count).map { "\($0).png" }
    let outcome = try run(stream(names).pictures, whole, jobs: jobs)
    #expect(outcome.report.done == count && outcome.report.failures.isEmpty)
    #expect(!outcome.report.endedEarly)
    #expect(inputs(outcome) == Set((1...count).map { FilePath("-#\($0)") }))
    // Nobody knows how many there will be.
    #expect(outcome.control.progress == (count, nil, 0))
    for (index, name) in names.enumerated() {
      #expect(
        try folder.bytes("out/00000\(index + 1).png") == folder.bytes("expected/\(name)"))
    }
    #expect(folder.files.count { $0.hasPrefix("out") } == count)
  }

  @Test func aStreamKeepsEachFormatUnlessOneIsNamed() throws {
    try photographs(2)
    let image = Image(randomWidth: 12, height: 10, seed: 9)
    try image.write(folder["in/2.jpg"], as: .jpeg)
    let names = ["0.png", "2.jpg", "1.png"]
    _ = try run(stream(names).pictures)
    _ = try run(stream(names).pictures, to: "jpeg", format: .jpeg)
    #expect(
      folder.files.filter { !$0.hasPrefix("in") } == [
        "jpeg/000001.jpg", "jpeg/000002.jpg", "jpeg/000003.jpg",
        "out/000001.png", "out/000002.jpg", "out/000003.png",
      ])
  }

  @Test func whatIsThereAlreadyIsSkippedInAStream() throws {
    try photographs(3)
    let names = ["0.png", "1.png", "2.png"]
    try folder.file("out/000002.png", holding: "there")
    let outcome = try run(stream(names).pictures)
    #expect((outcome.report.done, outcome.report.skipped) == (2, 1))
    #expect(outcome.control.progress.finished == 2)
    #expect(folder.content(of: "out/000002.png") == "there")
    #expect(try run(stream(names).pictures).report.skipped == 3)
    #expect(try run(stream(names).pictures, existing: .replace).report.done == 3)
    #expect(try Image(decoding: folder["out/000002.png"]).width == 10)
  }

  @Test func oneOfAStreamFailsAlone() throws {
    try photographs(3)
    var bytes = try folder.bytes("in/1.png")
    bytes[60] ^= 0xFF
    try folder.file("in/1.png", holding: bytes)
    let outcome = try run(stream(["0.png", "1.png", "2.png"]).pictures)
    #expect(outcome.report.done == 2 && !outcome.report.endedEarly)
    #expect(outcome.report.failures.map(\.input) == ["-#2"])
    #expect(
      folder.files.filter { $0.hasPrefix("out") } == ["out/000001.png", "out/000003.png"])
  }

  @Test(arguments: [Float(0), 1]) func strayBytesEndAStreamAsAFailure(_ strength: Float) throws {
    try photographs(2)
    let size = try folder.bytes("in/0.png").count + folder.bytes("in/1.png").count
    let outcome = try run(
      stream(["0.png", "1.png"], then: [1, 2, 3]).pictures,
      Stylization(normalization: .instance, strength: strength))
    #expect(outcome.report.done == 2 && !outcome.report.endedEarly)
    #expect(
      outcome.report.failures == [
        .init(input: "-#3", error: .image(.strayBytes([1, 2, 3], offset: size, pictures: 2)))
      ])
    #expect(
      folder.files.filter { $0.hasPrefix("out") } == ["out/000001.png", "out/000002.png"])
  }

  @Test func liveBatchesOfAStreamAreNeighbours() throws {
    let images = try photographs(5)
    let names = (0..<5).map { "\($0).png" }
    let outcome = try run(stream(names).pictures, Self.live, batchSize: 2)
    #expect(outcome.report.done == 5)
    for group in [0..<2, 2..<4, 4..<5] {
      let expected = try repainted(Array(images[group]), .batchLive)
      for (index, bytes) in zip(group, expected) {
        #expect(try Image(decoding: folder["out/00000\(index + 1).png"]).bytes == bytes)
      }
    }
  }

  @Test func aStreamIsPaintedInSeveralStyles() throws {
    try photographs(2)
    let styles = ["one", "two"].compactMap { FilePath.Component($0) }
    let outcome = try run(stream(["0.png", "1.png"], then: [7]).pictures, styles: styles)
    #expect(outcome.report.done == 4 && outcome.report.failures.count == 2)
    #expect(!outcome.report.endedEarly)
    #expect(
      folder.files.filter { $0.hasPrefix("out") } == [
        "out/one/000001.png", "out/one/000002.png", "out/two/000001.png", "out/two/000002.png",
      ])
  }

  @Test(arguments: [Float(0), 1]) func aStreamThatFallsSilentCanBeEnded(_ strength: Float) throws {
    try photographs(2)
    let control = BatchControl()
    let (pictures, end) = try stream(["0.png", "1.png"], staysOpen: true)
    defer { try? end.close() }
    let outcome = try run(
      pictures, Stylization(normalization: .instance, strength: strength), control: control
    ) { event in
      if event.item.input == "-#2" { control.cancel() }
    }
    #expect(outcome.report.done == 2 && outcome.report.endedEarly)
    #expect(
      folder.files.filter { $0.hasPrefix("out") } == ["out/000001.png", "out/000002.png"])
  }

  @Test func aStreamIsForecastAsItsFirst() throws {
    try photographs(2)
    let plan = try BatchPlan(
      stream: stream(["0.png", "1.png"]).pictures, target: .file("-"), format: .jpeg,
      existing: .leave)
    #expect(plan.items.map(\.format) == [.jpeg])
    let run = try BatchRun(
      plan, styles: [BatchRun.Style(network, stylization: Stylization(normalization: .instance))],
      options: .init(), control: BatchControl(), observe: { _ in })
    var outcomes: [BatchForecast.Outcome] = []
    run.forecast { outcomes.append($0.outcome) }
    #expect(outcomes.count == 1)
    guard case .streamed? = outcomes.first else {
      Issue.record("\(outcomes)")
      return
    }
  }

  @Test func aStreamIsRefusedBeforeWork() throws {
    try photographs(2)
    let names = ["0.png", "1.png"]
    func plan(_ target: BatchPlan.Target, existing: ExistingOutputs = .leave) throws {
      _ = try BatchPlan(
        stream: stream(names).pictures, target: target, format: .keep, existing: existing)
    }
    #expect(throws: BatchPlanError.severalPictures(output: "a.png")) { try plan(.file("a.png")) }
    let file = try folder.file("taken", holding: "")
    #expect(throws: BatchPlanError.closed([ClosedPlace(file, .notDirectory)])) {
      try plan(.directory(file))
    }
  }
}
