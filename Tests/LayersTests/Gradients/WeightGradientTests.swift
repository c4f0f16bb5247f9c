import StyleModels
import Tensors
import TestSupport
import Testing

@testable import Layers

/// The gradient by the weights of every kind of layer that can be trained, of every instruction set,
/// behind a pending norm and ReLU, against its definition in Double.
@Suite(.deadline(minutes: 2)) struct WeightGradientTests {
  static let table: [LayerCase] = {
    var table: [LayerCase] = []
    for (inputs, outputs) in [(4, 4), (16, 17), (17, 33), (33, 16), (40, 40)] {
      table.append(LayerCase(inputs: inputs, outputs: outputs, height: 5, width: 6))
      table.append(LayerCase(inputs: inputs, outputs: outputs, kernel: 1, height: 3, width: 9))
      table.append(LayerCase(inputs: inputs, outputs: outputs, stride: 2, height: 6, width: 9))
    }
    table += LayerCase.strips
    // A picture is read, and one is written.
    for (side, channels) in [(5, 33), (5, 40), (8, 16), (8, 17), (12, 4), (13, 4), (25, 4)] {
      table.append(
        LayerCase(
          inputs: 3, outputs: channels, kernel: 9, readsPicture: true, height: side, width: 7))
      table.append(LayerCase(inputs: channels, outputs: 3, kernel: 9, height: side, width: 7))
    }
    for side in [5, 13, 25] {
      table.append(LayerCase(inputs: 17, outputs: 3, height: side, width: 6))
      table.append(LayerCase(inputs: 4, outputs: 3, kernel: 1, height: side, width: 6))
      table.append(
        LayerCase(inputs: 17, outputs: 3, resampling: .nearest, height: side, width: 6))
    }
    // More rows of Winograd's tiles than are taken at a time.
    table.append(LayerCase(inputs: 2, outputs: 2, height: 41, width: 398))
    for (kernel, stride) in [(1, 1), (3, 1), (3, 2), (9, 2)] {
      table.append(
        LayerCase(
          inputs: 3, outputs: 5, kernel: kernel, stride: stride, readsPicture: true, height: 13,
          width: 12))
    }
    return table + paddings
  }()

  /// Zeros and edges beyond the input, more of them on some sides.
  private static let paddings: [LayerCase] = {
    var table: [LayerCase] = []
    for kind in LayerDescription.Padding.Kind.allCases {
      for (kernel, stride) in [(3, 1), (3, 2), (9, 1), (9, 2)] {
        let half = kernel / 2
        let (even, uneven) = (
          LayerDescription.Padding(kind, half),
          LayerDescription.Padding(kind, top: half - 1, left: 0, bottom: half, right: 2 * half)
        )
        for padding in [even, uneven] {
          table.append(
            LayerCase(
              inputs: kernel == 9 ? 4 : 17, outputs: 4, kernel: kernel, stride: stride,
              padding: padding, height: 13, width: 10))
          table.append(
            LayerCase(
              inputs: 3, outputs: 4, kernel: kernel, stride: stride, padding: padding,
              readsPicture: true, height: 13, width: 10))
        }
        table.append(
          LayerCase(
            inputs: 5, outputs: 4, kernel: kernel, stride: stride, resampling: .nearest,
            padding: even, height: 7, width: 5))
        // A picture is written at stride 1, and not beyond zeros.
        if kind != .zero, stride == 1 {
          table.append(
            LayerCase(
              inputs: 5, outputs: 3, kernel: kernel, padding: uneven, height: 13, width: 10))
        }
      }
    }
    return table
  }()

  /// Two images are added up.
  @Test(arguments: table)
  func agreesWithTheDefinition(_ shape: LayerCase) {
    var other = shape
    other.image = 1
    let expected = zip(shape.naiveWeightGradient(), other.naiveWeightGradient()).map(+)
    let terms = 2 * (shape.geometry.outputHeight * shape.geometry.outputWidth + 1)
    // Winograd's transforms let rounding grow by their factors.
    let isWinograd = shape.kernel == 3 && shape.stride == 1 && !shape.readsPicture
    let tolerance =
      Float(terms) * LayerCase.largestInput * (isWinograd ? 16 : 2) * Float.ulpOfOne
    for kernels in KernelSet.available {
      let weights = shape.weightGradient(kernels)
      weights.add(shape)
      weights.add(other)
      #expect(
        largestDifference(weights.values(), expected.map(Float.init)) <= tolerance, "\(kernels)")
    }
  }

  @Test(arguments: [
    LayerCase(inputs: 17, outputs: 5, height: 13, width: 9),
    LayerCase(inputs: 3, outputs: 5, kernel: 9, readsPicture: true, height: 13, width: 9),
    LayerCase(inputs: 17, outputs: 3, kernel: 9, height: 13, width: 9),
  ])
  func clearedSumsBeginAnew(_ shape: LayerCase) {
    var other = shape
    other.image = 1
    let (fresh, used) = (
      shape.weightGradient(KernelSet.available[0]), shape.weightGradient(KernelSet.available[0])
    )
    fresh.add(shape)
    used.add(other)
    used.clear()
    used.add(shape)
    #expect(used.values() == fresh.values())
  }

  /// The oracle's own test: L is linear in the weights, so that `Σ w · ∂L/∂w` is L less what the bias
  /// gives.
  @Test(arguments: table.filter { $0.height * $0.width < 100 })
  func definitionIsThatOfTheConvolution(_ shape: LayerCase) {
    let (bias, gradient) = (shape.bias, shape.gradient)
    var loss = 0.0
    for (output, plane) in shape.naive().enumerated() {
      for (value, slope) in zip(plane, gradient[output]) {
        loss += (value - Double(bias[output])) * Double(slope)
      }
    }
    let led = zip(shape.weights, shape.naiveWeightGradient()).reduce(0) {
      $0 + Double($1.0) * $1.1
    }
    #expect(abs(led - loss) <= 1e-9 * max(1, abs(loss)))
  }

  @Test(arguments: [2, 3])
  func workersDoNotChangeABit(_ workers: Int) {
    for shape in [
      LayerCase(inputs: 33, outputs: 40, height: 25, width: 9),
      LayerCase(inputs: 3, outputs: 40, kernel: 9, readsPicture: true, height: 25, width: 9),
      LayerCase(inputs: 17, outputs: 3, kernel: 9, height: 25, width: 9),
    ] {
      let (alone, together) = (
        shape.weightGradient(KernelSet.available[0]),
        shape.weightGradient(KernelSet.available[0], workers: workers)
      )
      alone.add(shape)
      together.add(shape)
      #expect(alone.values() == together.values())
    }
  }
}
