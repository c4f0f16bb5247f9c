import ImageFiles
import Layers
import StyleEngine
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

/// How a run reads and writes: sizes, depths, damage.
@Suite(.deadline(minutes: 2)) struct PictureFilesTests {
  private let folder: TemporaryFolder
  private let network: StyleNetwork

  init() throws {
    folder = try TemporaryFolder()
    network = try smallNetwork()
    try folder.directory("in")
  }

  /// What became of `in/`, and the notes by the input's name.
  private func run(
    strength: Float, to output: String = "out", format: BatchPlan.Format = .keep,
    change: (inout BatchRun.Options) -> Void = { _ in }
  ) throws -> (report: BatchReport, notes: [String: [BatchNote]]) {
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder[output]), recursively: false,
      format: format, existing: .replace)
    var options = BatchRun.Options()
    change(&options)
    let notes = Mutex<[String: [BatchNote]]>([:])
    let report = try BatchRun(
      plan,
      styles: [
        BatchRun.Style(
          network, stylization: Stylization(normalization: .instance, strength: strength))
      ],
      options: options, control: BatchControl()
    ) { event in
      guard case .done(_, _, let said, _) = event.outcome,
        let name = event.item.input.lastComponent?.string
      else { return }
      notes.withLock { $0[name] = said }
    }.run()
    return (report, notes.withLock { $0 })
  }

  /// A picture of 16 bits, as large as asked for.
  private func deep(width: Int, height: Int, hasAlpha: Bool = false, low: UInt16 = 0) -> Image {
    let eight = Image(randomWidth: width, height: height, hasAlpha: hasAlpha)
    return Image(
      width: width, height: height, hasAlpha: hasAlpha,
      sixteenBit: eight.bytes.map { UInt16($0) * 257 + ($0 < 255 ? low : 0) })
  }

  // Sizes

  @Test(arguments: [
    (Resizing.none, 40, 30, 40, 30), (.maximumSide(20), 40, 30, 20, 15),
    (.maximumSide(20), 30, 40, 15, 20), (.maximumSide(40), 40, 30, 40, 30),
    (.maximumSide(41), 40, 30, 40, 30), (.maximumSide(3), 65_500, 2, 3, 1),
    (.scale(1), 40, 30, 40, 30), (.scale(0.5), 41, 31, 21, 16), (.scale(2), 40, 30, 80, 60),
    (.scale(1e-9), 65_500, 65_500, 1, 1),
  ])
  func sizesAreRoundedAndNeverNothing(
    _ resizing: Resizing, _ width: Int, _ height: Int, _ newWidth: Int, _ newHeight: Int
  ) {
    #expect(resizing.size(width: width, height: height) == (newWidth, newHeight))
  }

  @Test func theNetworkSeesTheResizedPicture() throws {
    try deep(width: 30, height: 22, low: 50).write(folder["in/a.png"])
    let source = try ImageFile.open(folder["in/a.png"])
    let small = try Image(reading: ResizedRows(source, width: 15, height: 11))
    let stored = try StoredImage(small, depth: .sixteen)
    let image = try StylizedImage(
      stored, Stylization(normalization: .instance), result: PixelFormat(depth: .sixteen))
    try withExtendedLifetime(image) {
      try NetworkExecution(network, workers: 1).run([image.picture], normalization: .instance)
    }
    let outcome = try run(strength: 1) {
      $0.resizing = .scale(0.5)
      $0.depth = .sixteen
    }
    #expect(outcome.report.done == 1)
    #expect(try Image(decoding: folder["out/a.png"]) == Image(stored))
  }

  @Test(arguments: [Float(0), 1])
  func anEnlargedPictureIsHeldToTheLimits(_ strength: Float) throws {
    try Image(randomWidth: 8, height: 4).write(folder["in/a.png"])
    let outcome = try run(strength: strength) {
      $0.resizing = .scale(3)
      $0.limits = ImageLimits(maximumPixels: 24 * 12 - 1)
    }
    #expect(
      outcome.report.failures.map(\.error) == [
        .image(.tooManyPixels(width: 24, height: 12, maximumPixels: 287))
      ])
    #expect(folder.files == ["in/a.png"])
  }

  // Depths

  @Test(arguments: [Float(0), 1], [true, false])
  func depthIsThatOfTheOptions(_ strength: Float, _ hasAlpha: Bool) throws {
    let image = deep(width: 9, height: 8, hasAlpha: hasAlpha, low: 90)
    try image.write(folder["in/deep.png"])
    try Image(randomWidth: 9, height: 8).write(folder["in/plain.png"])
    for depth in [PixelFormat.Depth.eight, .sixteen] {
      let outcome = try run(strength: strength) { $0.depth = depth }
      #expect(outcome.report.done == 2 && outcome.notes == ["deep.png": [], "plain.png": []])
      let written = try Image(decoding: folder["out/deep.png"])
      #expect(written.pixels == PixelFormat(hasAlpha: hasAlpha, depth: depth))
      if strength == 0 { #expect(written == image.converted(to: depth)) }
      #expect(try Image(decoding: folder["out/plain.png"]).pixels.depth == depth)
    }
  }

  @Test(arguments: [Float(0), 1])
  func jpegOutputsHaveEightBitsAndThatIsSaid(_ strength: Float) throws {
    try deep(width: 9, height: 8).write(folder["in/a.png"])
    let outcome = try run(strength: strength, format: .jpeg) { $0.depth = .sixteen }
    #expect(outcome.notes == ["a.png": [.eightBitJPEG]])
    #expect(try run(strength: strength, format: .jpeg).notes == ["a.png": []])
  }

  // Damage

  @Test(arguments: [Float(0), 1])
  func damagedPicturesAreUsedOnRequest(_ strength: Float) throws {
    try Image(randomWidth: 20, height: 20).write(folder["whole"])
    let bytes = try folder.bytes("whole")
    try folder.file("in/a.png", holding: Array(bytes.prefix(bytes.count / 2)))
    let failing = try run(strength: strength)
    guard case .image(.damaged) = failing.report.failures.first?.error else {
      Issue.record("\(failing.report)")
      return
    }
    #expect(folder.files == ["in/a.png", "whole"])
    let keeping = try run(strength: strength) { $0.damaged = .keep }
    #expect(keeping.report.done == 1)
    let note = try #require(keeping.notes["a.png"]?.first)
    guard case .image(.incomplete(_, height: 20, _)) = note else {
      Issue.record("\(note)")
      return
    }
  }
}
