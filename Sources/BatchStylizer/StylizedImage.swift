import ImageFiles
import StyleNetwork

/// A decoded photograph on its way to its stylized self: gives the network its rows and takes the
/// repainted ones.
final class StylizedImage {
  let photograph: Image
  private let stylization: Stylization
  /// What the network sees where nothing is visible.
  private let hiddenColor: SIMD3<Float>
  private(set) var result: Image

  init(_ photograph: Image, _ stylization: Stylization) {
    self.photograph = photograph
    self.stylization = stylization
    hiddenColor = photograph.pixels.hasAlpha ? photograph.meanVisibleColor : .zero
    result = photograph.eightBit
  }

  /// Its rows for the network. It must outlive the picture.
  var picture: Picture {
    Picture(
      width: photograph.width, height: photograph.height,
      readRow: { [unowned self] y, row in
        photograph.forEachPixel(inRow: y) { x, color, alpha in
          let seen = alpha > 0 ? color : hiddenColor
          for channel in 0..<3 { row[3 * x + channel] = seen[channel] }
        }
      },
      writeRow: { [unowned self] y, row in
        write(row, toRow: y)
      })
  }

  private func write(_ row: UnsafeBufferPointer<Float>, toRow y: Int) {
    let channels = result.pixels.channels
    result.withMutableRow(y) { bytes in
      photograph.forEachPixel(inRow: y) { x, color, _ in
        let repainted = SIMD3(row[3 * x], row[3 * x + 1], row[3 * x + 2])
        let mixed = stylization.mix(repainted, color).clamped(
          lowerBound: .zero, upperBound: SIMD3(repeating: 255))
        for channel in 0..<3 {
          bytes[channels * x + channel] = UInt8(mixed[channel].rounded())
        }
      }
    }
  }
}

extension Image {
  /// Calls `body` with each pixel's column, red, green and blue in 0…255, and alpha in 0…255.
  @inline(__always)
  fileprivate func forEachPixel(
    inRow y: Int, _ body: (_ x: Int, _ color: SIMD3<Float>, _ alpha: Float) -> Void
  ) {
    let channels = pixels.channels
    withRow(y) { bytes in
      switch pixels.depth {
      case .eight:
        for x in 0..<width {
          let pixel = channels * x
          body(
            x, SIMD3(Float(bytes[pixel]), Float(bytes[pixel + 1]), Float(bytes[pixel + 2])),
            pixels.hasAlpha ? Float(bytes[pixel + 3]) : 255)
        }
      case .sixteen:
        let samples = bytes.bindMemory(to: UInt16.self)
        for x in 0..<width {
          let pixel = channels * x
          let color = SIMD3(
            Float(samples[pixel]), Float(samples[pixel + 1]), Float(samples[pixel + 2]))
          body(x, color / 257, pixels.hasAlpha ? Float(samples[pixel + 3]) / 257 : 255)
        }
      }
    }
  }

  /// Whether anything shows through it: alpha may be there and be full everywhere.
  var isTransparent: Bool {
    guard pixels.hasAlpha else { return false }
    return (0..<height).contains { y in
      var isOpaque = true
      forEachPixel(inRow: y) { _, _, alpha in isOpaque = isOpaque && alpha == 255 }
      return !isOpaque
    }
  }

  /// The mean colour, weighted by alpha: put where nothing is visible, it lets no hidden colour
  /// bleed into what is, and leaves the network's statistics alone. Gray where all is hidden.
  fileprivate var meanVisibleColor: SIMD3<Float> {
    var sum = SIMD3<Double>.zero
    var weight = 0.0
    for y in 0..<height {
      forEachPixel(inRow: y) { _, color, alpha in
        sum += SIMD3<Double>(color) * Double(alpha)
        weight += Double(alpha)
      }
    }
    return weight > 0 ? SIMD3<Float>(sum / weight) : SIMD3(repeating: 127.5)
  }

  /// The same picture with 8 bits a sample.
  fileprivate var eightBit: Image {
    guard pixels.depth == .sixteen else { return self }
    let samples = bytes.withUnsafeBytes { bytes in
      bytes.bindMemory(to: UInt16.self).map { UInt8((Int($0) * 255 + 32_767) / 65_535) }
    }
    return Image(
      width: width, height: height, pixels: PixelFormat(hasAlpha: pixels.hasAlpha), bytes: samples)
  }
}
