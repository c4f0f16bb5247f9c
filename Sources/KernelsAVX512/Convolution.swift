// Documentation: Tensors/KernelSet.swift. 32 registers of 16 lanes: 8 pixels × 2 blocks of output
// channels are 16 sums, enough to hide the latency of FMA on either pipe; 12 pixels read the weights
// less often. Sums and samples are spelt out: put into structures, they cost a tenth of the speed.

import CKernelArguments

@inline(never)
public func convolveRow(_ a: CKernelArguments_ConvolveRow) {
  var pixel = 0
  while pixel < a.pixels {
    let y = a.output + pixel * 16
    let x = a.input + pixel * a.inputPixelStride
    let left = a.pixels - pixel
    if a.blocks == 1 {
      if left > 8 { convolve16x16(a, to: y, from: x) } else { convolve8x16(a, to: y, from: x) }
      pixel += left > 8 ? 16 : 8
    } else {
      // Of a multiple of 8: 8, 8 + 8, 12 + 12, 12 + 12 + 8, 12 + 12 + 8 + 8 …
      let isTwelve = left > 16 || left == 12
      if isTwelve { convolve12x32(a, to: y, from: x) } else { convolve8x32(a, to: y, from: x) }
      pixel += isTwelve ? 12 : 8
    }
  }
}

@inline(__always)
private func load(_ pointer: UnsafePointer<Float>) -> Vector {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: Vector.self)[0]
}

@inline(__always)
private func convolve12x32(
  _ a: CKernelArguments_ConvolveRow, to output: UnsafeMutablePointer<Float>,
  from input: UnsafePointer<Float>
) {
  let (rowStride, columnStride) = (a.inputRowStride, a.inputColumnStride)
  let (pixelStride, channels) = (a.inputPixelStride, a.channels)
  let (kernelHeight, kernelWidth) = (a.kernelHeight, a.kernelWidth)
  let (weightStride, weightBlockStride) = (a.weightStride, a.weightBlockStride)
  let y = UnsafeMutableRawPointer(output).assumingMemoryBound(to: Vector.self)
  let z = UnsafeMutableRawPointer(output + a.outputBlockStride).assumingMemoryBound(to: Vector.self)
  var w = a.weights
  var (a0, a1, a2, a3) = (y[0], y[1], y[2], y[3])
  var (a4, a5, a6, a7) = (y[4], y[5], y[6], y[7])
  var (a8, a9, a10, a11) = (y[8], y[9], y[10], y[11])
  var (b0, b1, b2, b3) = (z[0], z[1], z[2], z[3])
  var (b4, b5, b6, b7) = (z[4], z[5], z[6], z[7])
  var (b8, b9, b10, b11) = (z[8], z[9], z[10], z[11])
  if let bias = a.bias {
    let initial = UnsafeRawPointer(bias).assumingMemoryBound(to: Vector.self)
    let (a, b) = (initial[0], initial[1])
    (a0, a1, a2, a3) = (a, a, a, a)
    (a4, a5, a6, a7) = (a, a, a, a)
    (a8, a9, a10, a11) = (a, a, a, a)
    (b0, b1, b2, b3) = (b, b, b, b)
    (b4, b5, b6, b7) = (b, b, b, b)
    (b8, b9, b10, b11) = (b, b, b, b)
  }
  for kernelRow in 0..<kernelHeight {
    for kernelColumn in 0..<kernelWidth {
      let x = input + kernelRow * rowStride + kernelColumn * columnStride
      for channel in 0..<channels {
        let (wa, wb) = (load(w), load(w + weightBlockStride))
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
        let x4 = Vector(repeating: x[channel + 4 * pixelStride])
        a4 = multiplyAdd(a4, wa, x4)
        b4 = multiplyAdd(b4, wb, x4)
        let x5 = Vector(repeating: x[channel + 5 * pixelStride])
        a5 = multiplyAdd(a5, wa, x5)
        b5 = multiplyAdd(b5, wb, x5)
        let x6 = Vector(repeating: x[channel + 6 * pixelStride])
        a6 = multiplyAdd(a6, wa, x6)
        b6 = multiplyAdd(b6, wb, x6)
        let x7 = Vector(repeating: x[channel + 7 * pixelStride])
        a7 = multiplyAdd(a7, wa, x7)
        b7 = multiplyAdd(b7, wb, x7)
        let x8 = Vector(repeating: x[channel + 8 * pixelStride])
        a8 = multiplyAdd(a8, wa, x8)
        b8 = multiplyAdd(b8, wb, x8)
        let x9 = Vector(repeating: x[channel + 9 * pixelStride])
        a9 = multiplyAdd(a9, wa, x9)
        b9 = multiplyAdd(b9, wb, x9)
        let x10 = Vector(repeating: x[channel + 10 * pixelStride])
        a10 = multiplyAdd(a10, wa, x10)
        b10 = multiplyAdd(b10, wb, x10)
        let x11 = Vector(repeating: x[channel + 11 * pixelStride])
        a11 = multiplyAdd(a11, wa, x11)
        b11 = multiplyAdd(b11, wb, x11)
      }
    }
  }
  (y[0], y[1], y[2], y[3]) = (a0, a1, a2, a3)
  (y[4], y[5], y[6], y[7]) = (a4, a5, a6, a7)
  (y[8], y[9], y[10], y[11]) = (a8, a9, a10, a11)
  (z[0], z[1], z[2], z[3]) = (b0, b1, b2, b3)
  (z[4], z[5], z[6], z[7]) = (b4, b5, b6, b7)
  (z[8], z[9], z[10], z[11]) = (b8, b9, b10, b11)
}

@inline(__always)
private func convolve8x32(
  _ a: CKernelArguments_ConvolveRow, to output: UnsafeMutablePointer<Float>,
  from input: UnsafePointer<Float>
) {
  let (rowStride, columnStride) = (a.inputRowStride, a.inputColumnStride)
  let (pixelStride, channels) = (a.inputPixelStride, a.channels)
  let (kernelHeight, kernelWidth) = (a.kernelHeight, a.kernelWidth)
  let (weightStride, weightBlockStride) = (a.weightStride, a.weightBlockStride)
  let y = UnsafeMutableRawPointer(output).assumingMemoryBound(to: Vector.self)
  let z = UnsafeMutableRawPointer(output + a.outputBlockStride).assumingMemoryBound(to: Vector.self)
  var w = a.weights
  var (a0, a1, a2, a3, a4, a5, a6, a7) = (y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7])
  var (b0, b1, b2, b3, b4, b5, b6, b7) = (z[0], z[1], z[2], z[3], z[4], z[5], z[6], z[7])
  if let bias = a.bias {
    let initial = UnsafeRawPointer(bias).assumingMemoryBound(to: Vector.self)
    let (a, b) = (initial[0], initial[1])
    (a0, a1, a2, a3, a4, a5, a6, a7) = (a, a, a, a, a, a, a, a)
    (b0, b1, b2, b3, b4, b5, b6, b7) = (b, b, b, b, b, b, b, b)
  }
  for kernelRow in 0..<kernelHeight {
    for kernelColumn in 0..<kernelWidth {
      let x = input + kernelRow * rowStride + kernelColumn * columnStride
      for channel in 0..<channels {
        let (wa, wb) = (load(w), load(w + weightBlockStride))
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
        let x4 = Vector(repeating: x[channel + 4 * pixelStride])
        a4 = multiplyAdd(a4, wa, x4)
        b4 = multiplyAdd(b4, wb, x4)
        let x5 = Vector(repeating: x[channel + 5 * pixelStride])
        a5 = multiplyAdd(a5, wa, x5)
        b5 = multiplyAdd(b5, wb, x5)
        let x6 = Vector(repeating: x[channel + 6 * pixelStride])
        a6 = multiplyAdd(a6, wa, x6)
        b6 = multiplyAdd(b6, wb, x6)
        let x7 = Vector(repeating: x[channel + 7 * pixelStride])
        a7 = multiplyAdd(a7, wa, x7)
        b7 = multiplyAdd(b7, wb, x7)
      }
    }
  }
  (y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7]) = (a0, a1, a2, a3, a4, a5, a6, a7)
  (z[0], z[1], z[2], z[3], z[4], z[5], z[6], z[7]) = (b0, b1, b2, b3, b4, b5, b6, b7)
}

@inline(__always)
private func convolve16x16(
  _ a: CKernelArguments_ConvolveRow, to output: UnsafeMutablePointer<Float>,
  from input: UnsafePointer<Float>
) {
  let (rowStride, columnStride) = (a.inputRowStride, a.inputColumnStride)
  let (pixelStride, channels) = (a.inputPixelStride, a.channels)
  let (kernelHeight, kernelWidth) = (a.kernelHeight, a.kernelWidth)
  let weightStride = a.weightStride
  let y = UnsafeMutableRawPointer(output).assumingMemoryBound(to: Vector.self)
  var w = a.weights
  var (a0, a1, a2, a3) = (y[0], y[1], y[2], y[3])
  var (a4, a5, a6, a7) = (y[4], y[5], y[6], y[7])
  var (a8, a9, a10, a11) = (y[8], y[9], y[10], y[11])
  var (a12, a13, a14, a15) = (y[12], y[13], y[14], y[15])
  if let bias = a.bias {
    let a = UnsafeRawPointer(bias).assumingMemoryBound(to: Vector.self)[0]
    (a0, a1, a2, a3) = (a, a, a, a)
    (a4, a5, a6, a7) = (a, a, a, a)
    (a8, a9, a10, a11) = (a, a, a, a)
    (a12, a13, a14, a15) = (a, a, a, a)
  }
  for kernelRow in 0..<kernelHeight {
    for kernelColumn in 0..<kernelWidth {
      let x = input + kernelRow * rowStride + kernelColumn * columnStride
      for channel in 0..<channels {
        let wa = load(w)
        w += weightStride
        a0 = multiplyAdd(a0, wa, Vector(repeating: x[channel]))
        a1 = multiplyAdd(a1, wa, Vector(repeating: x[channel + pixelStride]))
        a2 = multiplyAdd(a2, wa, Vector(repeating: x[channel + 2 * pixelStride]))
        a3 = multiplyAdd(a3, wa, Vector(repeating: x[channel + 3 * pixelStride]))
        a4 = multiplyAdd(a4, wa, Vector(repeating: x[channel + 4 * pixelStride]))
        a5 = multiplyAdd(a5, wa, Vector(repeating: x[channel + 5 * pixelStride]))
        a6 = multiplyAdd(a6, wa, Vector(repeating: x[channel + 6 * pixelStride]))
        a7 = multiplyAdd(a7, wa, Vector(repeating: x[channel + 7 * pixelStride]))
        a8 = multiplyAdd(a8, wa, Vector(repeating: x[channel + 8 * pixelStride]))
        a9 = multiplyAdd(a9, wa, Vector(repeating: x[channel + 9 * pixelStride]))
        a10 = multiplyAdd(a10, wa, Vector(repeating: x[channel + 10 * pixelStride]))
        a11 = multiplyAdd(a11, wa, Vector(repeating: x[channel + 11 * pixelStride]))
        a12 = multiplyAdd(a12, wa, Vector(repeating: x[channel + 12 * pixelStride]))
        a13 = multiplyAdd(a13, wa, Vector(repeating: x[channel + 13 * pixelStride]))
        a14 = multiplyAdd(a14, wa, Vector(repeating: x[channel + 14 * pixelStride]))
        a15 = multiplyAdd(a15, wa, Vector(repeating: x[channel + 15 * pixelStride]))
      }
    }
  }
  (y[0], y[1], y[2], y[3]) = (a0, a1, a2, a3)
  (y[4], y[5], y[6], y[7]) = (a4, a5, a6, a7)
  (y[8], y[9], y[10], y[11]) = (a8, a9, a10, a11)
  (y[12], y[13], y[14], y[15]) = (a12, a13, a14, a15)
}

@inline(__always)
private func convolve8x16(
  _ a: CKernelArguments_ConvolveRow, to output: UnsafeMutablePointer<Float>,
  from input: UnsafePointer<Float>
) {
  let (rowStride, columnStride) = (a.inputRowStride, a.inputColumnStride)
  let (pixelStride, channels) = (a.inputPixelStride, a.channels)
  let (kernelHeight, kernelWidth) = (a.kernelHeight, a.kernelWidth)
  let weightStride = a.weightStride
  let y = UnsafeMutableRawPointer(output).assumingMemoryBound(to: Vector.self)
  var w = a.weights
  var (a0, a1, a2, a3, a4, a5, a6, a7) = (y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7])
  if let bias = a.bias {
    let a = UnsafeRawPointer(bias).assumingMemoryBound(to: Vector.self)[0]
    (a0, a1, a2, a3, a4, a5, a6, a7) = (a, a, a, a, a, a, a, a)
  }
  for kernelRow in 0..<kernelHeight {
    for kernelColumn in 0..<kernelWidth {
      let x = input + kernelRow * rowStride + kernelColumn * columnStride
      for channel in 0..<channels {
        let wa = load(w)
        w += weightStride
        a0 = multiplyAdd(a0, wa, Vector(repeating: x[channel]))
        a1 = multiplyAdd(a1, wa, Vector(repeating: x[channel + pixelStride]))
        a2 = multiplyAdd(a2, wa, Vector(repeating: x[channel + 2 * pixelStride]))
        a3 = multiplyAdd(a3, wa, Vector(repeating: x[channel + 3 * pixelStride]))
        a4 = multiplyAdd(a4, wa, Vector(repeating: x[channel + 4 * pixelStride]))
        a5 = multiplyAdd(a5, wa, Vector(repeating: x[channel + 5 * pixelStride]))
        a6 = multiplyAdd(a6, wa, Vector(repeating: x[channel + 6 * pixelStride]))
        a7 = multiplyAdd(a7, wa, Vector(repeating: x[channel + 7 * pixelStride]))
      }
    }
  }
  (y[0], y[1], y[2], y[3], y[4], y[5], y[6], y[7]) = (a0, a1, a2, a3, a4, a5, a6, a7)
}
