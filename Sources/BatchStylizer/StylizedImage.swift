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
  /// A row of the photograph mixed with the network's, where they are.
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
    if stylization.mixes { mix(row, ofRow: y) }
    colors.withUnsafeBufferPointer { mixed in
      let row = stylization.mixes ? mixed : row
      switch result.pixels.depth {
      case .eight: write(row, toRow: y, as: UInt8.self, unit: 1)
      case .sixteen: write(row, toRow: y, as: UInt16.self, unit: 257)
      }
    }
  }

  /// Sets `colors` to what becomes of a row's pixels and the photograph's.
  private func mix(_ row: UnsafeBufferPointer<Float>, ofRow y: Int) {
    colors.withUnsafeMutableBufferPointer { colors in
      photograph.readColors(ofRow: y, into: colors)
      for pixel in stride(from: 0, to: colors.count, by: 3) {
        let mixed = stylization.mix(
          SIMD3(row[pixel], row[pixel + 1], row[pixel + 2]),
          SIMD3(colors[pixel], colors[pixel + 1], colors[pixel + 2]))
        for channel in 0..<3 { colors[pixel + channel] = mixed[channel] }
      }
    }
  }

  /// Clamps and rounds a row into samples of which `unit` make one of 0…255.
  ///
  /// The network waits for this: the loop is one that the compiler vectorizes.
  private func write<Sample: FixedWidthInteger>(
    _ row: UnsafeBufferPointer<Float>, toRow y: Int, as type: Sample.Type, unit: Float
  ) {
    let (width, channels) = (result.width, result.pixels.channels)
    result.withMutableRow(y) { bytes in
      let samples = bytes.bindMemory(to: type)
      func rounded(_ value: Float) -> Sample {
        let clamped = value < 0 ? 0 : value > 255 ? 255 : value
        return Sample(truncatingIfNeeded: Int32(clamped * unit + 0.5))
      }
      if channels == 3 {
        for index in 0..<3 * width { samples[index] = rounded(row[index]) }
      } else {
        for x in 0..<width {
          for channel in 0..<3 {
            samples[channels * x + channel] = rounded(row[3 * x + channel])
          }
        }
      }
    }
  }
}
