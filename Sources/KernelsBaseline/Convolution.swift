// Documentation: Tensors/KernelSet.swift. For sets of 16 registers, AVX2's and the baseline's (which
// link to one source): 4 pixels × 2 vectors are 8 sums, which leave room for the weights and one
// broadcast sample.

import CKernelArguments

@inline(never)
public func convolveRow(_ a: CKernelArguments_ConvolveRow) {
  let parts = 16 / (2 * vectorLanes)  // of a block
  for part in 0..<a.blocks * parts {
    let lane = part % parts * 2 * vectorLanes
    var pixel = 0
    while pixel < a.pixels {
      convolve4(
        a, to: a.output + part / parts * a.outputBlockStride + pixel * 16 + lane,
        from: a.input + pixel * a.inputPixelStride, block: part / parts, lane: lane)
      pixel += 4
    }
  }
}

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: Vector.self)[0]
}

@inline(__always)
private func store(_ vector: Vector, _ pointer: UnsafeMutablePointer<Float>) {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Vector.self)[0] = vector
}

@inline(__always)
private func convolve4(
  _ a: CKernelArguments_ConvolveRow, to y: UnsafeMutablePointer<Float>,
  from input: UnsafePointer<Float>, block: Int, lane: Int
) {
  let (rowStride, columnStride) = (a.inputRowStride, a.inputColumnStride)
  let (pixelStride, weightStride) = (a.inputPixelStride, a.weightStride)
  let (kernelHeight, kernelWidth, channels) = (a.kernelHeight, a.kernelWidth, a.channels)
  var (a0, a1, a2, a3) = (load(y), load(y + 16), load(y + 32), load(y + 48))
  let z = y + vectorLanes
  var (b0, b1, b2, b3) = (load(z), load(z + 16), load(z + 32), load(z + 48))
  if let bias = a.bias {
    let bias = bias + block * 16 + lane
    let (a, b) = (load(bias), load(bias + vectorLanes))
    (a0, a1, a2, a3) = (a, a, a, a)
    (b0, b1, b2, b3) = (b, b, b, b)
  }
  var w = a.weights + block * a.weightBlockStride + lane
  for kernelRow in 0..<kernelHeight {
    for kernelColumn in 0..<kernelWidth {
      let x = input + kernelRow * rowStride + kernelColumn * columnStride
      for channel in 0..<channels {
        let (wa, wb) = (load(w), load(w + vectorLanes))
        w += weightStride
        let x0 = Vector(repeating: x[channel])
        a0 = multiplyAdd(a0, wa, x0)
        b0 = multiplyAdd(b0, wb, x0)
        let x1 = Vector(repeating: x[channel + pixelStride])
        a1 = multiplyAdd(a1, wa, x1)
        b1 = multiplyAdd(b1, wb, x1)
        let x2 = Vector(repeating: x[channel + 2 * pixelStride])
        a2 = multiplyAdd(a2, wa, x2)
        b2 = multiplyAdd(b2, wb, x2)
        let x3 = Vector(repeating: x[channel + 3 * pixelStride])
        a3 = multiplyAdd(a3, wa, x3)
        b3 = multiplyAdd(b3, wb, x3)
      }
    }
  }
  store(a0, y)
  store(a1, y + 16)
  store(a2, y + 32)
  store(a3, y + 48)
  store(b0, z)
  store(b1, z + 16)
  store(b2, z + 32)
  store(b3, z + 48)
}
