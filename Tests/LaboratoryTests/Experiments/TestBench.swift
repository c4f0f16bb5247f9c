import Foundation
import ImageFiles
import Layers
import StyleEngine
import StyleModels
import SystemPackage

@testable import Laboratory

/// Small pictures, and the shipped style without its stored statistics to run over them.
final class TestBench {
  let model: StyleModel
  let pictures: [FilePath]
  private let folder = FilePath(NSTemporaryDirectory()).appending("lab-\(UUID().uuidString)")

  init(pictures count: Int) throws {
    var package = FilePath(#filePath)
    for _ in 0..<4 { package.removeLastComponent() }
    let shipped = try StyleModel(contentsOf: package.appending("Models/great-wave.safetensors"))
    model = try StyleModel(
      name: shipped.name, description: shipped.description, base: shipped.base,
      licence: shipped.licence,
      training: shipped.training,
      weights: shipped.weights.filter {
        !$0.key.hasSuffix(".mean") && !$0.key.hasSuffix(".variance")
      })
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: false)
    let folder = folder
    pictures = try (0..<count).map { seed in
      let path = folder.appending("\(seed).png")
      let (width, height) = (20 + 3 * seed, 24 - 2 * seed)
      let sink = try ImageFile.create(
        path, format: .png, width: width, height: height, pixels: PixelFormat())
      let bytes = (0..<3 * width * height).map {
        UInt8(truncatingIfNeeded: 40 * seed + ($0 * $0 / 7 + 31 * seed) % 160)
      }
      try Image(width: width, height: height, pixels: PixelFormat(), bytes: bytes).write(to: sink)
      try sink.finish()
      return path
    }
  }

  deinit { try? FileManager.default.removeItem(atPath: folder.string) }

  /// - Parameter model: The one without statistics where there is none.
  func workbench(_ model: StyleModel? = nil) throws -> Workbench {
    let bench = Workbench(network: try StyleNetwork(model ?? self.model), workers: 2)
    for picture in pictures { try bench.add(picture, name: picture.stem ?? "", maximumSide: 256) }
    return bench
  }

  /// The style with statistics of these pictures.
  func calibrated() throws -> StyleModel {
    let calibration = Calibration(network: try StyleNetwork(model), workers: 2)
    for picture in pictures { try calibration.add(picture, maximumSide: 256) }
    return try calibration.calibrated(model, progress: ExecutionProgress())
  }
}
