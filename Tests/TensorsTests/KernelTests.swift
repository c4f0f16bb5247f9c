import CKernelArguments
import TestSupport
import Testing

@testable import Tensors

/// Every kernel of every instruction set at hand against the plain reference, with outputs poisoned
/// beforehand and a guard behind them. Tolerances are terms · largest product · 2 · 2⁻²⁴.
@Suite struct KernelTests {
  struct Convolution: Sendable, CustomTestStringConvertible {
    var blocks = 1
    var pixels = 8
    var kernelHeight = 3
    var kernelWidth = 3
    var channels = 16
    var stride = 1
    var lanes = 16

    var testDescription: String {
      "\(pixels) pixels × \(blocks) blocks, \(kernelHeight)×\(kernelWidth)×\(channels), "
        + "stride \(stride), \(lanes) lanes"
    }

    /// Below, at and above each set's tiles, in every direction.
    static let table: [Convolution] = {
      var table: [Convolution] = []
      for blocks in [1, 2] {
        for pixels in [8, 16, 24, 32, 40, 48] {
          table.append(Convolution(blocks: blocks, pixels: pixels))
        }
        for channels in [1, 2, 3, 4, 15] {
          table.append(Convolution(blocks: blocks, channels: channels))
        }
        for (height, width) in [(1, 1), (1, 9), (9, 1), (9, 9), (9, 13)] {
          table.append(Convolution(blocks: blocks, kernelHeight: height, kernelWidth: width))
        }
        for stride in [2, 5] {
          table.append(Convolution(blocks: blocks, pixels: 16, stride: stride))
        }
        table.append(
          Convolution(blocks: blocks, kernelHeight: 9, kernelWidth: 9, channels: 3, lanes: 4))
      }
      return table
    }()
  }

  @Test(arguments: KernelSet.available, Convolution.table)
  func convolveRowAgreesWithReference(_ kernels: KernelSet, _ shape: Convolution) {
    var samples = Samples(seed: 1)
    let width = (shape.pixels - 1) * shape.stride + shape.kernelWidth
    let input = samples.buffer(shape.kernelHeight * width * shape.lanes)
    let taps = shape.kernelHeight * shape.kernelWidth * shape.channels
    // Blocks of weights lie side by side, as a layer packs them, or each by itself, as a map has them.
    let weights = samples.buffer(taps * shape.blocks * 16)
    let isApart = shape.pixels == 16
    let bias = samples.buffer(shape.blocks * 16)
    let blockStride = shape.pixels * 16 + 64
    func run(_ kernels: KernelSet, startingWith output: AlignedBuffer, bias: AlignedBuffer?)
      -> [Float]
    {
      kernels.convolveRow(
        .init(
          output: output.start, outputBlockStride: blockStride, blocks: shape.blocks,
          pixels: shape.pixels, bias: bias.map { UnsafePointer($0.start) }, input: input.start,
          inputRowStride: width * shape.lanes, inputColumnStride: shape.lanes,
          inputPixelStride: shape.stride * shape.lanes, weights: weights.start,
          weightStride: isApart ? 16 : shape.blocks * 16,
          weightBlockStride: isApart ? taps * 16 : 16,
          kernelHeight: shape.kernelHeight, kernelWidth: shape.kernelWidth,
          channels: shape.channels))
      return output.samples
    }
    let tolerance = Float(taps + 1) * 2 * Float.ulpOfOne
    let count = shape.blocks * blockStride
    let fresh = run(kernels, startingWith: AlignedBuffer.poisoned(count), bias: bias)
    let expected = run(.reference, startingWith: AlignedBuffer.poisoned(count), bias: bias)
    #expect(largestDifference(fresh, expected) <= tolerance)
    // Going on from what is there, as the second block of input channels does.
    let again = run(kernels, startingWith: AlignedBuffer(expected), bias: nil)
    let expectedAgain = run(.reference, startingWith: AlignedBuffer(expected), bias: nil)
    #expect(largestDifference(again, expectedAgain) <= 2 * tolerance)
  }

  /// The borders of tiles must not show: where every pixel reads the same, each sum is the same.
  @Test(arguments: KernelSet.available)
  func convolveRowGivesEqualPixelsForEqualInput(_ kernels: KernelSet) {
    var samples = Samples(seed: 2)
    let shape = Convolution(blocks: 2, pixels: 40)
    let pixel = (0..<16).map { _ in samples.next() }
    let input = AlignedBuffer((0..<3 * 42).flatMap { _ in pixel })
    let weights = samples.buffer(9 * 16 * 32)
    let bias = samples.buffer(32)
    let output = AlignedBuffer.poisoned(2 * 40 * 16)
    kernels.convolveRow(
      .init(
        output: output.start, outputBlockStride: 40 * 16, blocks: shape.blocks,
        pixels: shape.pixels, bias: bias.start, input: input.start, inputRowStride: 42 * 16,
        inputColumnStride: 16, inputPixelStride: 16, weights: weights.start, weightStride: 32,
        weightBlockStride: 16,
        kernelHeight: shape.kernelHeight, kernelWidth: shape.kernelWidth,
        channels: shape.channels))
    for block in 0..<2 {
      let row = output.samples[block * 640..<(block + 1) * 640]
      for column in 1..<40 {
        #expect(row.dropFirst(column * 16).prefix(16).elementsEqual(row.prefix(16)))
      }
    }
  }

  @Test(arguments: KernelSet.available, [0, 1, 7, 8, 9, 31])
  func gathersAgreeWithReference(_ kernels: KernelSet, _ count: Int) {
    var samples = Samples(seed: 3)
    let input = samples.buffer(8 * 16)
    input.start[5] = .nan
    let (scale, shift) = (samples.buffer(16), samples.buffer(16))
    let columns = (0..<max(count, 1)).map { Int32($0 * 5 % 8) }
    for floor in [0, -Float.infinity].map({ AlignedBuffer([Float](repeating: $0, count: 16)) }) {
      func run(_ kernels: KernelSet) -> [Float] {
        let output = AlignedBuffer([Float](repeating: 7, count: count * 16 + 16))
        columns.withUnsafeBufferPointer { columns in
          guard let columns = columns.baseAddress else { return }
          kernels.gatherBlocks(
            .init(
              output: output.start, input: input.start, columns: columns, count: count,
              affine: .init(scale: scale.start, shift: shift.start, floor: floor.start)))
        }
        return output.samples
      }
      #expect(
        largestDifference(run(kernels), run(.reference)) <= 2 * Float.ulpOfOne)
    }
    func run(_ kernels: KernelSet) -> [Float] {
      let output = AlignedBuffer([Float](repeating: 7, count: count * 4 + 4))
      columns.withUnsafeBufferPointer { columns in
        guard let columns = columns.baseAddress else { return }
        kernels.gatherPixels(
          .init(output: output.start, input: input.start, columns: columns, count: count))
      }
      return output.samples
    }
    #expect(largestDifference(run(kernels), run(.reference)) == 0)
  }

  /// The largest of four in whichever place it stands, below the floor too, and NaN beside and below.
  @Test(arguments: KernelSet.available, [0, 1, 7, 8, 9, 31])
  func gatherMaximumAgreesWithReference(_ kernels: KernelSet, _ count: Int) {
    var samples = Samples(seed: 8)
    let width = 2 * 8 * 16
    let input = samples.buffer(2 * width)
    // One in each of the four places of a window, in lanes of their own.
    for (lane, place) in [0, 16, width, width + 16].enumerated() {
      input.start[place + 64 + lane] = .nan
    }
    let (scale, shift) = (samples.buffer(16), samples.buffer(16))
    let columns = (0..<max(count, 1)).map { Int32($0 * 5 % 8) }
    for floor in [0, -Float.infinity].map({ AlignedBuffer([Float](repeating: $0, count: 16)) }) {
      func run(_ kernels: KernelSet) -> [Float] {
        let output = AlignedBuffer([Float](repeating: 7, count: count * 16 + 16))
        columns.withUnsafeBufferPointer { columns in
          guard let columns = columns.baseAddress else { return }
          kernels.gatherMaximum(
            .init(
              output: output.start, upper: input.start, lower: input.start + width,
              columns: columns, count: count,
              affine: .init(scale: scale.start, shift: shift.start, floor: floor.start)))
        }
        return output.samples
      }
      let (found, expected) = (run(kernels), run(.reference))
      #expect(expected.filter(\.isNaN).count == columns.prefix(count).count { $0 == 2 } * 4)
      #expect(largestDifference(found, expected) <= 2 * Float.ulpOfOne)
    }
  }

  @Test(arguments: KernelSet.available, [0, 1, 7, 8, 9, 31])
  func addBlocksAgreesWithReference(_ kernels: KernelSet, _ count: Int) {
    var samples = Samples(seed: 4)
    let (a, b) = (samples.buffer(count * 16), samples.buffer(count * 16))
    let affine = (0..<4).map { _ in samples.buffer(16) }
    let none = AlignedBuffer([Float](repeating: -.infinity, count: 16))
    let zero = AlignedBuffer([Float](repeating: 0, count: 16))
    func run(_ kernels: KernelSet) -> [Float] {
      let output = AlignedBuffer([Float](repeating: 7, count: count * 16 + 16))
      kernels.addBlocks(
        .init(
          output: output.start, count: count, a: a.start,
          aAffine: .init(scale: affine[0].start, shift: affine[1].start, floor: none.start),
          b: b.start,
          bAffine: .init(scale: affine[2].start, shift: affine[3].start, floor: zero.start)))
      return output.samples
    }
    #expect(
      largestDifference(run(kernels), run(.reference)) <= 4 * Float.ulpOfOne)
  }

  /// Winograd's transforms: factors add up to 10 in one direction, so 100 in both.
  @Test(arguments: KernelSet.available, [1, 2, 7, 8, 9])
  func inputTransformsAgreeWithReference(_ kernels: KernelSet, _ tiles: Int) {
    var samples = Samples(seed: 6)
    let rowStride = (tiles * 4 + 2) * 16
    let input = samples.buffer(6 * rowStride)
    let stride = (tiles + 1) * 16
    func run(_ transform: KernelSet.Kernel<CKernelArguments_TransformInput>, _ matrices: Int)
      -> [Float]
    {
      let output = AlignedBuffer.poisoned(matrices * stride)
      transform(
        .init(
          output: output.start, outputMatrixStride: stride, tiles: tiles, input: input.start,
          inputRowStride: rowStride))
      return output.samples
    }
    let reference = KernelSet.reference
    let tolerance = 100 * 4 * Float.ulpOfOne
    #expect(
      largestDifference(run(kernels.transformInput, 36), run(reference.transformInput, 36))
        <= tolerance)
    #expect(
      largestDifference(
        run(kernels.transformUpsampledInput, 16), run(reference.transformUpsampledInput, 16))
        <= tolerance)
  }

  /// Here they add up to 19, so 361.
  @Test(arguments: KernelSet.available, [1, 2, 7, 8, 9])
  func outputTransformsAgreeWithReference(_ kernels: KernelSet, _ tiles: Int) {
    var samples = Samples(seed: 7)
    let stride = (tiles + 1) * 16
    let input = samples.buffer(36 * stride)
    let bias = samples.buffer(16)
    let rowStride = (tiles * 4 + 1) * 16
    func run(_ transform: KernelSet.Kernel<CKernelArguments_TransformOutput>) -> [Float] {
      let output = AlignedBuffer.poisoned(4 * rowStride)
      transform(
        .init(
          output: output.start, outputRowStride: rowStride, tiles: tiles, input: input.start,
          inputMatrixStride: stride, bias: bias.start))
      return output.samples
    }
    let reference = KernelSet.reference
    let tolerance = 361 * 4 * Float.ulpOfOne
    #expect(
      largestDifference(run(kernels.transformOutput), run(reference.transformOutput)) <= tolerance)
    #expect(
      largestDifference(
        run(kernels.transformUpsampledOutput), run(reference.transformUpsampledOutput))
        <= tolerance)
  }

  @Test(
    arguments: KernelSet.available, [(1, 1), (1, 7), (3, 8), (12, 17), (12, 96)])
  func measureMomentsAgreesWithReference(_ kernels: KernelSet, _ size: (rows: Int, columns: Int)) {
    var samples = Samples(seed: 5)
    let rowStride = size.columns * 16 + 16
    for offset: Float in [0, 1, 10_000] {
      let input = samples.buffer(size.rows * rowStride, offset: offset)
      func run(_ kernels: KernelSet) -> (mean: [Double], squares: [Double]) {
        kernels.moments(
          input.start, rowStride: rowStride, rows: size.rows, columns: size.columns)
      }
      let (found, expected) = (run(kernels), run(.reference))
      for lane in 0..<16 {
        #expect(abs(found.mean[lane] - expected.mean[lane]) <= 1e-6)
        #expect(
          abs(found.squares[lane] - expected.squares[lane]) <= 1e-5 * expected.squares[lane] + 1e-12
        )
      }
    }
  }

  @Test(arguments: KernelSet.available, [0, 0.1, 128, -1e10] as [Float])
  func constantChannelHasNoVariance(_ kernels: KernelSet, _ value: Float) {
    let input = AlignedBuffer([Float](repeating: value, count: 12 * 33 * 16))
    let (mean, squares) = kernels.moments(input.start, rowStride: 33 * 16, rows: 12, columns: 33)
    #expect(mean == [Double](repeating: Double(value), count: 16))
    #expect(squares == [Double](repeating: 0, count: 16))
  }

  /// Sums begin at 0, 1, 2, …, and each takes its number of products of 1 and 1.
  @Test(arguments: KernelSet.available)
  func multiplyAddLoopDoesWhatItCounts(_ kernels: KernelSet) {
    let (sums, lanes) = (12, ["avx512": 16, "avx2": 8][kernels.name] ?? 4)
    let samples = AlignedBuffer([Float](repeating: 1, count: 16))
    #expect(kernels.multiplyAddLoop(samples.start, 10) == 10 * sums * lanes)
    let expected = Float(sums * (sums - 1) / 2 + 10 * sums)
    #expect(samples.samples.prefix(lanes).allSatisfy { $0 == expected })
  }
}

/// The largest difference where poison that both leave in place agrees.
private func largestDifference(_ a: [Float], _ b: [Float]) -> Float {
  TestSupport.largestDifference(a, b, matchingNaNs: true)
}
