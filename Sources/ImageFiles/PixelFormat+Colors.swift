extension PixelFormat {
  /// A row's red, green and blue as 0…255, whatever the depth: three samples a pixel.
  ///
  /// - Parameters:
  ///   - bytes: A row of this format.
  ///   - row: Takes the samples, `[W, 3]`.
  ///   - hidden: The colour to give where alpha is 0, nil for the one that is stored.
  public func readColors(
    of bytes: Span<UInt8>, into row: inout MutableSpan<Float>, hidden: SIMD3<Float>? = nil
  ) {
    switch depth {
    case .eight: readColors(of: bytes, as: UInt8.self, into: &row, unit: 1, hidden: hidden)
    case .sixteen: readColors(of: bytes, as: UInt16.self, into: &row, unit: 257, hidden: hidden)
    }
  }

  private func readColors<Sample: FixedWidthInteger & BitwiseCopyable>(
    of bytes: Span<UInt8>, as type: Sample.Type, into row: inout MutableSpan<Float>, unit: Float,
    hidden: SIMD3<Float>?
  ) {
    let width = bytes.count / bytesPerPixel
    let channels = channels
    precondition(row.count >= 3 * width, "room for three samples a pixel")
    for x in 0..<width {
      for channel in 0..<3 {
        row[3 * x + channel] = Float(bytes.sample(channels * x + channel, as: type)) / unit
      }
      if let hidden, channels == 4, bytes.sample(channels * x + 3, as: type) == 0 {
        for channel in 0..<3 { row[3 * x + channel] = hidden[channel] }
      }
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
  public mutating func add(_ bytes: Span<UInt8>, _ pixels: PixelFormat) {
    switch pixels.depth {
    case .eight: add(bytes, as: UInt8.self, pixels)
    case .sixteen: add(bytes, as: UInt16.self, pixels)
    }
  }

  private mutating func add<Sample: FixedWidthInteger & BitwiseCopyable>(
    _ bytes: Span<UInt8>, as type: Sample.Type, _ pixels: PixelFormat
  ) {
    let white = Double(Sample.max)
    for pixel in 0..<bytes.count / pixels.bytesPerPixel {
      let first = pixels.channels * pixel
      func sample(_ channel: Int) -> Double { Double(bytes.sample(first + channel, as: type)) }
      let alpha = pixels.hasAlpha ? sample(3) : white
      let color = SIMD3(sample(0), sample(1), sample(2))
      sum += color * (alpha * 255 / white)
      weight += alpha
    }
  }
}
