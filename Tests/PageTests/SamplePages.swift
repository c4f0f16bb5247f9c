import Foundation
import ImageFiles
import Pages
import SystemPackage
import TestSupport

/// Pages to open: small pictures of two colours, and statistics of which instance norm's are equal.
enum SamplePages {
  /// An encoded picture whose other colours grow to the right and downwards.
  static func picture(
    _ format: ImageFormat = .jpeg, red: UInt8, width: Int = 240, height: Int = 160
  ) throws -> PageImage {
    var bytes: [UInt8] = []
    for y in 0..<height {
      for x in 0..<width {
        bytes += [red, UInt8(255 * x / width), UInt8(255 * y / height)]
      }
    }
    let folder = try TemporaryFolder()
    let path = folder["picture"]
    let image = Image(width: width, height: height, pixels: PixelFormat(), bytes: bytes)
    let sink = try ImageFile.create(
      path, format: format, width: width, height: height, pixels: image.pixels)
    try image.write(to: sink)
    try sink.finish()
    return PageImage(format, bytes: try folder.bytes("picture"), width: width, height: height)
  }

  static func painted(
    _ name: String, marks: [PageMark] = []
  ) throws -> PagePicture {
    painted(name, before: try picture(red: 200), after: try picture(red: 40), marks: marks)
  }

  static func painted(
    _ name: String, before: PageImage, after: PageImage, marks: [PageMark] = []
  ) -> PagePicture {
    PagePicture(
      name: name,
      outcome: .painted(width: 2400, height: 1600, before: before, after: after, marks: marks))
  }

  /// Images of `layers`, before a norm, after instance norm and after stored batch statistics.
  static func statistics(
    images: [String],
    layers: [PageStatistics.Layer] = [
      .init(name: "in1", convolution: "conv1", channels: 32),
      .init(name: "in2", convolution: "conv2", channels: 64),
    ]
  ) -> PageStatistics {
    var samples = Samples(seed: 7)
    func values(spread: Float, scale: Float) -> [PageStatistics.Values] {
      layers.map { layer in
        let middle = samples.array(layer.channels)
        let count = images.count * layer.channels
        let means = (0..<count).map { middle[$0 % layer.channels] + spread * samples.next() }
        let deviations = (0..<count).map {
          1 + middle[$0 % layer.channels] / 2 + spread * means[$0] / 4
        }
        return .init(means: means.map { $0 * scale }, deviations: deviations.map { $0 * scale })
      }
    }
    return PageStatistics(
      images: images, layers: layers,
      views: [
        .init(name: "before the norm", hasOwnAxes: true, layers: values(spread: 0.5, scale: 200)),
        .init(name: "after instance norm", layers: values(spread: 0, scale: 1)),
        .init(
          name: "after batch norm (stored statistics)", layers: values(spread: 0.5, scale: 1)),
      ])
  }
}
