extension Image {
  /// Row y's red, green and blue as 0…255, whatever the depth: `3 · width` samples.
  ///
  /// - Parameter hidden: The colour to give where alpha is 0, nil for the one that is stored.
  public func readColors(
    ofRow y: Int, into row: UnsafeMutableBufferPointer<Float>, hidden: SIMD3<Float>? = nil
  ) {
    precondition(row.count >= 3 * width, "room for 3 · width samples")
    let channels = pixels.channels
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
    withRow(y) { bytes in
      switch pixels.depth {
      case .eight: read(bytes.bindMemory(to: UInt8.self), 1)
      case .sixteen: read(bytes.bindMemory(to: UInt16.self), 257)
      }
    }
  }

  /// The mean colour of what can be seen, weighted by alpha, 0…255; gray where nothing can.
  ///
  /// Put where alpha is 0, it lets no hidden colour bleed into what is visible, and leaves a
  /// network's statistics alone.
  public var meanVisibleColor: SIMD3<Float> {
    var sum = SIMD3<Double>.zero
    var weight = 0.0
    func add<Sample: BinaryInteger>(_ samples: UnsafeBufferPointer<Sample>, _ white: Double) {
      for x in 0..<width {
        let pixel = pixels.channels * x
        let alpha = pixels.hasAlpha ? Double(samples[pixel + 3]) : white
        let color = SIMD3(
          Double(samples[pixel]), Double(samples[pixel + 1]), Double(samples[pixel + 2]))
        sum += color * (alpha * 255 / white)
        weight += alpha
      }
    }
    for y in 0..<height {
      withRow(y) { bytes in
        switch pixels.depth {
        case .eight: add(bytes.bindMemory(to: UInt8.self), 255)
        case .sixteen: add(bytes.bindMemory(to: UInt16.self), 65_535)
        }
      }
    }
    return weight > 0 ? SIMD3<Float>(sum / weight) : SIMD3(repeating: 127.5)
  }
}
