// The kernels that work pixel by pixel, on blocks of 16 channels. This one source is compiled
// for each instruction set (the other kernel modules link to it): 16 lanes are one register of
// AVX-512, two of AVX2, four of the baseline. Documentation: Tensors/KernelSet.swift.

/// `scale·x + shift`, and `floor` where that is less; a NaN stays one.
@inline(__always)
private func affine(_ x: Block, _ scale: Block, _ shift: Block, _ floor: Block) -> Block {
  let y = multiplyAdd(shift, x, scale)
  return y.replacing(with: floor, where: y .< floor)
}

@inline(never)
public func gatherBlocks(
  _ output: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>,
  _ columns: UnsafePointer<Int32>, _ count: Int,
  _ scale: UnsafePointer<Float>, _ shift: UnsafePointer<Float>, _ floor: UnsafePointer<Float>
) {
  let (output, input) = (blocks(output), blocks(input))
  let (scale, shift, floor) = (blocks(scale)[0], blocks(shift)[0], blocks(floor)[0])
  for i in 0..<count {
    output[i] = affine(input[Int(columns[i])], scale, shift, floor)
  }
}

@inline(never)
public func gatherPixels(
  _ output: UnsafeMutablePointer<Float>, _ input: UnsafePointer<Float>,
  _ columns: UnsafePointer<Int32>, _ count: Int
) {
  let output = UnsafeMutableRawPointer(output).assumingMemoryBound(to: SIMD4<Float>.self)
  let input = UnsafeRawPointer(input).assumingMemoryBound(to: SIMD4<Float>.self)
  for i in 0..<count {
    output[i] = input[Int(columns[i])]
  }
}

@inline(never)
public func addBlocks(
  _ output: UnsafeMutablePointer<Float>, _ count: Int,
  _ a: UnsafePointer<Float>, _ aScale: UnsafePointer<Float>, _ aShift: UnsafePointer<Float>,
  _ aFloor: UnsafePointer<Float>,
  _ b: UnsafePointer<Float>, _ bScale: UnsafePointer<Float>, _ bShift: UnsafePointer<Float>,
  _ bFloor: UnsafePointer<Float>
) {
  let (output, a, b) = (blocks(output), blocks(a), blocks(b))
  let (aScale, aShift, aFloor) = (blocks(aScale)[0], blocks(aShift)[0], blocks(aFloor)[0])
  let (bScale, bShift, bFloor) = (blocks(bScale)[0], blocks(bShift)[0], blocks(bFloor)[0])
  for i in 0..<count {
    output[i] = affine(a[i], aScale, aShift, aFloor) + affine(b[i], bScale, bShift, bFloor)
  }
}

@inline(never)
public func measureMoments(
  _ mean: UnsafeMutablePointer<Double>, _ squares: UnsafeMutablePointer<Double>,
  _ input: UnsafePointer<Float>, _ rowStride: Int, _ rows: Int, _ columns: Int
) {
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
