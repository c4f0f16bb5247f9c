import CKernelArguments
import TestSupport
import Testing

@testable import Tensors

/// The kernels that lead gradients back, of every instruction set at hand, against the plain
/// reference: outputs are poisoned beforehand, or at known values where a kernel adds to them, and
/// have a guard behind them. Sums' tolerance is terms · largest product · 2 · 2⁻²⁴.
@Suite struct GradientKernelTests {
  static let counts = [0, 1, 7, 8, 9, 31]
  static let floors: [Float] = [0, -.infinity]

  /// A gradient, and the map whose activation it is behind.
  ///
  /// The activation's numbers are short, so that no set rounds its values and some are the floor
  /// exactly. Lane 3 of the map begins with NaN; lane 5 of the gradient, all of which a floor of 0
  /// cuts off, does, too.
  private struct Input {
    let gradient, map: AlignedBuffer
    let scale, shift, floor: AlignedBuffer
    let count: Int

    init(count: Int, floor: Float) {
      var samples = Samples(seed: 21)
      func short(_ count: Int, _ unit: Float) -> AlignedBuffer {
        AlignedBuffer(samples.array(count).map { ($0 / unit).rounded() * unit })
      }
      gradient = samples.buffer((count + 1) * 16)
      map = short((count + 1) * 16, 1 / 8)
      (scale, shift) = (short(16, 1 / 4), short(16, 1 / 8))
      (scale.start[0], shift.start[5]) = (0, -4)
      (map.start[3], gradient.start[5]) = (.nan, .nan)
      self.floor = AlignedBuffer([Float](repeating: floor, count: 16))
      self.count = count
    }

    var affine: CKernelArguments_Affine {
      .init(scale: scale.start, shift: shift.start, floor: floor.start)
    }

    var arguments: CKernelArguments_ActivationGradient {
      .init(gradient: gradient.start, map: map.start, count: count, affine: affine)
    }

    /// What a sample is behind the activation, but for its floor.
    func value(_ index: Int) -> Float {
      scale.start[index % 16] * map.start[index] + shift.start[index % 16]
    }
  }

  @Test(arguments: KernelSet.available, counts)
  func measureGradientAgreesWithReference(_ kernels: KernelSet, _ count: Int) {
    var samples = Samples(seed: 22)
    let center = samples.buffer(16)
    for floor in Self.floors {
      let input = Input(count: count, floor: floor)
      func run(_ kernels: KernelSet) -> (sums: [Double], products: [Double]) {
        var sums = (0..<16).map(Double.init)
        var products = sums.map { -$0 }
        sums.withUnsafeMutableBufferPointer { sums in
          products.withUnsafeMutableBufferPointer { products in
            guard let sums = sums.baseAddress, let products = products.baseAddress else { return }
            kernels.measureGradient(
              .init(
                sums: sums, products: products, input: input.arguments, center: center.start))
          }
        }
        return (sums, products)
      }
      let (found, expected) = (run(kernels), run(.reference))
      let tolerance = Double(count) * 2 * Double(Float.ulpOfOne)
      for lane in 0..<16 {
        for (found, expected) in [
          (found.sums[lane], expected.sums[lane]), (found.products[lane], expected.products[lane]),
        ] {
          #expect(
            abs(found - expected) <= tolerance || found.isNaN && expected.isNaN,
            "lane \(lane), floor \(floor)")
        }
      }
      #expect(found.sums[5].isNaN == (count > 0 && floor < 0))
    }
  }

  /// What is at the floor is cut off as what is below it is.
  @Test(arguments: KernelSet.available)
  func gradientIsCutOffAtTheFloor(_ kernels: KernelSet) {
    let input = Input(count: 31, floor: 0)
    let output = AlignedBuffer.poisoned(31 * 16)
    let (one, zero) = (
      AlignedBuffer([Float](repeating: 1, count: 16)),
      AlignedBuffer([Float](repeating: 0, count: 16))
    )
    kernels.normGradient(
      .init(
        output: output.start, input: input.arguments, gradientScale: one.start,
        mapScale: zero.start, shift: zero.start))
    let passes = (0..<31 * 16).filter { input.value($0) > 0 }
    for index in 0..<31 * 16 where !input.map.start[index].isNaN {
      let expected = input.value(index) > 0 ? input.gradient.start[index] : 0
      #expect(output.start[index] == expected)
    }
    #expect((0..<31 * 16).contains { input.value($0) == 0 } && !passes.isEmpty)
  }

  /// Apart from the gradient, and in its place.
  @Test(arguments: KernelSet.available, counts)
  func normGradientAgreesWithReference(_ kernels: KernelSet, _ count: Int) {
    var samples = Samples(seed: 23)
    let affine = (0..<3).map { _ in samples.buffer(16) }
    for floor in Self.floors {
      func run(_ kernels: KernelSet, isInPlace: Bool) -> [Float] {
        let input = Input(count: count, floor: floor)
        let output = isInPlace ? input.gradient : .poisoned((count + 1) * 16)
        let guarded = output.samples.suffix(16)
        kernels.normGradient(
          .init(
            output: output.start, input: input.arguments, gradientScale: affine[0].start,
            mapScale: affine[1].start, shift: affine[2].start))
        #expect(
          largestDifference(output.samples.suffix(16), Array(guarded), matchingNaNs: true) == 0)
        return Array(output.samples.prefix(count * 16))
      }
      let found = run(kernels, isInPlace: false)
      #expect(
        largestDifference(found, run(.reference, isInPlace: false), matchingNaNs: true)
          <= 3 * Float.ulpOfOne)
      #expect(largestDifference(found, run(kernels, isInPlace: true), matchingNaNs: true) == 0)
    }
  }

  /// Columns in turn, several pixels side by side for one, and all for one.
  @Test(arguments: KernelSet.available, counts)
  func scatterBlocksAgreesWithReference(_ kernels: KernelSet, _ count: Int) {
    var samples = Samples(seed: 24)
    let input = samples.buffer(count * 16)
    let start = samples.array(9 * 16)
    for column: (Int) -> Int in [{ $0 * 5 % 8 }, { $0 / 4 }, { $0 / 2 % 8 }, { _ in 7 }] {
      let columns = (0..<max(count, 1)).map { Int32(column($0)) }
      func run(_ kernels: KernelSet) -> [Float] {
        let output = AlignedBuffer(start)
        columns.withUnsafeBufferPointer { columns in
          guard let columns = columns.baseAddress else { return }
          kernels.scatterBlocks(
            .init(output: output.start, input: input.start, columns: columns, count: count))
        }
        return output.samples
      }
      // Each sum is taken in the same order, so that its bits are the same.
      #expect(run(kernels) == run(.reference))
    }
  }

  /// The largest of four in whichever place it stands, several of them as large, and all at the floor.
  @Test(arguments: KernelSet.available, counts)
  func scatterMaximumAgreesWithReference(_ kernels: KernelSet, _ count: Int) {
    for floor in Self.floors {
      var samples = Samples(seed: 25)
      let width = 2 * count + 1
      let (upper, lower) = (
        Input(count: width, floor: floor), samples.array(width * 16).map { ($0 * 3).rounded() / 4 }
      )
      upper.map.start[3] = 0
      let lowerMap = AlignedBuffer(lower)
      let input = samples.buffer(count * 16)
      let start = [samples.array(width * 16), samples.array(width * 16)]
      func run(_ kernels: KernelSet) -> [[Float]] {
        let outputs = start.map(AlignedBuffer.init)
        kernels.scatterMaximum(
          .init(
            upperOutput: outputs[0].start, lowerOutput: outputs[1].start, input: input.start,
            upper: upper.map.start, lower: lowerMap.start, count: count, affine: upper.affine))
        return outputs.map(\.samples)
      }
      let (found, expected) = (run(kernels), run(.reference))
      #expect(found == expected)
      // One of each four has taken the gradient, whoever else would have liked to.
      let changed = zip(found, start).reduce(0) { $0 + zip($1.0, $1.1).count { $0 != $1 } }
      #expect(changed == count * 16)
    }
  }

  /// The way back of Winograd's transform: factors add up to 15 in one direction, so 225 in both.
  @Test(arguments: KernelSet.available, [1, 2, 7, 8, 9])
  func transformGradientAgreesWithReference(_ kernels: KernelSet, _ tiles: Int) {
    var samples = Samples(seed: 26)
    let rowStride = (tiles * 4 + 2) * 16
    let input = samples.buffer(4 * rowStride)
    let stride = (tiles + 1) * 16
    func run(_ kernels: KernelSet) -> [Float] {
      let output = AlignedBuffer.poisoned(36 * stride)
      kernels.transformGradient(
        .init(
          output: output.start, outputMatrixStride: stride, tiles: tiles, input: input.start,
          inputRowStride: rowStride))
      return output.samples
    }
    #expect(
      largestDifference(run(kernels), run(.reference), matchingNaNs: true)
        <= 225 * 4 * Float.ulpOfOne)
  }
}
