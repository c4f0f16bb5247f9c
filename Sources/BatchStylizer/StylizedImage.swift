import ImageFiles
import StyleNetwork

/// A decoded photograph on its way to its stylized self: gives the network its rows and takes the
/// repainted ones. Alpha stays as it is.
final class StylizedImage {
  /// What has been repainted so far, 8 bits a sample.
  private(set) var result: Image

  private let photograph: Image
  private let stylization: Stylization
  /// What the network sees where nothing is visible.
  private let hiddenColor: SIMD3<Float>?
  /// The photograph's row while it is mixed with the network's.
  private var colors: [Float]

  init(_ photograph: Image, _ stylization: Stylization) {
    self.photograph = photograph
    self.stylization = stylization
    hiddenColor = photograph.pixels.hasAlpha ? photograph.meanVisibleColor : nil
    result = photograph.eightBit
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
    let (width, channels) = (result.width, result.pixels.channels)
    result.withMutableRow(y) { bytes in
      for x in 0..<width {
        var pixel = SIMD3(row[3 * x], row[3 * x + 1], row[3 * x + 2])
        if stylization.mixes {
          let photographed = SIMD3(colors[3 * x], colors[3 * x + 1], colors[3 * x + 2])
          pixel = stylization.mix(pixel, photographed)
        }
        pixel.clamp(lowerBound: .zero, upperBound: SIMD3(repeating: 255))
        pixel.round(.toNearestOrAwayFromZero)
        for channel in 0..<3 { bytes[channels * x + channel] = UInt8(pixel[channel]) }
      }
    }
  }
}
