import Glibc
import Tensors

/// Adam: each number goes a step of about the rate against its gradient's running mean, by the root of
/// that of its square.
///
/// `m = β₁m + (1 − β₁)g`, `v = β₂v + (1 − β₂)g²`, `w −= rate · (m / (1 − β₁ᵗ)) / (√(v / (1 − β₂ᵗ)) + ε)`,
/// for g brought to a norm of at most `clipping` over all numbers.
///
/// Paper: Kingma and Ba 2015, arXiv:1412.6980.
struct Adam: Equatable, Sendable {
  var beta1 = 0.9
  var beta2 = 0.99
  var epsilon = 1e-8
  /// The longest that the gradient may be, as a vector of all numbers.
  var clipping = 5.0
  /// Steps done.
  var steps = 0

  /// The length of the gradient, as a vector of all numbers; not finite where one of them isn't.
  static func gradientNorm(of tensors: [TrainedTensor]) -> Double {
    var sum = 0.0
    for tensor in tensors {
      for value in tensor.gradient { sum += Double(value) * Double(value) }
    }
    return sum.squareRoot()
  }

  /// Makes a step.
  ///
  /// - Parameter norm: The gradient's length, which is finite.
  mutating func step(
    _ tensors: inout [TrainedTensor], rate: Double, gradientNorm norm: Double, pool: WorkerPool
  ) {
    steps += 1
    let clip = Float(norm > clipping ? clipping / (norm + 1e-6) : 1)
    let root2 = (1 - pow(beta2, Double(steps))).squareRoot()
    let step = Float(rate / (1 - pow(beta1, Double(steps))))
    let (keep1, keep2) = (Float(beta1), Float(beta2))
    let (new1, new2) = (Float(1 - beta1), Float(1 - beta2))
    let (scale2, small) = (Float(1 / root2), Float(epsilon))
    tensors.withUnsafeMutableBufferPointer { tensors in
      pool.run(tensors.count) { index, _ in
        tensors[index].update { gradient, values, mean, square in
          let slope = clip * gradient
          mean = keep1 * mean + new1 * slope
          square = keep2 * square + new2 * slope * slope
          values -= step * mean / (square.squareRoot() * scale2 + small)
        }
      }
    }
  }
}
