import CKernelArguments

extension KernelSet {
  /// Every kernel in plain loops: what the others are held to. Sums are taken in Double.
  public static let reference = KernelSet(
    name: "reference",
    convolveRow: { a in
      for block in 0..<a.blocks {
        for pixel in 0..<a.pixels {
          for lane in 0..<16 {
            let y = a.output + block * a.outputBlockStride + pixel * 16 + lane
            var sum = Double(a.bias.map { $0[block * 16 + lane] } ?? y.pointee)
            for i in 0..<a.kernelHeight {
              for j in 0..<a.kernelWidth {
                for c in 0..<a.channels {
                  let tap = (i * a.kernelWidth + j) * a.channels + c
                  let x =
                    pixel * a.inputPixelStride + i * a.inputRowStride + j * a.inputColumnStride
                  sum +=
                    Double(a.weights[tap * a.weightStride + block * a.weightBlockStride + lane])
                    * Double(a.input[x + c])
                }
              }
            }
            y.pointee = Float(sum)
          }
        }
      }
    },
    gatherBlocks: { a in
      for i in 0..<a.count {
        for lane in 0..<16 {
          a.output[i * 16 + lane] = a.affine.value(a.input, Int(a.columns[i]) * 16 + lane)
        }
      }
    },
    gatherMaximum: { a in
      for i in 0..<a.count {
        for lane in 0..<16 {
          let x = 2 * Int(a.columns[i]) * 16 + lane
          let samples = [a.upper, a.lower].flatMap { row in
            [x, x + 16].map { a.affine.value(row, $0) }
          }
          a.output[i * 16 + lane] = samples.contains(where: \.isNaN) ? .nan : samples.max() ?? .nan
        }
      }
    },
    gatherPixels: { a in
      for i in 0..<a.count {
        for lane in 0..<4 { a.output[i * 4 + lane] = a.input[Int(a.columns[i]) * 4 + lane] }
      }
    },
    addBlocks: { arguments in
      for i in 0..<arguments.count * 16 {
        arguments.output[i] =
          arguments.aAffine.value(arguments.a, i) + arguments.bAffine.value(arguments.b, i)
      }
    },
    transformInput: { a in
      transformTiles(
        a, step: 4,
        [
          [4, 0, -5, 0, 1, 0], [0, -4, -4, 1, 1, 0], [0, 4, -4, -1, 1, 0],
          [0, -2, -1, 2, 1, 0], [0, 2, -1, -2, 1, 0], [0, 4, 0, -5, 0, 1],
        ])
    },
    transformOutput: { a in
      transformTiles(
        a, [[1, 1, 1, 1, 1, 0], [0, 1, -1, 2, -2, 0], [0, 1, 1, 4, 4, 0], [0, 1, -1, 8, -8, 1]])
    },
    transformUpsampledInput: { a in
      transformTiles(a, step: 2, [[4, -5, 1, 0], [0, -4, 1, 0], [0, -1, 1, 0], [0, 4, -5, 1]])
    },
    transformUpsampledOutput: { a in
      transformTiles(
        a, [[1, 1, 1, 0, 0], [0, 1, 0, 2, 0], [0, 1, 4, 0, 0], [0, 1, 0, 8, 1]])
    },
    transformGradient: { a in
      transformTiles(
        a, step: 4,
        [
          [1, 0, 0, 0], [1, 1, 1, 1], [1, -1, 1, -1], [1, 2, 4, 8], [1, -2, 4, -8], [0, 0, 0, 1],
        ])
    },
    transformFive: { a in
      let transform: [[Double]] = [
        [2, -1, -2, 1, 0], [0, -2, -1, 1, 0], [0, 2, -3, 1, 0], [0, -1, 0, 1, 0],
        [0, 2, -1, -2, 1],
      ]
      let places = [0, a.inputStride, 2 * a.inputStride, a.inputWrap, a.inputWrap + a.inputStride]
      for row in 0..<a.rows {
        for i in 0..<a.count {
          for (k, factors) in transform.enumerated() {
            a.output[k * a.outputStride + row * a.outputRowStride + i] = Float(
              zip(factors, places).reduce(0) {
                $0 + $1.0 * Double(a.input[row * a.inputRowStride + $1.1 + i])
              })
          }
        }
      }
    },
    transformLargeOutput: { transformTiles($0, combination) },
    combineFive: { a in
      for i in 0..<a.count {
        for (k, factors) in combination.enumerated() {
          a.output[k * a.outputStride + i] = Float(
            factors.enumerated().reduce(0) {
              $0 + $1.element * Double(a.input[$1.offset * a.inputStride + i])
            })
        }
      }
    },
    gatherPlanes: { a in
      for i in 0..<a.count {
        for lane in 0..<16 {
          let column = Int(a.columns[i])
          a.output[lane * a.outputStride + i] =
            column < 0 ? 0 : a.affine.value(a.input, column * 16 + lane)
        }
      }
    },
    convolvePlanes: { a in
      for output in 0..<3 {
        for i in 0..<a.count {
          let y = a.output + output * a.outputStride + i
          var (sum, tap) = (a.adds ? Double(y.pointee) : 0, output)
          for channel in 0..<a.channels {
            for row in 0..<a.kernelSize {
              for column in 0..<a.kernelSize {
                let x = channel * a.inputChannelStride + row * a.inputRowStride + i + column
                sum += Double(a.weights[tap]) * Double(a.input[x])
                tap += 3
              }
            }
          }
          y.pointee = Float(sum)
        }
      }
    },
    mergePlanes: { a in
      for pixel in 0..<3 * a.tiles {
        for channel in 0..<3 {
          let place = pixel % 3 * a.inputColumnStride + channel * a.inputChannelStride + pixel / 3
          a.output[4 * pixel + channel] = a.input[place] + a.bias[channel]
        }
        a.output[4 * pixel + 3] = 0
      }
    },
    measureMoments: { a in
      for lane in 0..<16 {
        let samples = (0..<a.rows * a.columns).map {
          Double(a.input[$0 / a.columns * a.inputRowStride + $0 % a.columns * 16 + lane])
        }
        let average = samples.reduce(0, +) / Double(samples.count)
        a.mean[lane] = average
        a.squares[lane] = samples.reduce(0) { $0 + ($1 - average) * ($1 - average) }
      }
    },
    measureGradient: { a in
      for lane in 0..<16 {
        for i in 0..<a.input.count {
          let (gradient, sample) = a.input.values(i * 16 + lane)
          a.sums[lane] += gradient
          a.products[lane] += gradient * (sample - Double(a.center[lane]))
        }
      }
    },
    normGradient: { a in
      for i in 0..<a.input.count * 16 {
        let (gradient, sample) = a.input.values(i)
        a.output[i] = Float(
          Double(a.gradientScale[i % 16]) * gradient + Double(a.mapScale[i % 16]) * sample
            + Double(a.shift[i % 16]))
      }
    },
    scatterBlocks: { a in
      for i in 0..<a.count {
        for lane in 0..<16 { a.output[Int(a.columns[i]) * 16 + lane] += a.input[i * 16 + lane] }
      }
    },
    scatterMaximum: { a in
      for i in 0..<a.count {
        for lane in 0..<16 {
          let (left, right) = (2 * i * 16 + lane, (2 * i + 1) * 16 + lane)
          let samples = [a.upper, a.lower].flatMap { row in
            [left, right].map { a.affine.value(row, $0) }
          }
          let outputs = [
            a.upperOutput + left, a.upperOutput + right, a.lowerOutput + left,
            a.lowerOutput + right,
          ]
          guard let largest = samples.max(), let first = samples.firstIndex(of: largest) else {
            continue
          }
          outputs[first].pointee += a.input[i * 16 + lane]
        }
      }
    },
    multiplyAddLoop: { result, iterations in
      for _ in 0..<iterations { result[2] += result[0] * result[1] }
      return iterations
    })
}

/// Aᵀ of F(3, 3).
private let combination: [[Double]] = [[1, 1, 1, 1, 0], [0, 1, -1, 2, 0], [0, 1, 1, 4, 1]]

/// Computes `V = T d Tᵀ` of every tile.
private func transformTiles(
  _ a: CKernelArguments_TransformInput, step: Int, _ basis: [[Double]]
) {
  for tile in 0..<a.tiles {
    transform(
      basis, a.input + tile * step * 16, a.inputRowStride, 16, a.output + tile * 16,
      basis.count * a.outputMatrixStride, a.outputMatrixStride)
  }
}

/// Computes `Y = T m Tᵀ + bias` of every tile.
private func transformTiles(_ a: CKernelArguments_TransformOutput, _ basis: [[Double]]) {
  for tile in 0..<a.tiles {
    transform(
      basis, a.input + tile * 16, basis[0].count * a.inputMatrixStride, a.inputMatrixStride,
      a.output + tile * basis.count * 16, a.outputRowStride, 16, a.bias)
  }
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

extension CKernelArguments_Affine {
  /// `max(scale · x + shift, floor)` of one sample in blocks of 16, where a NaN stays one.
  fileprivate func value(_ samples: UnsafePointer<Float>, _ index: Int) -> Float {
    let lane = index % 16
    let y = Float(Double(scale[lane]) * Double(samples[index]) + Double(shift[lane]))
    return y < floor[lane] ? floor[lane] : y
  }
}

extension CKernelArguments_ActivationGradient {
  /// The gradient of one sample in blocks of 16, 0 where the activation cuts off, and the map's sample.
  fileprivate func values(_ index: Int) -> (gradient: Double, sample: Double) {
    let lane = index % 16
    let sample = Double(map[index])
    let value = Float(Double(affine.scale[lane]) * sample + Double(affine.shift[lane]))
    return (value <= affine.floor[lane] ? 0 : Double(gradient[index]), sample)
  }
}
