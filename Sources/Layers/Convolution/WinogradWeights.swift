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
  private static let basis: [SIMD3<Double>] = [
    [1 / 4, 0, 0],
    [-1 / 6, -1 / 6, -1 / 6],
    [-1 / 6, 1 / 6, -1 / 6],
    [1 / 24, 1 / 12, 1 / 6],
    [1 / 24, -1 / 12, 1 / 6],
    [0, 0, 1],
  ]

  /// G for enlarged images. There V₁ is 2v and V₂ is 0, V₃ is 3e and V₄ is −e, of which v and e are
  /// kept: the factors go here, and as the output wants M₃ + M₄ and M₃ − M₄, these rows stand for both.
  private static let upsampledBasis: [SIMD3<Double>] = [
    basis[0], 2 * basis[1], 3 * basis[3] - basis[4], 3 * basis[3] + basis[4], basis[5],
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
    pack(weights, into: buffer)
    return buffer
  }

  private var inputLanes: Int {
    FeatureMap.blockCount(channels: convolution.inputChannels) * FeatureMap.blockLanes
  }
  private var outputBlocks: Int { FeatureMap.blockCount(channels: convolution.outputChannels) }

  /// Packs weights into what `packed` has given.
  package func pack(_ weights: [Float], into buffer: AlignedBuffer) {
    let basis = isUpsampled ? Self.upsampledBasis : Self.basis
    let lanes = FeatureMap.blockLanes
    let (inputs, outputs) = (convolution.inputChannels, convolution.outputChannels)
    let (inputLanes, products) = (inputLanes, basis.count * basis.count)
    weights.withUnsafeBufferPointer { weights in
      basis.withUnsafeBufferPointer { basis in
        for first in stride(from: 0, to: outputBlocks, by: 2) {
          let pairLanes = min(2, outputBlocks - first) * lanes
          let pair = buffer.start + first * lanes * products * inputLanes
          for input in 0..<inputs {
            // Outputs innermost: their places lie side by side.
            for output in first * lanes..<min(first * lanes + pairLanes, outputs) {
              let kernel = UnsafeBufferPointer(
                rebasing: weights[(output * inputs + input) * 9..<weights.count])
              Self.transform(
                kernel, basis, into: pair + input * pairLanes + output - first * lanes,
                stride: inputLanes * pairLanes)
            }
          }
        }
      }
    }
  }

  /// The way back: `Gᵀ M G` of 36 products, which are samples `stride` apart, row by row.
  package static func gradient(
    _ products: UnsafePointer<Float>, stride: Int, into kernel: UnsafeMutablePointer<Float>
  ) {
    var (first, second, third) = (SIMD3<Double>.zero, SIMD3<Double>.zero, SIMD3<Double>.zero)
    basis.withUnsafeBufferPointer { basis in
      for (i, row) in basis.enumerated() {
        var half = SIMD3<Double>.zero
        for (j, column) in basis.enumerated() {
          half += Double(products[(i * basis.count + j) * stride]) * column
        }
        first += row.x * half
        second += row.y * half
        third += row.z * half
      }
    }
    for (row, values) in [first, second, third].enumerated() {
      for column in 0..<3 { kernel[3 * row + column] = Float(values[column]) }
    }
  }

  /// Computes `G g Gᵀ`, row by row, into samples `stride` apart.
  private static func transform(
    _ kernel: UnsafeBufferPointer<Float>, _ basis: UnsafeBufferPointer<SIMD3<Double>>,
    into result: UnsafeMutablePointer<Float>, stride: Int
  ) {
    func taps(_ row: Int) -> SIMD3<Double> {
      SIMD3(Double(kernel[3 * row]), Double(kernel[3 * row + 1]), Double(kernel[3 * row + 2]))
    }
    let (first, second, third) = (taps(0), taps(1), taps(2))
    var next = result
    for row in basis {
      let half = row.x * first + row.y * second + row.z * third
      for column in basis {
        next.pointee = Float((half * column).sum())
        next += stride
      }
    }
  }
}
