// The transforms of Winograd's F(4×4, 3×3), on blocks of 16 channels. This one source is compiled
// for each instruction set, as PixelKernels.swift is. Documentation: Tensors/KernelSet.swift.

import CKernelArguments

private typealias Four = (Block, Block, Block, Block)
private typealias Five = (Block, Block, Block, Block, Block)
private typealias Six = (Block, Block, Block, Block, Block, Block)

/// Bᵀd for the points 0, 1, −1, 2, −2 and ∞.
@inline(__always)
private func inputTransform(
  _ d0: Block, _ d1: Block, _ d2: Block, _ d3: Block, _ d4: Block, _ d5: Block
) -> Six {
  let even = multiplyAdd(d4, d2, Block(repeating: -4))
  let odd = multiplyAdd(d3, d1, Block(repeating: -4))
  let evenRest = d4 - d2
  let oddRest = d3 - d1
  return (
    multiplyAdd(multiplyAdd(d4, d2, Block(repeating: -5)), d0, Block(repeating: 4)),
    even + odd,
    even - odd,
    multiplyAdd(evenRest, oddRest, Block(repeating: 2)),
    multiplyAdd(evenRest, oddRest, Block(repeating: -2)),
    multiplyAdd(multiplyAdd(d5, d3, Block(repeating: -5)), d1, Block(repeating: 4))
  )
}

/// Aᵀm for the same points.
@inline(__always)
private func outputTransform(
  _ m0: Block, _ m1: Block, _ m2: Block, _ m3: Block, _ m4: Block, _ m5: Block
) -> Four {
  let sum = m1 + m2
  let difference = m1 - m2
  let outerSum = m3 + m4
  let outerDifference = m3 - m4
  return (
    m0 + sum + outerSum,
    multiplyAdd(difference, outerDifference, Block(repeating: 2)),
    multiplyAdd(sum, outerSum, Block(repeating: 4)),
    multiplyAdd(difference + m5, outerDifference, Block(repeating: 8))
  )
}

/// Bᵀd where d is a, b, b, c, c, d: what is left of it.
@inline(__always)
private func upsampledInputTransform(_ a: Block, _ b: Block, _ c: Block, _ d: Block) -> Four {
  (
    multiplyAdd(multiplyAdd(c, b, Block(repeating: -5)), a, Block(repeating: 4)),
    multiplyAdd(c, b, Block(repeating: -4)),
    c - b,
    multiplyAdd(multiplyAdd(d, c, Block(repeating: -5)), b, Block(repeating: 4))
  )
}

/// Aᵀm where m1 = m2, with the sum and the difference of m3 and m4 in their places.
@inline(__always)
private func upsampledOutputTransform(
  _ m0: Block, _ m1: Block, _ sum: Block, _ difference: Block, _ m5: Block
) -> Four {
  (
    m0 + m1 + sum,
    multiplyAdd(m1, difference, Block(repeating: 2)),
    multiplyAdd(m1, sum, Block(repeating: 4)),
    multiplyAdd(m1 + m5, difference, Block(repeating: 8))
  )
}

@inline(never)
public func transformInput(_ a: CKernelArguments_TransformInput) {
  let (output, input) = (blocks(a.output), blocks(a.input))
  let (k, row) = (a.outputMatrixStride / 16, a.inputRowStride / 16)
  for tile in 0..<a.tiles {
    let d = input + tile * 4
    let v = output + tile
    @inline(__always)
    func column(_ x: UnsafePointer<Block>) -> Six {
      inputTransform(x[0], x[row], x[2 * row], x[3 * row], x[4 * row], x[5 * row])
    }
    let (c0, c1, c2) = (column(d), column(d + 1), column(d + 2))
    let (c3, c4, c5) = (column(d + 3), column(d + 4), column(d + 5))
    @inline(__always)
    func store(_ w: UnsafeMutablePointer<Block>, _ t: Six) {
      (w[0], w[k], w[2 * k], w[3 * k], w[4 * k], w[5 * k]) = t
    }
    store(v, inputTransform(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0))
    store(v + 6 * k, inputTransform(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1))
    store(v + 12 * k, inputTransform(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2))
    store(v + 18 * k, inputTransform(c0.3, c1.3, c2.3, c3.3, c4.3, c5.3))
    store(v + 24 * k, inputTransform(c0.4, c1.4, c2.4, c3.4, c4.4, c5.4))
    store(v + 30 * k, inputTransform(c0.5, c1.5, c2.5, c3.5, c4.5, c5.5))
  }
}

@inline(never)
public func transformOutput(_ a: CKernelArguments_TransformOutput) {
  let (output, input, bias) = (blocks(a.output), blocks(a.input), blocks(a.bias)[0])
  let (k, row) = (a.inputMatrixStride / 16, a.outputRowStride / 16)
  for tile in 0..<a.tiles {
    let m = input + tile
    let y = output + tile * 4
    @inline(__always)
    func column(_ w: UnsafePointer<Block>) -> Four {
      outputTransform(w[0], w[6 * k], w[12 * k], w[18 * k], w[24 * k], w[30 * k])
    }
    let (c0, c1, c2) = (column(m), column(m + k), column(m + 2 * k))
    let (c3, c4, c5) = (column(m + 3 * k), column(m + 4 * k), column(m + 5 * k))
    @inline(__always)
    func store(_ z: UnsafeMutablePointer<Block>, _ t: Four) {
      (z[0], z[1], z[2], z[3]) = (t.0 + bias, t.1 + bias, t.2 + bias, t.3 + bias)
    }
    store(y, outputTransform(c0.0, c1.0, c2.0, c3.0, c4.0, c5.0))
    store(y + row, outputTransform(c0.1, c1.1, c2.1, c3.1, c4.1, c5.1))
    store(y + 2 * row, outputTransform(c0.2, c1.2, c2.2, c3.2, c4.2, c5.2))
    store(y + 3 * row, outputTransform(c0.3, c1.3, c2.3, c3.3, c4.3, c5.3))
  }
}

@inline(never)
public func transformUpsampledInput(_ a: CKernelArguments_TransformInput) {
  let (output, input) = (blocks(a.output), blocks(a.input))
  let (k, row) = (a.outputMatrixStride / 16, a.inputRowStride / 16)
  for tile in 0..<a.tiles {
    let d = input + tile * 2
    let v = output + tile
    @inline(__always)
    func column(_ x: UnsafePointer<Block>) -> Four {
      upsampledInputTransform(x[0], x[row], x[2 * row], x[3 * row])
    }
    let (c0, c1, c2, c3) = (column(d), column(d + 1), column(d + 2), column(d + 3))
    @inline(__always)
    func store(_ w: UnsafeMutablePointer<Block>, _ t: Four) {
      (w[0], w[k], w[2 * k], w[3 * k]) = t
    }
    store(v, upsampledInputTransform(c0.0, c1.0, c2.0, c3.0))
    store(v + 4 * k, upsampledInputTransform(c0.1, c1.1, c2.1, c3.1))
    store(v + 8 * k, upsampledInputTransform(c0.2, c1.2, c2.2, c3.2))
    store(v + 12 * k, upsampledInputTransform(c0.3, c1.3, c2.3, c3.3))
  }
}

@inline(never)
public func transformUpsampledOutput(_ a: CKernelArguments_TransformOutput) {
  let (output, input, bias) = (blocks(a.output), blocks(a.input), blocks(a.bias)[0])
  let (k, row) = (a.inputMatrixStride / 16, a.outputRowStride / 16)
  for tile in 0..<a.tiles {
    let m = input + tile
    let y = output + tile * 4
    @inline(__always)
    func column(_ w: UnsafePointer<Block>) -> Four {
      upsampledOutputTransform(w[0], w[5 * k], w[10 * k], w[15 * k], w[20 * k])
    }
    let (c0, c1, c2) = (column(m), column(m + k), column(m + 2 * k))
    let (c3, c4) = (column(m + 3 * k), column(m + 4 * k))
    @inline(__always)
    func store(_ z: UnsafeMutablePointer<Block>, _ t: Four) {
      (z[0], z[1], z[2], z[3]) = (t.0 + bias, t.1 + bias, t.2 + bias, t.3 + bias)
    }
    store(y, upsampledOutputTransform(c0.0, c1.0, c2.0, c3.0, c4.0))
    store(y + row, upsampledOutputTransform(c0.1, c1.1, c2.1, c3.1, c4.1))
    store(y + 2 * row, upsampledOutputTransform(c0.2, c1.2, c2.2, c3.2, c4.2))
    store(y + 3 * row, upsampledOutputTransform(c0.3, c1.3, c2.3, c3.3, c4.3))
  }
}

/// A d for the same points: the way back of `outputTransform`.
@inline(__always)
private func gradientTransform(_ d0: Block, _ d1: Block, _ d2: Block, _ d3: Block) -> Six {
  let even = d0 + d2
  let odd = d1 + d3
  let outerEven = multiplyAdd(d0, d2, Block(repeating: 4))
  let outerOdd = multiplyAdd(d1, d3, Block(repeating: 4))
  return (
    d0,
    even + odd,
    even - odd,
    multiplyAdd(outerEven, outerOdd, Block(repeating: 2)),
    multiplyAdd(outerEven, outerOdd, Block(repeating: -2)),
    d3
  )
}

@inline(never)
public func transformGradient(_ a: CKernelArguments_TransformInput) {
  let (output, input) = (blocks(a.output), blocks(a.input))
  let (k, row) = (a.outputMatrixStride / 16, a.inputRowStride / 16)
  for tile in 0..<a.tiles {
    let d = input + tile * 4
    let v = output + tile
    @inline(__always)
    func column(_ x: UnsafePointer<Block>) -> Six {
      gradientTransform(x[0], x[row], x[2 * row], x[3 * row])
    }
    let (c0, c1, c2, c3) = (column(d), column(d + 1), column(d + 2), column(d + 3))
    @inline(__always)
    func store(_ w: UnsafeMutablePointer<Block>, _ t: Six) {
      (w[0], w[k], w[2 * k], w[3 * k], w[4 * k], w[5 * k]) = t
    }
    store(v, gradientTransform(c0.0, c1.0, c2.0, c3.0))
    store(v + 6 * k, gradientTransform(c0.1, c1.1, c2.1, c3.1))
    store(v + 12 * k, gradientTransform(c0.2, c1.2, c2.2, c3.2))
    store(v + 18 * k, gradientTransform(c0.3, c1.3, c2.3, c3.3))
    store(v + 24 * k, gradientTransform(c0.4, c1.4, c2.4, c3.4))
    store(v + 30 * k, gradientTransform(c0.5, c1.5, c2.5, c3.5))
  }
}
