extension KernelSet {
  /// Every kernel in plain loops: what the others are held to. Sums are taken in Double.
  public static let reference = KernelSet(
    name: "reference",
    convolveRow: {
      output, blockStride, blocks, pixels, bias, input, rowStride, columnStride, pixelStride,
      weights, kernelHeight, kernelWidth, channels in
      for block in 0..<blocks {
        for pixel in 0..<pixels {
          for lane in 0..<16 {
            let y = output + block * blockStride + pixel * 16 + lane
            var sum = Double(bias.map { $0[block * 16 + lane] } ?? y.pointee)
            for i in 0..<kernelHeight {
              for j in 0..<kernelWidth {
                for c in 0..<channels {
                  let w = ((i * kernelWidth + j) * channels + c) * blocks * 16 + block * 16 + lane
                  let x = pixel * pixelStride + i * rowStride + j * columnStride + c
                  sum += Double(weights[w]) * Double(input[x])
                }
              }
            }
            y.pointee = Float(sum)
          }
        }
      }
    },
    gatherBlocks: { output, input, columns, count, scale, shift, floor in
      for i in 0..<count {
        for lane in 0..<16 {
          let x = input[Int(columns[i]) * 16 + lane]
          output[i * 16 + lane] = affine(x, scale[lane], shift[lane], floor)
        }
      }
    },
    gatherPixels: { output, input, columns, count in
      for i in 0..<count {
        for lane in 0..<4 { output[i * 4 + lane] = input[Int(columns[i]) * 4 + lane] }
      }
    },
    addBlocks: { output, count, a, aScale, aShift, aFloor, b, bScale, bShift, bFloor in
      for i in 0..<count * 16 {
        let lane = i % 16
        output[i] =
          affine(a[i], aScale[lane], aShift[lane], aFloor)
          + affine(b[i], bScale[lane], bShift[lane], bFloor)
      }
    },
    measureMoments: { mean, squares, input, rowStride, rows, columns in
      for lane in 0..<16 {
        let samples = (0..<rows * columns).map {
          Double(input[$0 / columns * rowStride + $0 % columns * 16 + lane])
        }
        let average = samples.reduce(0, +) / Double(samples.count)
        mean[lane] = average
        squares[lane] = samples.reduce(0) { $0 + ($1 - average) * ($1 - average) }
      }
    })
}

/// `max(scale · x + shift, floor)`, where a NaN stays one.
private func affine(_ x: Float, _ scale: Float, _ shift: Float, _ floor: Float) -> Float {
  let y = Float(Double(scale) * Double(x) + Double(shift))
  return y < floor ? floor : y
}
