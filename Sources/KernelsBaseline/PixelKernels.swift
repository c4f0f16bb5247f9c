// The kernels that work pixel by pixel, on blocks of 16 channels. This one source is compiled
// for each instruction set (the other kernel modules link to it): 16 lanes are one register of
// AVX-512, two of AVX2, four of the baseline. Documentation: Tensors/KernelSet.swift.

import CKernelArguments

/// An affine map in registers.
struct Affine {
  let scale: Block
  let shift: Block
  let floor: Block

  @inline(__always)
  init(_ affine: CKernelArguments_Affine) {
    scale = blocks(affine.scale)[0]
    shift = blocks(affine.shift)[0]
    floor = blocks(affine.floor)[0]
  }

  /// `scale·x + shift`, and `floor` where that is less; a NaN stays one.
  @inline(__always)
  func callAsFunction(_ x: Block) -> Block {
    let y = multiplyAdd(shift, x, scale)
    return y.replacing(with: floor, where: y .< floor)
  }
}

@inline(never)
public func gatherBlocks(_ a: CKernelArguments_GatherBlocks) {
  let (output, input, columns) = (blocks(a.output), blocks(a.input), a.columns)
  let affine = Affine(a.affine)
  for i in 0..<a.count {
    output[i] = affine(input[Int(columns[i])])
  }
}

/// The larger of two, and NaN where one is.
@inline(__always)
private func maximum(_ x: Block, _ y: Block) -> Block {
  x.replacing(with: y, where: (x .< y) .| (y .!= y))
}

@inline(never)
public func gatherMaximum(_ a: CKernelArguments_GatherMaximum) {
  let (output, columns) = (blocks(a.output), a.columns)
  let (upper, lower) = (blocks(a.upper), blocks(a.lower))
  let affine = Affine(a.affine)
  for i in 0..<a.count {
    let column = 2 * Int(columns[i])
    output[i] = maximum(
      maximum(affine(upper[column]), affine(upper[column + 1])),
      maximum(affine(lower[column]), affine(lower[column + 1])))
  }
}

@inline(never)
public func gatherPixels(_ a: CKernelArguments_GatherPixels) {
  let output = UnsafeMutableRawPointer(a.output).assumingMemoryBound(to: SIMD4<Float>.self)
  let input = UnsafeRawPointer(a.input).assumingMemoryBound(to: SIMD4<Float>.self)
  let columns = a.columns
  for i in 0..<a.count {
    output[i] = input[Int(columns[i])]
  }
}

@inline(never)
public func addBlocks(_ arguments: CKernelArguments_AddBlocks) {
  let output = blocks(arguments.output)
  let (a, b) = (blocks(arguments.a), blocks(arguments.b))
  let (aAffine, bAffine) = (Affine(arguments.aAffine), Affine(arguments.bAffine))
  for i in 0..<arguments.count {
    output[i] = aAffine(a[i]) + bAffine(b[i])
  }
}

@inline(never)
public func measureMoments(_ a: CKernelArguments_MeasureMoments) {
  let (mean, squares) = (a.mean, a.squares)
  let (input, rowStride, rows, columns) = (a.input, a.inputRowStride, a.rows, a.columns)
  let origin = blocks(input)[0]
  let count = Double(rows * columns)
  // First pass: the mean, from differences to the first pixel, which are small and mostly exact.
  // Rows are summed in Float, their sums in Double.
  for lane in 0..<16 { mean[lane] = 0 }
  for row in 0..<rows {
    let x = blocks(input + row * rowStride)
    var sum = Block.zero
    for column in 0..<columns { sum += x[column] - origin }
    for lane in 0..<16 { mean[lane] += Double(sum[lane]) }
  }
  var center = Block.zero
  for lane in 0..<16 { center[lane] = Float(Double(origin[lane]) + mean[lane] / count) }
  // Second pass: squared deviations from it, and what rounding left of the first-order term.
  for lane in 0..<16 {
    mean[lane] = 0
    squares[lane] = 0
  }
  for row in 0..<rows {
    let x = blocks(input + row * rowStride)
    var (first, second) = (Block.zero, Block.zero)
    for column in 0..<columns {
      let deviation = x[column] - center
      first += deviation
      second = multiplyAdd(second, deviation, deviation)
    }
    for lane in 0..<16 {
      mean[lane] += Double(first[lane])
      squares[lane] += Double(second[lane])
    }
  }
  for lane in 0..<16 {
    let rest = mean[lane] / count
    let corrected = squares[lane] - rest * mean[lane]
    squares[lane] = corrected < 0 ? 0 : corrected
    mean[lane] = Double(center[lane]) + rest
  }
}
