import BatchStylizer
import Foundation
import ImageFiles
import Layers
import StyleEngine
import StyleModels
import SystemPackage
import TestSupport
import Testing

/// Small pictures through the shipped styles, held against recorded results.
///
/// A result may differ from the recorded one by a level, as other processors round otherwise. Where
/// it differs by more, `.build/golden/` gets what was expected, what came, and eight times their
/// difference. After a change that is meant, `PASTICHE_RECORD=1 swift test --filter GoldenTests`
/// records anew, and fails, so that no run on its own approves of what it made.
@Suite(.deadline(minutes: 2)) struct GoldenTests {
  struct Golden: Sendable, CustomTestStringConvertible {
    let input: String
    let style: String
    var normalization = Normalization.instance
    var strength: Float = 1
    var keepsColor = false
    /// The name of the recorded picture.
    let name: String

    var testDescription: String { name }

    init(
      _ name: String, _ input: String, _ style: String = "great-wave",
      _ normalization: Normalization = .instance, strength: Float = 1, keepsColor: Bool = false
    ) {
      self.name = name
      self.input = input
      self.style = style
      self.normalization = normalization
      self.strength = strength
      self.keepsColor = keepsColor
    }

    static let all = [
      Golden("alley-great-wave", "alley.png"),
      Golden("alley-starry-night", "alley.png", "starry-night"),
      Golden("alley-the-scream", "alley.png", "the-scream"),
      Golden("alley-composition-vii", "alley.png", "composition-vii"),
      Golden("alley-group-4", "alley.png", "great-wave", .group(.count(4))),
      Golden("alley-layer", "alley.png", "great-wave", .layer),
      Golden("alley-batch", "alley.png", "great-wave", .batch),
      Golden("alley-half-strength", "alley.png", strength: 0.5),
      Golden("alley-keep-color", "alley.png", keepsColor: true),
      Golden("teapot-transparent", "teapot.png"),
      Golden("tiny", "tiny.png"),
    ]
  }

  @Test(arguments: Golden.all)
  func resultIsAsRecorded(_ golden: Golden) throws {
    let made = try temporaryDirectory()
    defer { try? FileManager.default.removeItem(atPath: made.string) }
    let actual = made.appending("\(golden.name).png")
    try stylize(golden, to: actual)
    let recorded = testDirectory.appending("Recorded").appending("\(golden.name).png")
    if ProcessInfo.processInfo.environment["PASTICHE_RECORD"] != nil {
      try? FileManager.default.removeItem(atPath: recorded.string)
      try FileManager.default.copyItem(atPath: actual.string, toPath: recorded.string)
      Issue.record("recorded \(recorded); look at it, then run again without PASTICHE_RECORD")
      return
    }
    let difference = try Difference(of: read(actual), from: read(recorded))
    guard difference.largest > 1 else { return }
    let folder = try difference.write(named: golden.name)
    Issue.record("\(golden.name) is up to \(difference.largest) levels off; see \(folder)")
  }

  private func stylize(_ golden: Golden, to output: FilePath) throws {
    let package = testDirectory.removingLastComponent().removingLastComponent()
    let model = try StyleModel(
      contentsOf: package.appending("Models").appending("\(golden.style).safetensors"))
    let plan = try BatchPlan(
      inputs: [testDirectory.appending("Inputs").appending(golden.input)], target: .file(output),
      recursively: false, format: .keep, overwrites: false)
    let run = try BatchRun(
      plan, network: try StyleNetwork(model),
      stylization: Stylization(
        normalization: golden.normalization, strength: golden.strength,
        keepsColor: golden.keepsColor),
      options: BatchRun.Options(), control: BatchControl(), observe: { _ in })
    #expect(run.run().failures.isEmpty)
  }
}

private let testDirectory = FilePath(#filePath).removingLastComponent()

private func temporaryDirectory() throws -> FilePath {
  let path = FilePath(NSTemporaryDirectory()).appending("golden-\(UUID().uuidString)")
  try FileManager.default.createDirectory(atPath: path.string, withIntermediateDirectories: true)
  return path
}

private func read(_ path: FilePath) throws -> Image {
  try Image(reading: ImageFile.open(path))
}

/// Two pictures and how far apart they are.
private struct Difference {
  let actual: Image
  let expected: Image
  /// In levels; 255 where sizes or formats differ.
  let largest: Int

  init(of actual: Image, from expected: Image) {
    self.actual = actual
    self.expected = expected
    let isComparable =
      actual.width == expected.width && actual.height == expected.height
      && actual.pixels == expected.pixels
    largest =
      isComparable
      ? zip(actual.bytes, expected.bytes).reduce(0) { max($0, abs(Int($1.0) - Int($1.1))) } : 255
  }

  /// Writes both and, where they can be compared, eight times their difference.
  func write(named name: String) throws -> FilePath {
    let folder = testDirectory.removingLastComponent().removingLastComponent()
      .appending(".build").appending("golden")
    try FileManager.default.createDirectory(
      atPath: folder.string, withIntermediateDirectories: true)
    try write(expected, folder.appending("\(name).expected.png"))
    try write(actual, folder.appending("\(name).actual.png"))
    if actual.bytes.count == expected.bytes.count {
      let bytes = zip(actual.bytes, expected.bytes).enumerated().map { index, pair in
        let isAlpha = actual.pixels.hasAlpha && index % 4 == 3
        return isAlpha ? 255 : UInt8(min(255, 8 * abs(Int(pair.0) - Int(pair.1))))
      }
      try write(
        Image(width: actual.width, height: actual.height, pixels: actual.pixels, bytes: bytes),
        folder.appending("\(name).difference.png"))
    }
    return folder
  }

  private func write(_ image: Image, _ path: FilePath) throws {
    let sink = try ImageFile.create(
      path, format: .png, width: image.width, height: image.height, pixels: image.pixels,
      replacing: true)
    try image.write(to: sink)
    try sink.finish()
  }
}
