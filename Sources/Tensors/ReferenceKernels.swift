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
          output[i * 16 + lane] = affine(x, scale[lane], shift[lane], floor[lane])
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
          affine(a[i], aScale[lane], aShift[lane], aFloor[lane])
          + affine(b[i], bScale[lane], bShift[lane], bFloor[lane])
      }
    },
    transformInput: { output, outputStride, tiles, input, rowStride in
      let basis: [[Double]] = [
        [4, 0, -5, 0, 1, 0], [0, -4, -4, 1, 1, 0], [0, 4, -4, -1, 1, 0],
        [0, -2, -1, 2, 1, 0], [0, 2, -1, -2, 1, 0], [0, 4, 0, -5, 0, 1],
      ]
      for tile in 0..<tiles {
        transform(
          basis, input + tile * 64, rowStride, 16, output + tile * 16, 6 * outputStride,
          outputStride)
      }
    },
    transformOutput: { output, rowStride, tiles, input, inputStride, bias in
      let basis: [[Double]] = [
        [1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1],
      ]
      for tile in 0..<tiles {
        transform(
          basis, input + tile * 16, 6 * inputStride, inputStride, output + tile * 64, rowStride,
          16, bias)
      }
    },
    transformUpsampledInput: { output, outputStride, tiles, input, rowStride in
      let basis: [[Double]] = [[4, -5, 1, 0], [0, -4, 1, 0], [0, -1, 1, 0], [0, 4, -5, 1]]
      for tile in 0..<tiles {
        transform(
          basis, input + tile * 32, rowStride, 16, output + tile * 16, 4 * outputStride,
          outputStride)
      }
    },
    transformUpsampledOutput: { output, rowStride, tiles, input, inputStride, bias in
      let basis: [[Double]] = [
        [1, 1, 1, 0, 0], [0, 1, 0, 2, 0], [0, 1, 4, 0, 0], [0, 1, 0, 8, 1],
      ]
      for tile in 0..<tiles {
        transform(
          basis, input + tile * 16, 5 * inputStride, inputStride, output + tile * 64, rowStride,
          16, bias)
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
    },
    multiplyAddLoop: { result, iterations in
      for _ in 0..<iterations { result[2] += result[0] * result[1] }
      return iterations
    })
}

/// `T x Tᵀ + bias` for each of 16 channels, x and the result as matrices of samples at the given
/// distances between rows and columns.
private func transform(
  _ basis: [[Double]], _ x: UnsafePointer<Float>, _ rowStride: Int, _ columnStride: Int,
  _ y: UnsafeMutablePointer<Float>, _ outputRowStride: Int, _ outputColumnStride: Int,
  _ bias: UnsafePointer<Float>? = nil
) {
  let size = basis[0].count
  for lane in 0..<16 {
    for (i, row) in basis.enumerated() {
      for (j, column) in basis.enumerated() {
        var sum = Double(bias?[lane] ?? 0)
        for u in 0..<size {
          for v in 0..<size {
            sum += row[u] * column[v] * Double(x[u * rowStride + v * columnStride + lane])
          }
        }
        y[i * outputRowStride + j * outputColumnStride + lane] = Float(sum)
      }
    }
  }
}

/// `max(scale · x + shift, floor)`, where a NaN stays one.
private func affine(_ x: Float, _ scale: Float, _ shift: Float, _ floor: Float) -> Float {
  let y = Float(Double(scale) * Double(x) + Double(shift))
  return y < floor ? floor : y
}
