// The kernels that lead gradients back through norms, activations, paddings and maxima, on blocks of
// 16 channels. This one source is compiled for each instruction set, as PixelKernels.swift is.
// Documentation: Tensors/KernelSet.swift.

import CKernelArguments

/// The gradient behind an activation, and the map's samples beside it.
private struct ActivationGradient {
  private let gradient: UnsafePointer<Block>
  private let map: UnsafePointer<Block>
  private let scale: Block
  private let shift: Block
  private let floor: Block

  @inline(__always)
  init(_ a: CKernelArguments_ActivationGradient) {
    gradient = blocks(a.gradient)
    map = blocks(a.map)
    scale = blocks(a.affine.scale)[0]
    shift = blocks(a.affine.shift)[0]
    floor = blocks(a.affine.floor)[0]
  }

  /// The gradient, 0 where the activation cuts off.
  @inline(__always)
  func callAsFunction(_ i: Int) -> (gradient: Block, sample: Block) {
    let sample = map[i]
    let isCut = multiplyAdd(shift, sample, scale) .<= floor
    return (gradient[i].replacing(with: 0, where: isCut), sample)
  }
}

@inline(never)
public func measureGradient(_ a: CKernelArguments_MeasureGradient) {
  let input = ActivationGradient(a.input)
  let center = blocks(a.center)[0]
  var (sum, product) = (Block.zero, Block.zero)
  for i in 0..<a.input.count {
    let (gradient, sample) = input(i)
    sum += gradient
    product = multiplyAdd(product, gradient, sample - center)
  }
  let (sums, products) = (a.sums, a.products)
  for lane in 0..<16 {
    sums[lane] += Double(sum[lane])
    products[lane] += Double(product[lane])
  }
}

@inline(never)
public func normGradient(_ a: CKernelArguments_NormGradient) {
  let input = ActivationGradient(a.input)
  let output = blocks(a.output)
  let gradientScale = blocks(a.gradientScale)[0]
  let mapScale = blocks(a.mapScale)[0]
  let shift = blocks(a.shift)[0]
  for i in 0..<a.input.count {
    let (gradient, sample) = input(i)
    output[i] = multiplyAdd(multiplyAdd(shift, sample, mapScale), gradient, gradientScale)
  }
}

@inline(never)
public func scatterBlocks(_ a: CKernelArguments_ScatterBlocks) {
  let (output, input, columns) = (blocks(a.output), blocks(a.input), a.columns)
  for i in 0..<a.count {
    output[Int(columns[i])] += input[i]
  }
}

@inline(never)
public func scatterMaximum(_ a: CKernelArguments_ScatterMaximum) {
  let (upper, lower, input) = (blocks(a.upper), blocks(a.lower), blocks(a.input))
  let (upperOutput, lowerOutput) = (blocks(a.upperOutput), blocks(a.lowerOutput))
  let (scale, shift) = (blocks(a.affine.scale)[0], blocks(a.affine.shift)[0])
  let floor = blocks(a.affine.floor)[0]
  @inline(__always)
  func value(_ x: Block) -> Block {
    let y = multiplyAdd(shift, x, scale)
    return y.replacing(with: floor, where: y .< floor)
  }
  for i in 0..<a.count {
    let (x0, x1) = (value(upper[2 * i]), value(upper[2 * i + 1]))
    let (x2, x3) = (value(lower[2 * i]), value(lower[2 * i + 1]))
    let gradient = input[i]
    // The first of those that are largest, row by row.
    let isFirst = (x0 .>= x1) .& (x0 .>= x2) .& (x0 .>= x3)
    let isSecond = (x1 .>= x2) .& (x1 .>= x3) .& .!isFirst
    let isThird = (x2 .>= x3) .& .!isFirst .& .!isSecond
    let isFourth = .!(isFirst .| isSecond .| isThird)
    upperOutput[2 * i] += Block.zero.replacing(with: gradient, where: isFirst)
    upperOutput[2 * i + 1] += Block.zero.replacing(with: gradient, where: isSecond)
    lowerOutput[2 * i] += Block.zero.replacing(with: gradient, where: isThird)
    lowerOutput[2 * i + 1] += Block.zero.replacing(with: gradient, where: isFourth)
  }
}
