import ImageFiles
import StyleNetwork

/// A decoded photograph on its way to its stylized self: gives the network its rows and takes the
/// repainted ones. Alpha stays as it is.
final class StylizedImage {
  /// What has been repainted so far.
  private(set) var result: Image

  private let photograph: Image
  private let stylization: Stylization
  /// What the network sees where nothing is visible.
  private let hiddenColor: SIMD3<Float>?
  /// The photograph's row while it is mixed with the network's.
  private var colors: [Float]

  /// - Parameter depth: Of the result.
  init(_ photograph: Image, _ stylization: Stylization, depth: PixelFormat.Depth = .eight) {
    self.photograph = photograph
    self.stylization = stylization
    hiddenColor = photograph.pixels.hasAlpha ? photograph.meanVisibleColor : nil
    result = photograph.converted(to: depth)
    colors = [Float](repeating: 0, count: stylization.mixes ? 3 * photograph.width : 0)
  }

  /// Its rows for the network, which must be done with them while this object lives.
  var picture: Picture {
    Picture(
      width: photograph.width, height: photograph.height,
      readRow: { [unowned self] y, row in
        photograph.readColors(ofRow: y, into: row, hidden: hiddenColor)
      },
      writeRow: { [unowned self] y, row in write(row, toRow: y) })
  }

  private func write(_ row: UnsafeBufferPointer<Float>, toRow y: Int) {
    if stylization.mixes {
      colors.withUnsafeMutableBufferPointer { photograph.readColors(ofRow: y, into: $0) }
    }
    switch result.pixels.depth {
    case .eight: write(row, toRow: y, as: UInt8.self, unit: 1)
    case .sixteen: write(row, toRow: y, as: UInt16.self, unit: 257)
    }
  }

  /// Mixes, clamps and rounds a row into samples of which `unit` make one of 0…255.
  private func write<Sample: FixedWidthInteger>(
    _ row: UnsafeBufferPointer<Float>, toRow y: Int, as type: Sample.Type, unit: Float
  ) {
    let (width, channels) = (result.width, result.pixels.channels)
    result.withMutableRow(y) { bytes in
      let samples = bytes.bindMemory(to: type)
      for x in 0..<width {
        var pixel = SIMD3(row[3 * x], row[3 * x + 1], row[3 * x + 2])
        if stylization.mixes {
          let photographed = SIMD3(colors[3 * x], colors[3 * x + 1], colors[3 * x + 2])
          pixel = stylization.mix(pixel, photographed)
        }
        pixel.clamp(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
        pixel = (pixel * unit).rounded(.toNearestOrAwayFromZero)
        for channel in 0..<3 { samples[channels * x + channel] = Sample(pixel[channel]) }
      }
    }
  }
}
