import StyleModels
import Tensors
import TestSupport
import Testing

@testable import Layers

/// The way back through every kind of layer that can be trained, of every instruction set, against the
/// gradient's definition in Double, with outputs and the workers' memory poisoned beforehand.
@Suite(.deadline(minutes: 2)) struct InputGradientTests {
  /// Below, at and above the blocks of channels, the strips of rows and the tiles of columns.
  static let table: [LayerCase] = {
    var table: [LayerCase] = []
    for (inputs, outputs) in [(4, 4), (16, 17), (17, 33), (33, 16), (16, 40), (40, 3)] {
      table.append(LayerCase(inputs: inputs, outputs: outputs, height: 5, width: 6))
      table.append(LayerCase(inputs: inputs, outputs: outputs, kernel: 1, height: 3, width: 9))
    }
    for (inputs, outputs) in [(4, 4), (16, 17), (33, 40)] {
      table.append(LayerCase(inputs: inputs, outputs: outputs, stride: 2, height: 6, width: 9))
    }
    table += LayerCase.strips
    for side in [5, 8, 13] {
      table.append(LayerCase(inputs: 4, outputs: 3, kernel: 9, height: side, width: 7))
      table.append(LayerCase(inputs: 4, outputs: 5, kernel: 9, height: 6, width: side))
      table.append(
        LayerCase(inputs: 4, outputs: 5, kernel: 9, stride: 2, height: 13, width: side))
      table.append(
        LayerCase(
          inputs: 3, outputs: 17, padding: .init(.zero, 1), readsPicture: true, height: side,
          width: 7))
    }
    return table + paddings + acrossTiles
  }()

  /// Zeros and edges beyond the input, more of them on some sides, and maxima.
  private static let paddings: [LayerCase] = {
    var table: [LayerCase] = []
    func add(
      _ padding: LayerDescription.Padding, kernel: Int, stride: Int = 1,
      resampling: LayerDescription.Resampling = .none, _ height: Int, _ width: Int
    ) {
      table.append(
        LayerCase(
          inputs: kernel == 9 ? 4 : 17, outputs: 4, kernel: kernel, stride: stride,
          resampling: resampling, padding: padding, height: height, width: width))
    }
    for kind in LayerDescription.Padding.Kind.allCases {
      for (kernel, stride) in [(1, 1), (1, 2), (3, 1), (3, 2), (9, 1), (9, 2)] {
        let half = kernel / 2
        add(.init(kind, half), kernel: kernel, stride: stride, 13, 10)
        add(.init(kind, half), kernel: kernel, stride: stride, resampling: .nearest, 6, 5)
        if half > 0 {
          add(
            .init(kind, top: half - 1, left: 0, bottom: half, right: 2 * half), kernel: kernel,
            stride: stride, 12, 11)
        }
      }
      if kind != .reflection { add(.init(kind, 1), kernel: 3, 1, 1) }
    }
    add(.init(.zero, 0), kernel: 3, 6, 7)
    add(.init(.zero, 0), kernel: 9, stride: 2, 12, 13)
    for (height, width) in [(2, 2), (3, 5), (24, 9), (25, 8), (27, 10)] {
      add(.init(.zero, 1), kernel: 3, resampling: .maximum, height, width)
      add(.init(.zero, 0), kernel: 1, resampling: .maximum, height, width)
    }
    return table
  }()

  /// One column below a tile, a tile, one column more, and two tiles with one more.
  private static let acrossTiles: [LayerCase] = {
    var table: [LayerCase] = []
    for (tiles, more) in [(1, -1), (1, 0), (1, 1), (2, 1)] {
      for padding in [LayerDescription.Padding(.zero, 1), .init(.reflection, 1)] {
        var plain = LayerCase(inputs: 2, outputs: 17, padding: padding, height: 2, width: 9)
        // A padded input is two columns wider.
        plain.width =
          tiles * plain.backwardTileWidth + more - (padding.kind == .zero ? 0 : 2)
        table.append(plain)
      }
      var strided = LayerCase(inputs: 2, outputs: 33, stride: 2, height: 2, width: 9)
      strided.width = tiles * strided.backwardTileWidth + more - 2
      table.append(strided)
    }
    return table
  }()

  @Test(arguments: table)
  func agreesWithTheDefinition(_ shape: LayerCase) {
    let expected = shape.naiveInputGradient()
    let terms = (shape.outputs * shape.kernel * shape.kernel + 1) * shape.mostPlaces
    // Winograd's transforms let rounding grow by their factors.
    let tolerance = Double(terms * (shape.kernel == 3 ? 8 : 1)) * 2 * Double(Float.ulpOfOne)
    var samples = Samples(seed: 16)
    let start = (0..<shape.inputs).map { _ in samples.array(shape.height * shape.width) }
    for kernels in KernelSet.available {
      for start in shape.readsPicture ? [nil] : [nil, start] {
        let map = shape.inputGradient(kernels, addingTo: start)
        #expect(!map.buffer.samples.contains { $0.isNaN }, "\(kernels)")
        expectNothingAbove(map, kernels)
        let found = planes(of: map, shape)
        for channel in 0..<shape.inputs {
          let worst = found[channel].indices.reduce(0) { worst, place in
            let before = Double(start?[channel][place] ?? 0)
            return max(
              worst, abs(Double(found[channel][place]) - before - expected[channel][place]))
          }
          #expect(worst <= tolerance, "channel \(channel), \(kernels), adds \(start != nil)")
        }
      }
    }
  }

  /// Other weights in the place of those that the way back had, whatever its algorithm: trained weights
  /// change with every step. Those of Winograd are then computed in Float.
  @Test(arguments: [
    LayerCase(inputs: 17, outputs: 33, height: 13, width: 9),
    LayerCase(inputs: 17, outputs: 5, stride: 2, height: 13, width: 9),
    LayerCase(inputs: 17, outputs: 3, kernel: 9, height: 13, width: 9),
    LayerCase(
      inputs: 3, outputs: 17, padding: .init(.zero, 1), readsPicture: true, height: 13, width: 9),
  ])
  func repackedWeightsAreThoseGivenLast(_ shape: LayerCase) {
    for kernels in KernelSet.available {
      let fresh = shape.inputGradient(kernels)
      let repacked = shape.inputGradient(kernels, isRepacked: true)
      let tolerance = Float(shape.outputs * 9 * shape.mostPlaces) * 8 * Float.ulpOfOne
      let difference = largestDifference(fresh.buffer.samples, repacked.buffer.samples)
      let isWinograd = shape.kernel == 3 && shape.stride == 1 && !shape.readsPicture
      #expect(difference <= (isWinograd ? tolerance : 0), "\(kernels)")
    }
  }

  /// `[C][H · W]`.
  private func planes(of map: FeatureMap, _ shape: LayerCase) -> [[Float]] {
    guard shape.readsPicture else { return map.planes.map { Array($0.joined()) } }
    return (0..<3).map { channel in
      (0..<shape.height).flatMap { y in
        (0..<shape.width).map { map.row(y)[$0 * map.lanes + channel] }
      }
    }
  }

  /// Lanes above the last channel are 0.
  private func expectNothingAbove(_ map: FeatureMap, _ kernels: KernelSet) {
    let unused = map.channels % map.lanes
    guard unused > 0 else { return }
    for y in 0..<map.height {
      let row = map.row(y, block: map.blocks - 1)
      for x in 0..<map.width {
        for lane in unused..<map.lanes where row[x * map.lanes + lane] != 0 {
          Issue.record("row \(y), column \(x), lane \(lane) isn't 0 (\(kernels))")
          return
        }
      }
    }
  }

  /// The oracle's own test: L is linear in the input that the convolution sees, so that
  /// `Σ x · ∂L/∂x` is L less what the bias gives.
  @Test(arguments: table.filter { $0.height * $0.width < 200 })
  func definitionIsThatOfTheConvolution(_ shape: LayerCase) {
    let (bias, gradient) = (shape.bias, shape.gradient)
    var loss = 0.0
    for (output, plane) in shape.naive().enumerated() {
      for (value, slope) in zip(plane, gradient[output]) {
        loss += (value - Double(bias[output])) * Double(slope)
      }
    }
    let led = shape.naiveInputGradient().enumerated().reduce(0) { sum, channel in
      zip(shape.activated(channel.offset), channel.element).reduce(sum) { $0 + $1.0 * $1.1 }
    }
    #expect(abs(led - loss) <= 1e-9 * max(1, abs(loss)))
  }

  @Test(arguments: [2, 3])
  func workersDoNotChangeABit(_ workers: Int) {
    for shape in [
      LayerCase(inputs: 17, outputs: 5, height: 25, width: 9),
      LayerCase(inputs: 4, outputs: 17, stride: 2, height: 25, width: 9),
      LayerCase(
        inputs: 17, outputs: 4, resampling: .maximum, padding: .init(.zero, 1), height: 51,
        width: 9),
    ] {
      let alone = shape.inputGradient(KernelSet.available[0])
      let together = shape.inputGradient(KernelSet.available[0], workers: workers)
      #expect(alone.buffer.samples == together.buffer.samples)
    }
  }
}
