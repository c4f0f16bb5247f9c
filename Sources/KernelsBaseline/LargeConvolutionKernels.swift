// The transforms of Winograd's F(3×3, 3×3), of which kernels of more than 3×3 taps are put together, on
// blocks of 16 channels and on planes of one channel. This one source is compiled for each
// instruction set, as PixelKernels.swift is. Documentation: Tensors/KernelSet.swift.

import CKernelArguments

private typealias Three = (Block, Block, Block)
private typealias Four = (Block, Block, Block, Block)
private typealias Five = (Block, Block, Block, Block, Block)

/// 16 samples from anywhere.
@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> Block {
  UnsafeRawPointer(pointer).loadUnaligned(as: Block.self)
}

/// Bᵀd for the points 0, 1, −1, 2 and ∞. Where all of d is one number, all but the second are exactly 0.
@inline(__always)
private func inputTransform(_ d0: Block, _ d1: Block, _ d2: Block, _ d3: Block, _ d4: Block)
  -> Five
{
  let outer = d3 - d1
  let inner = d3 - d2
  let minusTwo = Block(repeating: -2)
  return (
    multiplyAdd(outer, d2 - d0, minusTwo),
    multiplyAdd(inner, d1, minusTwo),
    multiplyAdd(inner, d2 - d1, minusTwo),
    outer,
    multiplyAdd(d4 - d2, outer, minusTwo)
  )
}

/// Aᵀm for the same points.
@inline(__always)
private func outputTransform(_ m0: Block, _ m1: Block, _ m2: Block, _ m3: Block, _ m4: Block)
  -> Three
{
  let sum = m1 + m2
  return (
    m0 + sum + m3,
    multiplyAdd(m1 - m2, m3, Block(repeating: 2)),
    multiplyAdd(sum + m4, m3, Block(repeating: 4))
  )
}

@inline(never)
public func transformFive(_ a: CKernelArguments_TransformFive) {
  let (stride, wrap) = (a.inputStride, a.inputWrap)
  for row in 0..<a.rows {
    let input = a.input + row * a.inputRowStride
    let output = a.output + row * a.outputRowStride
    var i = 0
    while i < a.count {
      let d = input + i
      let v = inputTransform(
        load(d), load(d + stride), load(d + 2 * stride), load(d + wrap), load(d + wrap + stride))
      blocks(output + i)[0] = v.0
      blocks(output + a.outputStride + i)[0] = v.1
      blocks(output + 2 * a.outputStride + i)[0] = v.2
      blocks(output + 3 * a.outputStride + i)[0] = v.3
      blocks(output + 4 * a.outputStride + i)[0] = v.4
      i += 16
    }
  }
}

@inline(never)
public func transformLargeOutput(_ a: CKernelArguments_TransformOutput) {
  let (output, input, bias) = (blocks(a.output), blocks(a.input), blocks(a.bias)[0])
  let (k, row) = (a.inputMatrixStride / 16, a.outputRowStride / 16)
  for tile in 0..<a.tiles {
    let m = input + tile
    let y = output + tile * 3
    @inline(__always)
    func column(_ w: UnsafePointer<Block>) -> Three {
      outputTransform(w[0], w[5 * k], w[10 * k], w[15 * k], w[20 * k])
    }
    let (c0, c1, c2) = (column(m), column(m + k), column(m + 2 * k))
    let (c3, c4) = (column(m + 3 * k), column(m + 4 * k))
    @inline(__always)
    func store(_ z: UnsafeMutablePointer<Block>, _ t: Three) {
      (z[0], z[1], z[2]) = (t.0 + bias, t.1 + bias, t.2 + bias)
    }
    store(y, outputTransform(c0.0, c1.0, c2.0, c3.0, c4.0))
    store(y + row, outputTransform(c0.1, c1.1, c2.1, c3.1, c4.1))
    store(y + 2 * row, outputTransform(c0.2, c1.2, c2.2, c3.2, c4.2))
  }
}

@inline(never)
public func combineFive(_ a: CKernelArguments_CombineFive) {
  var i = 0
  while i < a.count {
    let m = a.input + i
    let y = outputTransform(
      blocks(m)[0], blocks(m + a.inputStride)[0], blocks(m + 2 * a.inputStride)[0],
      blocks(m + 3 * a.inputStride)[0], blocks(m + 4 * a.inputStride)[0])
    blocks(a.output + i)[0] = y.0
    blocks(a.output + a.outputStride + i)[0] = y.1
    blocks(a.output + 2 * a.outputStride + i)[0] = y.2
    i += 16
  }
}

/// Deals out the samples of four blocks as cards to four players: the first has 0, 4, 8 … of each.
@inline(__always)
private func deal(_ a: Block, _ b: Block, _ c: Block, _ d: Block) -> Four {
  @inline(__always)
  func deal(_ x: Block, _ y: Block) -> (even: Block, odd: Block) {
    (
      Block(lowHalf: x.evenHalf, highHalf: y.evenHalf),
      Block(lowHalf: x.oddHalf, highHalf: y.oddHalf)
    )
  }
  let (left, right) = (deal(a, b), deal(c, d))
  let (even, odd) = (deal(left.even, right.even), deal(left.odd, right.odd))
  return (even.even, odd.even, even.odd, odd.odd)
}

@inline(never)
public func gatherPlanes(_ a: CKernelArguments_GatherPlanes) {
  let (input, columns, stride) = (blocks(a.input), a.columns, a.outputStride)
  let affine = Affine(a.affine)
  var first = 0
  while first < a.count {
    @inline(__always)
    func pixel(_ i: Int) -> Block {
      let column = Int(columns[first + i])
      return column < 0 ? .zero : affine(input[column])
    }
    @inline(__always)
    func four(_ i: Int) -> Four { deal(pixel(i), pixel(i + 1), pixel(i + 2), pixel(i + 3)) }
    let (p, q, r, s) = (four(0), four(4), four(8), four(12))
    @inline(__always)
    func store(_ channel: Int, _ x: Four) {
      let y = a.output + first + channel * stride
      blocks(y)[0] = x.0
      blocks(y + 4 * stride)[0] = x.1
      blocks(y + 8 * stride)[0] = x.2
      blocks(y + 12 * stride)[0] = x.3
    }
    store(0, deal(p.0, q.0, r.0, s.0))
    store(1, deal(p.1, q.1, r.1, s.1))
    store(2, deal(p.2, q.2, r.2, s.2))
    store(3, deal(p.3, q.3, r.3, s.3))
    first += 16
  }
}

@inline(never)
public func convolvePlanes(_ a: CKernelArguments_ConvolvePlanes) {
  var first = 0
  while first < a.count {
    convolveFour(a, first)
    first += 4 * vectorLanes
  }
}

/// Three outputs of four vectors of a plane: twelve sums hide the latency of FMA.
@inline(__always)
private func convolveFour(_ a: CKernelArguments_ConvolvePlanes, _ first: Int) {
  @inline(__always)
  func output(_ output: Int) -> UnsafeMutablePointer<Vector> {
    UnsafeMutableRawPointer(a.output + output * a.outputStride + first)
      .assumingMemoryBound(to: Vector.self)
  }
  @inline(__always)
  func load(_ pointer: UnsafePointer<Float>) -> Vector {
    UnsafeRawPointer(pointer).loadUnaligned(as: Vector.self)
  }
  let zero = Vector(repeating: 0)
  var (a0, a1, a2, a3) = (zero, zero, zero, zero)
  var (b0, b1, b2, b3) = (zero, zero, zero, zero)
  var (c0, c1, c2, c3) = (zero, zero, zero, zero)
  if a.adds {
    (a0, a1, a2, a3) = (output(0)[0], output(0)[1], output(0)[2], output(0)[3])
    (b0, b1, b2, b3) = (output(1)[0], output(1)[1], output(1)[2], output(1)[3])
    (c0, c1, c2, c3) = (output(2)[0], output(2)[1], output(2)[2], output(2)[3])
  }
  var w = a.weights
  for channel in 0..<a.channels {
    for row in 0..<a.kernelSize {
      let x = a.input + channel * a.inputChannelStride + row * a.inputRowStride + first
      for column in 0..<a.kernelSize {
        let (wa, wb, wc) = (
          Vector(repeating: w[0]), Vector(repeating: w[1]), Vector(repeating: w[2])
        )
        w += 3
        let x0 = load(x + column)
        a0 = multiplyAdd(a0, wa, x0)
        b0 = multiplyAdd(b0, wb, x0)
        c0 = multiplyAdd(c0, wc, x0)
        let x1 = load(x + column + vectorLanes)
        a1 = multiplyAdd(a1, wa, x1)
        b1 = multiplyAdd(b1, wb, x1)
        c1 = multiplyAdd(c1, wc, x1)
        let x2 = load(x + column + 2 * vectorLanes)
        a2 = multiplyAdd(a2, wa, x2)
        b2 = multiplyAdd(b2, wb, x2)
        c2 = multiplyAdd(c2, wc, x2)
        let x3 = load(x + column + 3 * vectorLanes)
        a3 = multiplyAdd(a3, wa, x3)
        b3 = multiplyAdd(b3, wb, x3)
        c3 = multiplyAdd(c3, wc, x3)
      }
    }
  }
  (output(0)[0], output(0)[1], output(0)[2], output(0)[3]) = (a0, a1, a2, a3)
  (output(1)[0], output(1)[1], output(1)[2], output(1)[3]) = (b0, b1, b2, b3)
  (output(2)[0], output(2)[1], output(2)[2], output(2)[3]) = (c0, c1, c2, c3)
}

@inline(never)
public func mergePlanes(_ a: CKernelArguments_MergePlanes) {
  let output = UnsafeMutableRawPointer(a.output).assumingMemoryBound(to: SIMD4<Float>.self)
  let bias = SIMD4(a.bias[0], a.bias[1], a.bias[2], 0)
  let (red, green, blue) = (
    a.input, a.input + a.inputChannelStride, a.input + 2 * a.inputChannelStride
  )
  for tile in 0..<a.tiles {
    for column in 0..<3 {
      let place = column * a.inputColumnStride + tile
      output[3 * tile + column] = SIMD4(red[place], green[place], blue[place], 0) + bias
    }
  }
}
