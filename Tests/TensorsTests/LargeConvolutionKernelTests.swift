import CKernelArguments
import TestSupport
import Testing

@testable import Tensors

/// The kernels of Winograd's F(3×3, 3×3), on blocks and on planes, as `KernelTests` holds the others to
/// the reference.
@Suite struct LargeConvolutionKernelTests {
  /// F(3, 3) in one direction: factors add up to 6 and to 7. Windows begin anywhere, on planes.
  @Test(arguments: KernelSet.available, [1, 3, 16])
  func fiveAreTransformedAndCombinedAsTheReferenceDoes(_ kernels: KernelSet, _ wrap: Int) {
    var samples = Samples(seed: 20)
    for (rows, count) in [(1, 16), (3, 48)] {
      let input = samples.buffer(rows * (3 * count + wrap) + 16)
      func transform(_ kernels: KernelSet) -> [Float] {
        let output = AlignedBuffer.poisoned(5 * (rows * (count + 16)) + 16)
        kernels.transformFive(
          .init(
            output: output.start, outputStride: rows * (count + 16), outputRowStride: count + 16,
            input: input.start, inputStride: count, inputWrap: wrap, inputRowStride: 3 * count,
            rows: rows, count: count))
        return output.samples
      }
      #expect(largestDifference(transform(kernels), transform(.reference)) <= 6 * Float.ulpOfOne)
      let products = samples.buffer(5 * (count + 16))
      func combine(_ kernels: KernelSet) -> [Float] {
        let output = AlignedBuffer.poisoned(3 * (count + 16) + 16)
        kernels.combineFive(
          .init(
            output: output.start, outputStride: count + 16, input: products.start,
            inputStride: count + 16, count: count))
        return output.samples
      }
      #expect(largestDifference(combine(kernels), combine(.reference)) <= 14 * Float.ulpOfOne)
    }
  }

  @Test(arguments: KernelSet.available, [1, 2, 7, 8, 9])
  func largeOutputTransformAgreesWithReference(_ kernels: KernelSet, _ tiles: Int) {
    var samples = Samples(seed: 21)
    let stride = (tiles + 1) * 16
    let input = samples.buffer(25 * stride)
    let bias = samples.buffer(16)
    let rowStride = (tiles * 3 + 1) * 16
    func run(_ kernels: KernelSet) -> [Float] {
      let output = AlignedBuffer.poisoned(3 * rowStride)
      kernels.transformLargeOutput(
        .init(
          output: output.start, outputRowStride: rowStride, tiles: tiles, input: input.start,
          inputMatrixStride: stride, bias: bias.start))
      return output.samples
    }
    #expect(largestDifference(run(kernels), run(.reference)) <= 49 * 4 * Float.ulpOfOne)
  }

  @Test(arguments: KernelSet.available, [16, 48])
  func planesAreGatheredAsTheReferenceDoes(_ kernels: KernelSet, _ count: Int) {
    var samples = Samples(seed: 22)
    let input = samples.buffer(8 * 16)
    input.start[5] = .nan
    let (scale, shift) = (samples.buffer(16), samples.buffer(16))
    let columns = (0..<count).map { Int32($0 * 5 % 9 - 1) }
    for floor in [0, -Float.infinity].map({ AlignedBuffer([Float](repeating: $0, count: 16)) }) {
      func run(_ kernels: KernelSet) -> [Float] {
        let output = AlignedBuffer.poisoned(16 * (count + 16))
        columns.withUnsafeBufferPointer { columns in
          guard let columns = columns.baseAddress else { return }
          kernels.gatherPlanes(
            .init(
              output: output.start, outputStride: count + 16, input: input.start,
              columns: columns, count: count,
              affine: .init(scale: scale.start, shift: shift.start, floor: floor.start)))
        }
        return output.samples
      }
      #expect(largestDifference(run(kernels), run(.reference)) <= 2 * Float.ulpOfOne)
    }
  }

  /// Below, at and above a register's samples in every direction.
  @Test(
    arguments: KernelSet.available,
    [(1, 1, 64), (1, 3, 64), (3, 3, 128), (16, 1, 64), (16, 3, 192)])
  func convolvePlanesAgreesWithReference(
    _ kernels: KernelSet, _ shape: (channels: Int, size: Int, count: Int)
  ) {
    var samples = Samples(seed: 23)
    let (rowStride, count) = (shape.count + 17, shape.count)
    let input = samples.buffer(shape.channels * shape.size * rowStride + 64)
    let weights = samples.buffer(shape.channels * shape.size * shape.size * 3)
    let start = samples.array(3 * (count + 16))
    let taps = Float(shape.channels * shape.size * shape.size)
    for adds in [false, true] {
      func run(_ kernels: KernelSet) -> [Float] {
        let output = adds ? AlignedBuffer(start) : .poisoned(3 * (count + 16))
        kernels.convolvePlanes(
          .init(
            output: output.start, outputStride: count + 16, count: count, adds: adds,
            input: input.start, inputChannelStride: shape.size * rowStride,
            inputRowStride: rowStride, channels: shape.channels, kernelSize: shape.size,
            weights: weights.start))
        return output.samples
      }
      #expect(largestDifference(run(kernels), run(.reference)) <= (taps + 1) * 2 * Float.ulpOfOne)
    }
  }

  @Test(arguments: KernelSet.available, [1, 2, 29])
  func planesAreMergedAsTheReferenceDoes(_ kernels: KernelSet, _ tiles: Int) {
    var samples = Samples(seed: 24)
    let input = samples.buffer(9 * (tiles + 3))
    let bias = samples.buffer(3)
    func run(_ kernels: KernelSet) -> [Float] {
      let output = AlignedBuffer.poisoned(12 * tiles + 16)
      kernels.mergePlanes(
        .init(
          output: output.start, tiles: tiles, input: input.start,
          inputColumnStride: 3 * (tiles + 3), inputChannelStride: tiles + 3, bias: bias.start))
      return output.samples
    }
    #expect(largestDifference(run(kernels), run(.reference)) == 0)
  }
}

/// The largest difference where poison that both leave in place agrees.
private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  TestSupport.largestDifference(a, b, matchingNaNs: true)
}
