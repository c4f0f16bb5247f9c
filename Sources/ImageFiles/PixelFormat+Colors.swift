extension PixelFormat {
  /// A row's red, green and blue as 0…255, whatever the depth: three samples a pixel.
  ///
  /// - Parameters:
  ///   - bytes: A row of this format.
  ///   - hidden: The colour to give where alpha is 0, nil for the one that is stored.
  public func readColors(
    of bytes: UnsafeRawBufferPointer, into row: UnsafeMutableBufferPointer<Float>,
    hidden: SIMD3<Float>? = nil
  ) {
    let width = bytes.count / bytesPerPixel
    let channels = channels
    precondition(row.count >= 3 * width, "room for three samples a pixel")
    func read<Sample: BinaryInteger>(_ samples: UnsafeBufferPointer<Sample>, _ divisor: Float) {
      for x in 0..<width {
        for channel in 0..<3 {
          row[3 * x + channel] = Float(samples[channels * x + channel]) / divisor
        }
        if let hidden, channels == 4, samples[channels * x + 3] == 0 {
          for channel in 0..<3 { row[3 * x + channel] = hidden[channel] }
        }
      }
    }
    switch depth {
    case .eight: read(bytes.bindMemory(to: UInt8.self), 1)
    case .sixteen: read(bytes.bindMemory(to: UInt16.self), 257)
    }
  }
}

/// The mean colour of what can be seen of a picture, weighted by alpha, 0…255; gray where nothing
/// can.
///
/// Put where alpha is 0, it lets no hidden colour bleed into what is visible, and leaves a
/// network's statistics alone.
public struct MeanVisibleColor {
  private var sum = SIMD3<Double>.zero
  private var weight = 0.0

  public init() {}

  public var color: SIMD3<Float> {
    weight > 0 ? SIMD3<Float>(sum / weight) : SIMD3(repeating: 127.5)
  }

  /// Adds a row.
  public mutating func add(_ bytes: UnsafeRawBufferPointer, _ pixels: PixelFormat) {
    switch pixels.depth {
    case .eight: add(bytes.bindMemory(to: UInt8.self), pixels, white: 255)
    case .sixteen: add(bytes.bindMemory(to: UInt16.self), pixels, white: 65_535)
    }
  }

  private mutating func add<Sample: BinaryInteger>(
    _ samples: UnsafeBufferPointer<Sample>, _ pixels: PixelFormat, white: Double
  ) {
    for pixel in stride(from: 0, to: samples.count, by: pixels.channels) {
      let alpha = pixels.hasAlpha ? Double(samples[pixel + 3]) : white
      let color = SIMD3(
        Double(samples[pixel]), Double(samples[pixel + 1]), Double(samples[pixel + 2]))
      sum += color * (alpha * 255 / white)
      weight += alpha
    }
  }
}
