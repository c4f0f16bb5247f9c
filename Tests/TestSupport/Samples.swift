import Tensors

/// Samples that repeat from run to run: a linear congruential generator's, in −1…1.
public struct Samples {
  private var state: UInt64

  public init(seed: UInt64) {
    state = seed
  }

  public mutating func next() -> Float {
    Float(Int32(truncatingIfNeeded: step() >> 32)) / Float(1 << 31)
  }

  public mutating func next(in range: ClosedRange<Float>) -> Float {
    range.lowerBound + (range.upperBound - range.lowerBound) * (next() + 1) / 2
  }

  /// A whole number in 0…`most`, which is below 2³¹.
  public mutating func wholeNumber(upTo most: Int) -> Int {
    Int(step() >> 33) % (most + 1)
  }

  public mutating func byte() -> UInt8 {
    UInt8(truncatingIfNeeded: step() >> 40)
  }

  /// The whole state, whose lower bits repeat soon.
  private mutating func step() -> UInt64 {
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return state
  }

  public mutating func array(_ count: Int) -> [Float] {
    (0..<count).map { _ in next() }
  }

  public mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in byte() }
  }

  public mutating func buffer(_ count: Int, offset: Float = 0) -> AlignedBuffer {
    AlignedBuffer(array(count).map { $0 + offset })
  }
}

extension AlignedBuffer {
  /// A buffer in which a sample that nobody writes shows.
  public static func poisoned(_ count: Int) -> AlignedBuffer {
    AlignedBuffer([Float](repeating: .nan, count: count))
  }

  public var samples: [Float] { Array(UnsafeBufferPointer(start: start, count: count)) }
}
