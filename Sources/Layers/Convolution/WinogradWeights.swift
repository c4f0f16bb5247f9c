import StyleModels
import Tensors

/// `U = G g Gᵀ` of a layer's kernels, in the order in which they are multiplied with.
///
/// Computed in Double, as this is done but once.
package struct WinogradWeights {
  private let convolution: LayerDescription.Convolution
  private let isUpsampled: Bool

  package init(_ convolution: LayerDescription.Convolution, isUpsampled: Bool) {
    self.convolution = convolution
    self.isUpsampled = isUpsampled
  }

  /// G for the points 0, 1, −1, 2, −2 and ∞.
  private static let basis: [[Double]] = [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ]

  /// G for enlarged images. There V₁ is 2v and V₂ is 0, V₃ is 3e and V₄ is −e, of which v and e are
  /// kept: the factors go here, and as the output wants M₃ + M₄ and M₃ − M₄, these rows stand for both.
  private static let upsampledBasis: [[Double]] = [
    basis[0], basis[1].map { 2 * $0 }, zip(basis[3], basis[4]).map { 3 * $0 - $1 },
    zip(basis[3], basis[4]).map { 3 * $0 + $1 }, basis[5],
  ]

  package static func products(isUpsampled: Bool) -> Int { isUpsampled ? 25 : 36 }

  /// Tells which matrix V a product is of.
  package static func matrix(of product: Int, isUpsampled: Bool) -> Int {
    guard isUpsampled else { return product }
    // 0, 1, 2, 2 and 3 in either direction.
    func kept(_ row: Int) -> Int { row < 3 ? row : row - 1 }
    return kept(product / 5) * 4 + kept(product % 5)
  }

  /// `[O, I, 3, 3]` as `[output block pairs][products][input blocks][16][16 or 32]`.
  package func packed(_ weights: [Float]) -> AlignedBuffer {
    let products = Self.products(isUpsampled: isUpsampled)
    let buffer = AlignedBuffer(
      count: products * inputLanes * outputBlocks * FeatureMap.blockLanes)
    buffer.start.update(repeating: 0, count: buffer.count)
    pack(weights, into: buffer, computing: Double.self)
    return buffer
  }

  private var inputLanes: Int {
    FeatureMap.blockCount(channels: convolution.inputChannels) * FeatureMap.blockLanes
  }
  private var outputBlocks: Int { FeatureMap.blockCount(channels: convolution.outputChannels) }

  /// Packs weights into what `packed` has given, 16 outputs at a time.
  ///
  /// - Parameter type: What it is computed in: Float is as exact as weights that are trained need.
  package func pack<Scalar: SIMDScalar & BinaryFloatingPoint>(
    _ weights: [Float], into buffer: AlignedBuffer, computing type: Scalar.Type
  ) {
    typealias Lanes = SIMD16<Scalar>
    let basis = (isUpsampled ? Self.upsampledBasis : Self.basis).map { $0.map { Scalar($0) } }
    let lanes = FeatureMap.blockLanes
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    let (inputLanes, size) = (inputLanes, basis.count)
    weights.withUnsafeBufferPointer { weights in
      for block in 0..<outputBlocks {
        var taps = [Lanes](repeating: .zero, count: 9)
        let first = block / 2 * 2
        let pairLanes = min(2, outputBlocks - first) * lanes
        let pair = buffer.start + first * lanes * size * size * inputLanes + block % 2 * lanes
        let count = min(lanes, outputs - block * lanes)
        for input in 0..<inputs {
          for lane in 0..<count {
            let kernel = ((block * lanes + lane) * inputs + input) * 9
            for tap in 0..<9 { taps[tap][lane] = Scalar(weights[kernel + tap]) }
          }
          var next = pair + input * pairLanes
          for row in basis {
            let half0 = row[0] * taps[0] + row[1] * taps[3] + row[2] * taps[6]
            let half1 = row[0] * taps[1] + row[1] * taps[4] + row[2] * taps[7]
            let half2 = row[0] * taps[2] + row[1] * taps[5] + row[2] * taps[8]
            for column in basis {
              let value = half0 * column[0] + half1 * column[1] + half2 * column[2]
              UnsafeMutableRawPointer(next).assumingMemoryBound(to: SIMD16<Float>.self).pointee =
                SIMD16<Float>(value)
              next += inputLanes * pairLanes
            }
          }
        }
      }
    }
  }

  /// The way back: `Gᵀ M G` of 36 products for 16 outputs.
  ///
  /// - Parameters:
  ///   - products: 16 outputs each, `stride` samples apart, row by row.
  ///   - kernels: The place of the first output's nine.
  ///   - distance: Samples from one output's to the next's.
  ///   - count: Outputs that there are.
  package static func gradient(
    _ products: UnsafePointer<Float>, stride: Int, into kernels: UnsafeMutablePointer<Float>,
    distance: Int, count: Int
  ) {
    typealias Lanes = SIMD16<Float>
    let rows = gradientBasis
    var taps = (0..<9).map { _ in Lanes.zero }
    for i in 0..<6 {
      var (half0, half1, half2) = (Lanes.zero, Lanes.zero, Lanes.zero)
      for j in 0..<6 {
        let product = UnsafeRawPointer(products + (i * 6 + j) * stride)
          .assumingMemoryBound(to: Lanes.self).pointee
        half0 += rows[3 * j] * product
        half1 += rows[3 * j + 1] * product
        half2 += rows[3 * j + 2] * product
      }
      for row in 0..<3 {
        taps[3 * row] += rows[3 * i + row] * half0
        taps[3 * row + 1] += rows[3 * i + row] * half1
        taps[3 * row + 2] += rows[3 * i + row] * half2
      }
    }
    for lane in 0..<count {
      for tap in 0..<9 { kernels[lane * distance + tap] = taps[tap][lane] }
    }
  }

  private static let gradientBasis = basis.flatMap { $0.map { Float($0) } }
}
