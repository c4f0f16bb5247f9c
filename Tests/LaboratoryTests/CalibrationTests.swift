import Foundation
import ImageFiles
import Layers
import StyleEngine
import StyleModels
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@testable import Laboratory

@Suite(.deadline(minutes: 2)) final class CalibrationTests {
  private let folder = FilePath(NSTemporaryDirectory()).appending("lab-\(UUID().uuidString)")
  private let model: StyleModel

  init() throws {
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: false)
    var package = FilePath(#filePath)
    for _ in 0..<3 { package.removeLastComponent() }
    model = try StyleModel(contentsOf: package.appending("Models/great-wave.safetensors"))
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.string) }

  /// What the statistics are for: each picture comes out as in a live batch of all of them.
  @Test func batchNormGivesWhatLiveBatchNormOfTheWholeSetGives() throws {
    let sizes = [(24, 17), (9, 31), (40, 5)]
    let pictures = try sizes.enumerated().map { try write(width: $1.0, height: $1.1, seed: $0) }
    let network = try StyleNetwork(model)
    let calibration = Calibration(network: network, workers: 2)
    for picture in pictures { try calibration.add(picture, maximumSide: 256) }
    #expect(calibration.count == 3)
    let calibrated = try calibration.calibrated(model, progress: ExecutionProgress())
    #expect(calibrated.hasBatchStatistics)
    #expect(calibrated.weights["in1.mean"] != model.weights["in1.mean"])

    let images = try pictures.map { try Image(reading: ImageFile.open($0)) }
    let live = try run(network, images, .batchLive)
    let stored = try StyleNetwork(calibrated)
    for (index, image) in images.enumerated() {
      let alone = try run(stored, [image], .batch)[0]
      #expect(zip(alone, live[index]).allSatisfy { abs($0 - $1) < 0.5 })
    }
  }

  /// What the network is shown where nothing is visible doesn't depend on what stands there.
  @Test func hiddenColorsCountForNothing() throws {
    func statistics(hidden: UInt8) throws -> [Float]? {
      let path = folder.appending("hidden-\(hidden).png")
      let bytes = (0..<16 * 16).flatMap { pixel -> [UInt8] in
        pixel % 16 < 8 ? [hidden, hidden, hidden, 0] : [UInt8(pixel), 90, 7, 255]
      }
      try write(
        Image(width: 16, height: 16, pixels: PixelFormat(hasAlpha: true), bytes: bytes), to: path)
      let calibration = Calibration(network: try StyleNetwork(model), workers: 1)
      try calibration.add(path, maximumSide: 256)
      return try calibration.calibrated(model, progress: ExecutionProgress())
        .weights["in1.variance"]?.values
    }
    #expect(try statistics(hidden: 0) == statistics(hidden: 255))
  }

  @Test func longerSidesAreShrunkFirst() throws {
    let picture = try write(width: 64, height: 32, seed: 1)
    func mean(maximumSide: Int) throws -> [Float]? {
      let calibration = Calibration(network: try StyleNetwork(model), workers: 1)
      try calibration.add(picture, maximumSide: maximumSide)
      return try calibration.calibrated(model, progress: ExecutionProgress())
        .weights["in1.mean"]?.values
    }
    #expect(try mean(maximumSide: 64) == mean(maximumSide: 1000))
    #expect(try mean(maximumSide: 64) != mean(maximumSide: 32))
  }

  @Test func fileThatIsNoPictureIsRefused() throws {
    let path = folder.appending("words.png")
    try Data("words".utf8).write(to: URL(fileURLWithPath: path.string))
    let calibration = Calibration(network: try StyleNetwork(model), workers: 1)
    #expect(throws: ImageFileError.unknownFormat(Array("words".utf8))) {
      try calibration.add(path, maximumSide: 256)
    }
    #expect(calibration.count == 0)
  }

  @Test func cancellingEndsIt() throws {
    let calibration = Calibration(network: try StyleNetwork(model), workers: 1)
    try calibration.add(write(width: 16, height: 16, seed: 3), maximumSide: 256)
    let progress = ExecutionProgress()
    progress.cancel()
    #expect(throws: StyleNetworkError.cancelled) {
      try calibration.calibrated(self.model, progress: progress)
    }
  }

  private func write(width: Int, height: Int, seed: Int) throws -> FilePath {
    let path = folder.appending("\(seed).png")
    let bytes = (0..<3 * width * height).map { UInt8(truncatingIfNeeded: $0 * $0 / 7 + 91 * seed) }
    try write(Image(width: width, height: height, pixels: PixelFormat(), bytes: bytes), to: path)
    return path
  }

  private func write(_ image: Image, to path: FilePath) throws {
    let sink = try ImageFile.create(
      path, format: .png, width: image.width, height: image.height, pixels: image.pixels)
    try image.write(to: sink)
    try sink.finish()
  }

  private func run(_ network: StyleNetwork, _ images: [Image], _ normalization: Normalization)
    throws -> [[Float]]
  {
    let results = Results(count: images.count)
    let pictures = images.enumerated().map { index, image in
      Picture(
        width: image.width, height: image.height,
        readRow: { y, row throws(ImageFileError) in
          image.pixels.readColors(of: image.row(y).span, into: &row)
        },
        writeRow: { _, row throws(ImageFileError) in
          for sample in 0..<row.count { results.samples[index].append(row[sample]) }
        })
    }
    try NetworkExecution(network, workers: 2).run(pictures, normalization: normalization)
    return results.samples
  }

  private final class Results {
    var samples: [[Float]]
    init(count: Int) { samples = Array(repeating: [], count: count) }
  }
}
