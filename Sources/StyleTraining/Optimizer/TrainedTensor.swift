/// Numbers that are trained, with what the optimizer remembers of them.
struct TrainedTensor: Sendable {
  /// The name in a style's or a network's file, behind that of the style where several are trained.
  let name: String
  let shape: [Int]
  var values: [Float]
  var gradient: [Float]
  /// Adam's running means of the gradient and of its square.
  var mean: [Float]
  var square: [Float]

  init(_ name: String, shape: [Int], _ values: [Float]) {
    self.name = name
    self.shape = shape
    self.values = values
    gradient = [Float](repeating: 0, count: values.count)
    mean = gradient
    square = gradient
  }

  /// Changes each number, by its gradient, with its means.
  @inline(__always)
  mutating func update(
    _ change: (
      _ gradient: Float, _ value: inout Float, _ mean: inout Float, _ square: inout Float
    ) -> Void
  ) {
    let count = values.count
    gradient.withUnsafeBufferPointer { gradient in
      values.withUnsafeMutableBufferPointer { values in
        mean.withUnsafeMutableBufferPointer { mean in
          square.withUnsafeMutableBufferPointer { square in
            for place in 0..<count {
              change(gradient[place], &values[place], &mean[place], &square[place])
            }
          }
        }
      }
    }
  }
}
