/// A conversion between spaces that consist of a matrix and curves: sample → light → a matrix → light
/// → sample. What the target can't show is cut off.
///
/// Little CMS does the same, but at 16 bits by way of a table of 33 nodes a side, up to 4,465 of 65,535
/// beside the truth (measured for Adobe RGB, 2.14), and at 8 bits in three times the time.
struct MatrixTransform {
  /// The target's light for every sample, of red, green and blue one after the other.
  private let light: [SIMD4<Float>]
  private let levels: Int
  /// Samples for light, of red, green and blue one after the other, each for `Nodes.count` amounts.
  private let samples: [Float]
  /// The same rounded, where there are 8 bits.
  private let codes: [UInt8]

  /// Amounts of light, with as many from each power of two to the next.
  private enum Nodes {
    static let octaves = 36
    static let octaveBits: UInt32 = 9
    static let shift = 23 - octaveBits
    static let count = octaves << Int(octaveBits) + 1
    /// Half the way from a node to the next.
    static let half: UInt32 = 1 << (shift - 1)
    static let first = UInt32(127 - octaves) << 23
    static let smallest = Float(bitPattern: first)
    static let largest = Float(1).nextDown

    static func light(_ index: Int) -> Float { Float(bitPattern: first + UInt32(index) << shift) }
  }

  /// - Parameter depth: The samples'.
  init?(from source: ColorSpace.Matrix, to target: ColorSpace.Matrix, depth: PixelFormat.Depth) {
    guard let inverse = Self.inverse(target.rows) else { return nil }
    let columns = (0..<3).map { column in
      var result = SIMD4<Float>.zero
      for row in 0..<3 {
        var sum = 0.0
        for k in 0..<3 { sum += inverse[3 * row + k] * source.rows[3 * k + column] }
        result[row] = Float(sum)
      }
      return result
    }
    let levels = depth == .eight ? 256 : 65_536
    let step = (ColorSpace.Matrix.sampleCount - 1) / (levels - 1)
    light = zip(columns, source.light).flatMap { column, light in
      (0..<levels).map { column * light[$0 * step] }
    }
    self.levels = levels
    samples = target.light.flatMap { Self.samples(in: $0).map { $0 * Float(levels - 1) } }
    codes = levels == 256 ? samples.map { UInt8($0.rounded()) } : []
  }

  /// The samples, 0…1, that stand for the nodes' amounts of light by a curve that rises.
  private static func samples(in light: [Float]) -> [Float] {
    var high = 1
    return (0..<Nodes.count).map { node in
      let amount = Nodes.light(node)
      while high < light.count - 1, light[high] < amount { high += 1 }
      let (below, above) = (light[high - 1], light[high])
      let part = above > below ? min(max((amount - below) / (above - below), 0), 1) : 0
      return (Float(high - 1) + part) / Float(light.count - 1)
    }
  }

  private static func inverse(_ m: [Double]) -> [Double]? {
    func minor(_ a: Int, _ b: Int, _ c: Int, _ d: Int) -> Double { m[a] * m[d] - m[b] * m[c] }
    let adjugate = [
      minor(4, 5, 7, 8), -minor(1, 2, 7, 8), minor(1, 2, 4, 5),
      -minor(3, 5, 6, 8), minor(0, 2, 6, 8), -minor(0, 2, 3, 5),
      minor(3, 4, 6, 7), -minor(0, 1, 6, 7), minor(0, 1, 3, 4),
    ]
    let determinant = m[0] * adjugate[0] + m[1] * adjugate[3] + m[2] * adjugate[6]
    guard abs(determinant) > 1e-9 else { return nil }
    return adjugate.map { $0 / determinant }
  }

  /// Whether no sample of a grid over all colours changes by more than one level of 255.
  func isIdentity(_ depth: PixelFormat.Depth) -> Bool {
    let values = (0...16).map { UInt8($0 * 255 / 16) }
    let grid = values.flatMap { red in
      values.flatMap { green in values.flatMap { blue in [red, green, blue] } }
    }
    var row = grid
    switch depth {
    case .eight:
      var bytes = row.mutableSpan
      apply(to: &bytes, channels: 3)
    case .sixteen:
      var wide = [UInt8](repeating: 0, count: 2 * grid.count)
      ConvertedRows.convert(grid, into: &wide, depth: .sixteen)
      var bytes = wide.mutableSpan
      apply(to: &bytes, channels: 3)
      ConvertedRows.convert(wide, into: &row, depth: .eight)
    }
    return zip(row, grid).allSatisfy { abs(Int($0) - Int($1)) <= 1 }
  }

  /// Converts the pixels of a row, `channels` samples each.
  func apply(to row: inout MutableSpan<UInt8>, channels: Int) {
    if levels == 256 {
      let codes = codes.span
      apply(to: &row, as: UInt8.self, channels) { bits, first in
        codes[first + Int((bits + Nodes.half) >> Nodes.shift)]
      }
    } else {
      let samples = samples.span
      apply(to: &row, as: UInt16.self, channels) { bits, first in
        let node = first + Int(bits >> Nodes.shift)
        let part = Float(bits & (1 << Nodes.shift - 1)) / Float(1 << Nodes.shift)
        let value = samples[node] + (samples[node + 1] - samples[node]) * part
        return UInt16(truncatingIfNeeded: Int32(value + 0.5))
      }
    }
  }

  /// - Parameter encode: Gives the sample for an amount of light, by its place behind the first node
  ///   and the number of a channel's first.
  @inline(__always)
  private func apply<Sample: FixedWidthInteger & UnsignedInteger & BitwiseCopyable>(
    to row: inout MutableSpan<UInt8>, as type: Sample.Type, _ channels: Int,
    encode: (_ bits: UInt32, _ first: Int) -> Sample
  ) {
    func place(_ amount: Float) -> UInt32 {
      max(Nodes.smallest, min(Nodes.largest, amount)).bitPattern &- Nodes.first
    }
    let light = light.span
    let size = MemoryLayout<Sample>.size
    var start = 0
    while start + 3 * size <= row.count {
      let amounts =
        light[Int(row.sample(at: start, as: type))]
        + light[levels &+ Int(row.sample(at: start &+ size, as: type))]
        + light[2 &* levels &+ Int(row.sample(at: start &+ 2 &* size, as: type))]
      row.setSample(at: start, to: encode(place(amounts.x), 0))
      row.setSample(at: start &+ size, to: encode(place(amounts.y), Nodes.count))
      row.setSample(at: start &+ 2 &* size, to: encode(place(amounts.z), 2 &* Nodes.count))
      start &+= channels &* size
    }
  }
}
