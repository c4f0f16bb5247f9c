import Foundation
import ImageFiles
import Layers
import SystemPackage
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import StyleTraining

@Suite(.deadline(minutes: 2)) final class EvaluationTests {
  private let folder = FilePath(NSTemporaryDirectory()).appending("evaluation-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: false)
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.string) }

  /// A small network of random weights; no layer fills its blocks of channels.
  private static let network: WeightFile = {
    var samples = Samples(seed: 5)
    var tensors: [String: StoredTensor] = [:]
    var channels = 3
    for (layer, outputs) in [
      ("1_1", 4), ("1_2", 5), ("2_1", 17), ("2_2", 6), ("3_1", 18), ("3_2", 7),
    ] {
      let spread = 2 / Float(9 * channels).squareRoot()
      tensors["conv\(layer).weight"] = StoredTensor(
        shape: [outputs, channels, 3, 3],
        values: (0..<outputs * channels * 9).map { _ in samples.next(in: -spread...spread) })
      tensors["conv\(layer).bias"] = StoredTensor(
        shape: [outputs], values: (0..<outputs).map { _ in samples.next(in: -0.2...0.4) })
      channels = outputs
    }
    return WeightFile(tensors: tensors)
  }()

  private func painting(width: Int = 64, height: Int = 64, size: Int = 64) throws -> Painting {
    let path = folder.appending("\(width)x\(height).png")
    let isThere = FileManager.default.fileExists(atPath: path.string)
    if !isThere { try Image(randomWidth: width, height: height, seed: 3).write(path) }
    return try Painting(contentsOf: path, name: "p", size: size)
  }

  private func evaluation(_ progress: ExecutionProgress = ExecutionProgress()) throws -> Evaluation
  {
    Evaluation(
      try painting(), lossNetwork: try LossNetwork(Self.network), workers: 2,
      kernels: try #require(KernelSet.available.last), progress: progress)
  }

  /// Samples `[H, W, 3]` about a picture's range.
  private func samples(width: Int, height: Int, seed: UInt64) -> [Float] {
    var samples = Samples(seed: seed)
    return (0..<3 * width * height).map { index in
      samples.next(in: -60...300) * (index % 3 == 0 ? 0.5 : 1)
    }
  }

  private func planes(_ samples: [Float], width: Int, height: Int) -> PlainLoss.Map {
    (0..<3).map { channel in
      (0..<height).map { y in
        (0..<width).map { x in Double(samples[3 * (y * width + x) + channel]) }
      }
    }
  }

  private func planes(_ map: FeatureMap) -> PlainLoss.Map {
    map.planes.map { $0.map { $0.map(Double.init) } }
  }

  /// The smallest sides that have every scale, odd ones, and ones that halve to odd ones.
  @Test func anySizeComesToWhatTheFormulasSay() throws {
    let evaluation = try evaluation()
    let plain = PlainLoss(Self.network, painting: planes(try painting().pixels))
    for (width, height) in [(16, 17), (35, 22)] {
      let photograph = samples(width: width, height: height, seed: 1)
      let painted = samples(width: width, height: height, seed: 2)
      let finding = try #require(
        evaluation.finding(
          width: width, height: height, photograph: photograph, painted: painted))
      let before = planes(photograph, width: width, height: height)
      let after = planes(painted, width: width, height: height)
      for (found, expected) in [
        (finding.painted, plain.terms(of: after, photograph: before)),
        (finding.untouched, plain.terms(of: before, photograph: before)),
      ] {
        for (term, value) in zip(found.values, expected.values) {
          #expect(abs(term - value) <= 1e-4 * value, "\(width)×\(height): \(found)")
        }
      }
      #expect(finding.untouched.content == 0 && finding.untouched.range > 0)
    }
  }

  /// Memory that is used again, and taken anew for another size, changes no number.
  @Test func findingsDoNotHangOnThoseBefore() throws {
    let evaluation = try evaluation()
    func finding(_ evaluation: Evaluation, width: Int, seed: UInt64) -> Evaluation.Finding? {
      evaluation.finding(
        width: width, height: 20, photograph: samples(width: width, height: 20, seed: seed),
        painted: samples(width: width, height: 20, seed: seed + 1))
    }
    let first = try #require(finding(evaluation, width: 24, seed: 1))
    #expect(finding(evaluation, width: 24, seed: 7) != first)
    #expect(finding(evaluation, width: 31, seed: 1) != first)
    #expect(finding(evaluation, width: 24, seed: 1) == first)
  }

  @Test func aPhotographThatIsLeftAsItIsIsUntouched() throws {
    let photograph = samples(width: 20, height: 18, seed: 4)
    let finding = try #require(
      try evaluation().finding(
        width: 20, height: 18, photograph: photograph, painted: photograph))
    #expect(finding.painted == finding.untouched)
    #expect(Evaluation.Finding.mean([finding, finding]) == finding)
  }

  @Test func theSmallestSideIsTheSmallestOfEveryScale() throws {
    let evaluation = try evaluation()
    #expect(evaluation.leastSide == 16)
  }

  @Test func noneIsFoundOnceItIsCancelled() throws {
    let progress = ExecutionProgress()
    let evaluation = try evaluation(progress)
    progress.cancel()
    let photograph = samples(width: 16, height: 16, seed: 1)
    #expect(
      evaluation.finding(width: 16, height: 16, photograph: photograph, painted: photograph) == nil)
  }

  // Paintings

  @Test(arguments: [(64, 64, 64, [64, 64]), (100, 64, 64, [100, 64]), (64, 640, 64, [16, 160])])
  func aPaintingIsLookedAtByItsShorterSide(
    _ width: Int, _ height: Int, _ size: Int, _ seen: [Int]
  ) throws {
    let pixels = try painting(width: width, height: height, size: size).pixels
    #expect([pixels.width, pixels.height] == seen)
  }

  /// One that a scale of the loss would be left out of.
  @Test func aStripIsNoPainting() throws {
    let path = folder.appending("64x900.png")
    #expect(throws: TrainingError.paintingTooNarrow(path, width: 64, height: 900)) {
      try painting(width: 64, height: 900)
    }
    #expect(try painting(width: 64, height: 900, size: 128).pixels.width == 20)
  }

  @Test func aStampIsNoPainting() throws {
    let path = folder.appending("63x900.png")
    #expect(throws: TrainingError.paintingTooSmall(path, width: 63, height: 900, least: 64)) {
      try painting(width: 63, height: 900)
    }
  }
}
