import Foundation
import ImageFiles
import Layers
import StyleEngine
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

@Suite(.deadline(minutes: 2)) struct BatchRunTests {
  let folder: TemporaryFolder
  let network: StyleNetwork

  init() throws {
    folder = try TemporaryFolder()
    network = try smallNetwork()
  }

  /// What is told of a run, and whatever a test wants to happen on the way.
  struct Outcome {
    let report: BatchReport
    let events: [BatchEvent]
    let control: BatchControl

    /// The notes of the picture of this name, nil where it wasn't done.
    func notes(_ name: String) -> [BatchNote]? {
      for event in events where event.item.input.lastComponent?.string == name {
        if case .done(_, _, let notes, _) = event.outcome { return notes }
      }
      return nil
    }
  }

  func run(
    _ stylization: Stylization = Stylization(normalization: .instance), to output: String = "out",
    jobs: Int = 1, batchSize: Int = 8, failFast: Bool = false, format: BatchPlan.Format = .keep,
    existing: ExistingOutputs = .leave, memory: Int = .max, scratch: FilePath? = nil,
    control: BatchControl = BatchControl(),
    observe: @escaping @Sendable (BatchEvent) -> Void = { _ in }
  ) throws -> Outcome {
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder[output]), recursively: true,
      format: format, existing: existing)
    var options = BatchRun.Options()
    options.jobs = jobs
    options.batchSize = batchSize
    options.failFast = failFast
    options.memory = memory
    options.scratch = scratch
    let events = Mutex<[BatchEvent]>([])
    let report = try BatchRun(
      plan, styles: [BatchRun.Style(network, stylization: stylization)],
      options: options, control: control
    ) { event in
      events.withLock { $0.append(event) }
      observe(event)
    }.run()
    return Outcome(report: report, events: events.withLock { $0 }, control: control)
  }

  /// Pictures of different sizes, `in/0.png` and so on.
  @discardableResult
  func photographs(_ count: Int) throws -> [Image] {
    try (0..<count).map { index in
      let image = Image(randomWidth: 9 + index, height: 14 - index % 5, seed: UInt64(index + 1))
      try folder.directory("in")
      try image.write(folder["in/\(index).png"])
      return image
    }
  }

  /// A PNG that ends in the middle of its pixels.
  func corrupt(_ name: String) throws {
    try folder.directory("in")
    let whole = Image(randomWidth: 20, height: 20)
    try whole.write(folder["whole"])
    let bytes = try folder.bytes("whole")
    try folder.file(name, holding: Array(bytes.prefix(bytes.count / 2)))
  }

  /// What the network makes of a picture, clamped and rounded.
  func repainted(
    _ images: [Image], _ normalization: Normalization = .instance
  ) throws -> [[UInt8]] {
    let stored = try images.map { try StoredImage($0) }
    let results = try stored.map {
      try StylizedImage($0, Stylization(normalization: normalization))
    }
    try withExtendedLifetime(results) {
      try NetworkExecution(network, workers: 1)
        .run(results.map(\.picture), normalization: normalization)
    }
    return try stored.map { try Image($0).bytes }
  }

  @Test(arguments: [1, 3])
  func everyPictureIsRepainted(_ jobs: Int) throws {
    let images = try photographs(7)
    let outcome = try run(jobs: jobs)
    #expect(outcome.report.done == 7)
    #expect(outcome.report.skipped == 0 && outcome.report.failures.isEmpty)
    #expect(!outcome.report.endedEarly)
    #expect(outcome.control.progress == (7, 7, 1))
    #expect(outcome.events.count == 7)
    for (index, image) in images.enumerated() {
      let found = try Image(decoding: folder["out/\(index).png"])
      #expect(found.width == image.width && found.height == image.height)
      #expect(try [found.bytes] == repainted([image]))
      #expect(found.bytes != image.bytes)
    }
    #expect(folder.files.count == 14)
    for event in outcome.events {
      guard case .done(let width, let height, let notes, _) = event.outcome else {
        Issue.record("\(event)")
        continue
      }
      let written = try Image(decoding: event.item.output)
      #expect(width == written.width && height == written.height && notes == [])
    }
  }

  /// The same bytes whatever the number of threads, and again.
  @Test func runsGiveTheSameBytes() throws {
    try photographs(4)
    for (output, jobs) in [("one", 1), ("two", 2), ("again", 2)] {
      #expect(try run(to: output, jobs: jobs).report.done == 4)
    }
    for index in 0..<4 {
      let bytes = try folder.bytes("one/\(index).png")
      #expect(try folder.bytes("two/\(index).png") == bytes)
      #expect(try folder.bytes("again/\(index).png") == bytes)
    }
  }

  @Test(arguments: [1, 2])
  func onePictureFailsAlone(_ jobs: Int) throws {
    try photographs(5)
    try corrupt("in/2.png")
    try folder.file("in/empty.jpg", holding: [])
    try folder.file("in/text.png", holding: Signature.text)
    let outcome = try run(jobs: jobs)
    #expect(outcome.report.done == 4)
    #expect(!outcome.report.endedEarly)
    #expect(outcome.control.progress.finished == 7)
    var failures: [FilePath: ItemError] = [:]
    for failure in outcome.report.failures { failures[failure.input] = failure.error }
    #expect(failures.count == 3)
    #expect(failures[folder["in/empty.jpg"]] == .image(.empty))
    #expect(failures[folder["in/text.png"]] == .image(.unknownFormat(Signature.text)))
    guard case .image(.damaged) = failures[folder["in/2.png"]] else {
      Issue.record("\(outcome.report.failures)")
      return
    }
    #expect(
      folder.files.filter { $0.hasPrefix("out/") }
        == ["out/0.png", "out/1.png", "out/3.png", "out/4.png"])
  }

  @Test func firstFailureEndsTheRunOnRequest() throws {
    try photographs(6)
    try corrupt("in/0.png")
    let outcome = try run(failFast: true)
    #expect(outcome.report.failures.map(\.input) == [folder["in/0.png"]])
    #expect(outcome.report.done == 0)
    #expect(outcome.report.endedEarly)
    #expect(!folder.files.contains { $0.hasPrefix("out/") })
  }

  @Test func cancelledRunLeavesNothingHalfDone() throws {
    try photographs(12)
    let control = BatchControl()
    let outcome = try run(control: control) { event in
      if case .done = event.outcome { control.cancel() }
    }
    #expect(outcome.report.done == 1)
    #expect(outcome.report.failures.isEmpty)
    #expect(outcome.report.endedEarly)
    // The one that was complete stays; no other file, hidden ones counted.
    #expect(folder.files.filter { $0.hasPrefix("out/") } == ["out/0.png"])
    _ = try Image(decoding: folder["out/0.png"])
    // A second run does the rest.
    let second = try run()
    #expect(second.report.done == 11 && second.report.skipped == 1)
    #expect(!second.report.endedEarly)
  }

  @Test func runCancelledBeforehandDoesNothing() throws {
    try photographs(3)
    let control = BatchControl()
    control.cancel()
    let outcome = try run(jobs: 2, control: control)
    #expect(outcome.report.done == 0 && outcome.report.endedEarly && outcome.events.isEmpty)
    #expect(!folder.files.contains { $0.hasPrefix("out") })
  }

  @Test func existingOutputsAreSkippedOrReplaced() throws {
    try photographs(3)
    try folder.file("out/1.png", holding: Signature.text)
    let skipping = try run()
    #expect(skipping.report.done == 2 && skipping.report.skipped == 1)
    #expect(!skipping.report.endedEarly)
    #expect(try folder.bytes("out/1.png") == Signature.text)
    let replacing = try run(existing: .replace)
    #expect(replacing.report.done == 3 && replacing.report.skipped == 0)
    _ = try Image(decoding: folder["out/1.png"])
  }

  // Live batches

  static let live = Stylization(normalization: .batchLive)

  @Test func liveBatchesAreNeighboursInThePlan() throws {
    let images = try photographs(5)
    let outcome = try run(Self.live, batchSize: 2)
    #expect(outcome.report.done == 5)
    for first in [0, 2, 4] {
      let members = Array(images[first..<min(first + 2, 5)])
      for (index, expected) in try repainted(members, .batchLive).enumerated() {
        #expect(try Image(decoding: folder["out/\(first + index).png"]).bytes == expected)
      }
    }
    #expect(outcome.events.count == 5)
    #expect((0..<5).allSatisfy { outcome.notes("\($0).png") == [] })
  }

  /// What was skipped is read for company: the second run gives what the first gave.
  @Test func skippedMembersKeepCompany() throws {
    try photographs(4)
    _ = try run(Self.live, to: "first", batchSize: 3)
    try folder.file("out/0.png", holding: Signature.text)
    try folder.file("out/3.png", holding: Signature.text)
    let outcome = try run(Self.live, batchSize: 3)
    #expect(outcome.report.done == 2 && outcome.report.skipped == 2)
    for index in [1, 2] {
      #expect(try folder.bytes("out/\(index).png") == folder.bytes("first/\(index).png"))
    }
    #expect(try folder.bytes("out/0.png") == Signature.text)
  }

  @Test func failedMemberLeavesItsGroupAndThatIsSaid() throws {
    let images = try photographs(4)
    try corrupt("in/1.png")
    let outcome = try run(Self.live, batchSize: 2)
    #expect(outcome.report.done == 3)
    #expect(outcome.report.failures.map(\.input) == [folder["in/1.png"]])
    #expect(
      outcome.notes("0.png") == [.missingCompany(pictures: 1, without: [folder["in/1.png"]])])
    #expect(outcome.notes("2.png") == [])
    // A live batch of one is instance norm.
    #expect(try [Image(decoding: folder["out/0.png"]).bytes] == repainted([images[0]]))
  }

  /// Skipped itself, it is no failure; that it is missing is said all the same.
  @Test func skippedMemberThatCannotBeReadIsNoFailure() throws {
    try photographs(2)
    try corrupt("in/1.png")
    try folder.file("out/1.png", holding: Signature.text)
    let outcome = try run(Self.live, batchSize: 2)
    #expect(outcome.report.done == 1 && outcome.report.skipped == 1)
    #expect(outcome.report.failures.isEmpty)
    #expect(
      outcome.notes("0.png") == [.missingCompany(pictures: 1, without: [folder["in/1.png"]])])
  }

  // Strength, formats, places

  @Test func strengthZeroGivesTheDecodedPicture() throws {
    let images = try photographs(3)
    let outcome = try run(Stylization(normalization: .instance, strength: 0), jobs: 2)
    #expect(outcome.report.done == 3)
    for (index, image) in images.enumerated() {
      #expect(try Image(decoding: folder["out/\(index).png"]) == image)
    }
  }

  /// Without the network there are no statistics to share, and none to speak of.
  @Test func strengthZeroFormsNoLiveBatches() throws {
    try photographs(2)
    try corrupt("in/1.png")
    let outcome = try run(Stylization(normalization: .batchLive, strength: 0))
    #expect(outcome.report.done == 1 && outcome.report.failures.count == 1)
    #expect(outcome.notes("0.png") == [])
  }

  /// Without the network nothing is asked of it.
  @Test func strengthZeroNeedsNoStatistics() throws {
    try photographs(1)
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false, format: .keep,
      existing: .leave)
    let bare = try smallNetwork(statistics: false)
    func report(_ strength: Float) throws -> BatchReport {
      try BatchRun(
        plan,
        styles: [
          BatchRun.Style(bare, stylization: Stylization(normalization: .batch, strength: strength))
        ],
        options: BatchRun.Options(), control: BatchControl()
      ) { _ in }.run()
    }
    #expect(throws: StyleNetworkError.noStoredStatistics(style: "small")) { try report(1) }
    #expect(try report(0).done == 1)
  }

  @Test func transparentPictureAsJPEGIsTold() throws {
    try folder.directory("in")
    try Image(randomWidth: 8, height: 8, hasAlpha: true).write(folder["in/clear.png"])
    try Image(randomWidth: 8, height: 8).write(folder["in/plain.png"])
    let opaque = Image(
      width: 2, height: 1, pixels: PixelFormat(hasAlpha: true), bytes: [1, 2, 3, 255, 4, 5, 6, 255])
    try opaque.write(folder["in/opaque.png"])
    let outcome = try run(format: .jpeg)
    #expect(outcome.report.done == 3)
    #expect(outcome.notes("opaque.png") == [])
    #expect(outcome.notes("clear.png") == [.image(.laidOverWhite)])
    #expect(outcome.notes("plain.png") == [])
    #expect(try ImageFile.format(of: folder["out/clear.jpg"]) == .jpeg)
    let kept = try run(to: "kept")
    #expect(kept.notes("clear.png") == [])
    #expect(try Image(decoding: folder["kept/clear.png"]).pixels.hasAlpha)
  }

  /// A file that comes too late to refuse the run stands where the directory should be; directories
  /// below others are made.
  @Test func outputThatCannotBeWrittenFailsItsPicture() throws {
    try photographs(1)
    try folder.directory("in/x")
    try folder.directory("in/y")
    try Image(randomWidth: 8, height: 8).write(folder["in/x/a.png"])
    try Image(randomWidth: 8, height: 8).write(folder["in/y/a.png"])
    let file = folder["out/x"]
    let outcome = try run { event in
      guard event.item.input.lastComponent == "0.png" else { return }
      _ = file.withPlatformString { close(creat($0, 0o600)) }
    }
    #expect(outcome.report.done == 2)
    #expect(
      outcome.report.failures == [
        .init(input: folder["in/x/a.png"], error: .outputDirectory(file, .notDirectory))
      ])
    #expect(folder.files.filter { $0.hasPrefix("out/") } == ["out/0.png", "out/x", "out/y/a.png"])
  }

  /// An output that appears meanwhile, another run's perhaps, is left as if it had been there before.
  @Test func outputThatAppearsMeanwhileIsNotReplaced() throws {
    try photographs(1)
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false, format: .keep,
      existing: .leave)
    try folder.file("out/0.png", holding: Signature.text)
    let report = try BatchRun(
      plan, styles: [BatchRun.Style(network, stylization: Stylization(normalization: .instance))],
      options: BatchRun.Options(), control: BatchControl()
    ) { _ in }.run()
    #expect(report.skipped == 1 && report.failures == [] && !report.endedEarly)
    #expect(try folder.bytes("out/0.png") == Signature.text)
  }

  @Test func limitsFailTheirPicture() throws {
    try photographs(2)
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false, format: .keep,
      existing: .leave)
    var options = BatchRun.Options()
    options.limits = ImageLimits(maximumPixels: 9 * 14)
    let report = try BatchRun(
      plan, styles: [BatchRun.Style(network, stylization: Stylization(normalization: .instance))],
      options: options,
      control: BatchControl()
    ) { _ in }.run()
    #expect(report.done == 1)
    #expect(
      report.failures == [
        .init(
          input: folder["in/1.png"],
          error: .image(.tooManyPixels(width: 10, height: 13, maximumPixels: 126)))
      ])
  }
}
