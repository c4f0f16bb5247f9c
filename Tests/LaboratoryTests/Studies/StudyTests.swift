import BatchStylizer
import Foundation
import ImageFiles
import Layers
import StyleEngine
import StyleModels
import SystemPackage
import TestSupport
import Testing

@testable import Laboratory

@Suite(.deadline(minutes: 2)) struct StudyTests {
  private let folder: TemporaryFolder
  private let network: StyleNetwork

  init() throws {
    folder = try TemporaryFolder()
    var package = FilePath(#filePath)
    for _ in 0..<4 { package.removeLastComponent() }
    network = try StyleNetwork(
      StyleModel(contentsOf: package.appending("Models/great-wave.safetensors")))
  }

  @discardableResult
  private func photograph(
    _ name: String, width: Int, height: Int, seed: UInt64 = 1, hasAlpha: Bool = false
  ) throws -> FilePath {
    let pixels = PixelFormat(hasAlpha: hasAlpha)
    var samples = Samples(seed: seed)
    let bytes = samples.array(height * pixels.bytesPerRow(width: width)).map {
      UInt8(127.5 + 127 * $0)
    }
    let image = Image(width: width, height: height, pixels: pixels, bytes: bytes)
    let sink = try ImageFile.create(
      folder[name], format: .png, width: width, height: height, pixels: pixels)
    try image.write(to: sink)
    try sink.finish()
    return folder[name]
  }

  private func study(memory: Int = .max) -> Study {
    Study(network: network, workers: 2, memory: memory)
  }

  @Test func everyNormIsTold() throws {
    let path = try photograph("a.png", width: 40, height: 30)
    let finding = try study().run([Study.Subject(path)], normalization: .instance)[0].get()
    #expect((finding.width, finding.height) == (40, 30))
    #expect(finding.before == nil && finding.after == nil && finding.spikes.isEmpty)
    let layers = finding.statistics.layers
    #expect(layers.map(\.name) == network.descriptions.compactMap(\.norm))
    for layer in layers {
      // Instance norm uses what it measures, and leaves a mean of 0 and nearly a deviation of 1.
      #expect(layer.used.map(\.mean) == layer.mean)
      #expect(layer.used.map(\.variance) == layer.variance)
      for (mean, deviation) in layer.normalized(with: layer.used, epsilon: 1e-5) {
        #expect(mean == 0 && deviation > 0.9 && deviation <= 1)
      }
    }
  }

  /// As in a batch of those that are left.
  @Test func pictureThatFailsLeavesTheOthersAlone() throws {
    let good = try [1, 2].map { seed in
      try photograph("\(seed).png", width: 30, height: 20, seed: UInt64(seed))
    }
    let bad = try folder.file("bad.png", holding: [1, 2, 3])
    let whole = try folder.bytes("1.png")
    let cut = try folder.file("cut.png", holding: Array(whole.prefix(whole.count / 2)))
    for normalization in [Normalization.instance, .batchLive] {
      let alone = try study().run(good.map { Study.Subject($0) }, normalization: normalization)
      let found = try study().run(
        [good[0], bad, cut, good[1]].map { Study.Subject($0) }, normalization: normalization)
      #expect(try found[0].get().statistics == alone[0].get().statistics)
      #expect(try found[3].get().statistics == alone[1].get().statistics)
      #expect(throws: ItemError.image(.unknownFormat([1, 2, 3]))) { try found[1].get() }
      #expect(throws: ItemError.self) { try found[2].get() }
    }
  }

  @Test func memoryChangesNothing() throws {
    let path = try photograph("a.png", width: 90, height: 200)
    var wishes = Study.Wishes()
    wishes.thumbnailWidth = 40
    wishes.spikes = true
    func finding(_ memory: Int) throws -> Study.Finding {
      try study(memory: memory).run(
        [Study.Subject(path)], normalization: .instance, wishes: wishes)[0].get()
    }
    let whole = try finding(.max)
    var least = 0
    do { _ = try finding(1) } catch ItemError.network(.memoryTooSmall(let needed, given: 1)) {
      least = needed
    }
    let found = try finding(least)
    #expect(found.statistics == whole.statistics && found.spikes == whole.spikes)
    #expect(found.before == whole.before && found.after == whole.after)
    #expect(whole.before?.height == 53 && whole.after?.height == 53)
  }

  /// What instance norm is for: it doesn't see a·x + b, and stored statistics do.
  @Test(arguments: [0.1, 10] as [Float])
  func instanceNormDoesNotSeeContrast(_ contrast: Float) throws {
    let path = try photograph("a.png", width: 60, height: 48)
    func statistics(_ contrast: Float, _ normalization: Normalization) throws -> PictureStatistics {
      try study().run(
        [Study.Subject(path, contrast: contrast)], normalization: normalization)[0].get().statistics
    }
    let (plain, scaled) = (try statistics(1, .instance), try statistics(contrast, .instance))
    let factor = Double(contrast)
    for (a, b) in zip(plain.layers[0].variance, scaled.layers[0].variance) {
      #expect(abs(b / a / (factor * factor) - 1) < 1e-3)
    }
    for (a, b) in zip(plain.layers[1].variance, scaled.layers[1].variance) {
      #expect(abs(b / a - 1) < 1e-3)
    }
    let (stored, other) = (try statistics(1, .batch), try statistics(contrast, .batch))
    #expect(abs(other.layers[1].variance[0] / stored.layers[1].variance[0] - 1) > 0.5)
  }

  @Test func thumbnailsShowWhatTheNetworkSaw() throws {
    let path = try photograph("a.png", width: 30, height: 20, hasAlpha: true)
    var wishes = Study.Wishes()
    wishes.thumbnailWidth = 30
    wishes.maximumSide = 15
    let finding = try study().run(
      [Study.Subject(path, contrast: 0.001)], normalization: .instance, wishes: wishes)[0].get()
    #expect((finding.width, finding.height) == (15, 10))
    let before = try #require(finding.before)
    // Hardly any contrast: one colour, and alpha as it was.
    let colors = stride(from: 0, to: before.bytes.count, by: 4).map { before.bytes[$0] }
    #expect((colors.max() ?? 0) - (colors.min() ?? 0) <= 1)
    #expect(finding.after?.pixels.hasAlpha == true)
  }

  @Test func cancelledStudyEnds() throws {
    let path = try photograph("a.png", width: 30, height: 20)
    let progress = ExecutionProgress()
    progress.cancel()
    #expect(throws: StyleNetworkError.cancelled) {
      try study().run([Study.Subject(path)], normalization: .instance, progress: progress)
    }
  }

  @Test func networkThatCannotBeNormalizedSoIsRefused() throws {
    #expect(
      throws: StyleNetworkError.groupsDoNotDivide(groups: 3, channels: 32, layer: "in1")
    ) {
      try study().run([], normalization: .group(.count(3)))
    }
  }

  // Spikes

  /// One bright pixel on a flat picture holds nearly all of a channel's variance, where it stands.
  @Test func spikeIsFoundWhereItStands() throws {
    var bytes = [UInt8](repeating: 90, count: 256 * 128 * 3)
    for y in 30..<32 {
      for x in 200..<202 {
        for channel in 0..<3 { bytes[(y * 256 + x) * 3 + channel] = 255 }
      }
    }
    let image = Image(width: 256, height: 128, pixels: PixelFormat(), bytes: bytes)
    let sink = try ImageFile.create(
      folder["spike.png"], format: .png, width: 256, height: 128, pixels: image.pixels)
    try image.write(to: sink)
    try sink.finish()
    var wishes = Study.Wishes()
    wishes.spikes = true
    let finding = try study().run(
      [Study.Subject(folder["spike.png"])], normalization: .instance, wishes: wishes)[0].get()
    let first = finding.spikes.filter { $0.layer == "in1" }
    #expect(!first.isEmpty)
    for spike in first {
      #expect(abs(spike.x - 201.0 / 256) < 1.0 / 16 && abs(spike.y - 31.0 / 128) < 1.0 / 8)
      #expect(spike.share > 0.5 && spike.share <= 1)
    }
    let plain = try photograph("plain.png", width: 256, height: 128)
    let none = try study().run(
      [Study.Subject(plain)], normalization: .instance, wishes: wishes)[0].get()
    #expect(none.spikes.filter { $0.layer == "in1" }.isEmpty)
  }
}
