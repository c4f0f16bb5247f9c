import StyleModels
import Tensors
import TestSupport
import Testing

@testable import Layers

/// Every kind of layer, of every instruction set, against the convolution's definition in Double,
/// with outputs and the workers' memory poisoned beforehand.
@Suite(.deadline(minutes: 2)) struct ConvolutionLayerTests {
  /// Below, at and above the blocks of channels, the strips of rows and the tiles of columns.
  static let table: [LayerCase] = {
    var table: [LayerCase] = []
    for (inputs, outputs) in [(1, 1), (4, 8), (15, 17), (16, 16), (17, 33), (32, 32), (33, 15)] {
      table.append(LayerCase(inputs: inputs, outputs: outputs, height: 5, width: 6))
    }
    for rows in [2, 11, 12, 13, 24, 25] {
      table.append(LayerCase(inputs: 4, outputs: 4, height: rows, width: 9))
      table.append(LayerCase(inputs: 4, outputs: 4, stride: 2, height: 2 * rows, width: 8))
      table.append(LayerCase(inputs: 4, outputs: 4, stride: 2, height: 2 * rows - 1, width: 8))
    }
    for rows in [1, 6, 7, 12] {
      table.append(LayerCase(inputs: 5, outputs: 4, resampling: .nearest, height: rows, width: 5))
    }
    for side in [5, 8, 13] {
      table.append(
        LayerCase(inputs: 3, outputs: 4, kernel: 9, readsPicture: true, height: side, width: 7))
      table.append(
        LayerCase(inputs: 4, outputs: 3, kernel: 9, writesPicture: true, height: side, width: 7))
      table.append(LayerCase(inputs: 4, outputs: 5, kernel: 9, height: 6, width: side))
    }
    for width in 5...11 {
      table.append(
        LayerCase(inputs: 2, outputs: 3, kernel: 9, writesPicture: true, height: 5, width: width))
    }
    // Pictures of other numbers of colours, other kernels, and what doesn't write pixels after all.
    for outputs in [1, 2, 3, 5] {
      for (kernel, stride) in [(1, 1), (3, 1), (4, 1), (3, 2)] {
        table.append(
          LayerCase(
            inputs: 17, outputs: outputs, kernel: kernel, stride: stride,
            padding: .init(.reflection, 1), writesPicture: true, height: 13, width: 75))
      }
    }
    // Kernels that don't fill groups of three, with blocks of inputs and pairs of outputs.
    for kernel in [5, 6, 7, 8, 10] {
      table.append(LayerCase(inputs: 17, outputs: 33, kernel: kernel, height: 13, width: 11))
    }
    for resampling in [LayerDescription.Resampling.nearest, .maximum] {
      table.append(
        LayerCase(
          inputs: 4, outputs: 5, kernel: 5, resampling: resampling, height: 14, width: 22))
    }
    return table + otherPaddings + transposed + acrossTiles
  }()

  /// Zeros and edges beyond the input, more of them on some sides, and maxima.
  static let otherPaddings: [LayerCase] = {
    var table: [LayerCase] = []
    for kind in [LayerDescription.Padding.Kind.zero, .replication] {
      for (kernel, stride) in [(3, 1), (3, 2), (9, 1)] {
        let same = LayerDescription.Padding(kind, kernel / 2)
        for rows in [1, 12, 13] {
          table.append(
            LayerCase(
              inputs: 17, outputs: 5, kernel: kernel, stride: stride, padding: same, height: rows,
              width: 9))
        }
        let uneven = LayerDescription.Padding(
          kind, top: kernel / 2 - 1, left: 0, bottom: kernel / 2 + 1, right: kernel - 1)
        table.append(
          LayerCase(
            inputs: 4, outputs: 17, kernel: kernel, stride: stride, padding: uneven, height: 13,
            width: 10))
      }
      let one = LayerDescription.Padding(kind, 1)
      for rows in [2, 13, 25] {
        table.append(
          LayerCase(
            inputs: 4, outputs: 5, resampling: .maximum, padding: one, height: rows, width: 11))
      }
      table.append(
        LayerCase(
          inputs: 4, outputs: 5, stride: 2, resampling: .maximum, padding: one, height: 26,
          width: 19))
      table.append(
        LayerCase(inputs: 5, outputs: 4, resampling: .nearest, padding: one, height: 7, width: 6))
      table.append(
        LayerCase(
          inputs: 5, outputs: 4, resampling: .nearest, padding: .init(kind, 2), height: 7, width: 6)
      )
      table.append(
        LayerCase(
          inputs: 3, outputs: 17, padding: one, readsPicture: true, height: 13, width: 7))
      table.append(
        LayerCase(
          inputs: 4, outputs: 3, kernel: 9, padding: .init(kind, 4), writesPicture: true,
          height: 13,
          width: 7))
    }
    return table
  }()

  /// PyTorch's ways to cut, TensorFlow's, and none; other kernels and strides.
  static let transposed: [LayerCase] = {
    var table: [LayerCase] = []
    func add(
      _ inputs: Int, _ outputs: Int, kernel: Int = 3, stride: Int = 2, top: Int = 1,
      bottom: Int = 0,
      _ height: Int, _ width: Int
    ) {
      table.append(
        LayerCase(
          inputs: inputs, outputs: outputs, kernel: kernel, stride: stride, isTransposed: true,
          padding: .init(.zero, top: top, left: top, bottom: bottom, right: bottom),
          height: height, width: width))
    }
    for rows in [1, 6, 7, 13] {
      add(4, 5, rows, 6)
      add(17, 33, top: 0, bottom: 1, rows, 5)
      add(4, 4, top: 0, bottom: 0, rows, 7)
      add(4, 17, kernel: 4, top: 1, bottom: 1, rows, 9)
      add(3, 4, kernel: 5, stride: 3, top: 2, bottom: 1, rows, 4)
      add(3, 4, kernel: 3, stride: 4, top: 0, bottom: 0, rows, 4)
      add(3, 4, kernel: 3, stride: 1, top: 1, bottom: 1, rows, 8)
    }
    let tile = LayerCase(
      inputs: 4, outputs: 2, stride: 2, isTransposed: true, padding: .init(.zero, 1), height: 2,
      width: 9
    ).tiling.tileWidth
    for width in [tile / 2 - 1, tile / 2, tile / 2 + 1, tile + 1] { add(4, 2, 2, width) }
    return table
  }()

  /// One column below a tile, a tile, one column more, and two tiles with one more.
  static let acrossTiles: [LayerCase] = {
    var table: [LayerCase] = []
    for (tiles, more) in [(1, -1), (1, 0), (1, 1), (2, 1)] {
      var plain = LayerCase(inputs: 17, outputs: 2, height: 2, width: 9)
      plain.width = tiles * plain.tiling.tileWidth + more
      var strided = LayerCase(inputs: 4, outputs: 2, stride: 2, height: 3, width: 9)
      strided.width = 2 * (tiles * strided.tiling.tileWidth + more)
      var enlarged = LayerCase(inputs: 4, outputs: 2, resampling: .nearest, height: 1, width: 9)
      enlarged.width = (tiles * enlarged.tiling.tileWidth + more + 1) / 2
      var writing = LayerCase(
        inputs: 4, outputs: 3, kernel: 9, writesPicture: true, height: 5, width: 9)
      writing.width = tiles * writing.tiling.tileWidth + more
      table += [plain, strided, enlarged, writing]
    }
    for (kernel, more) in [(9, -1), (9, 0), (9, 1), (3, 1)] {
      var reading = LayerCase(
        inputs: 3, outputs: 1, kernel: kernel, readsPicture: true, height: 5, width: 9)
      reading.width = reading.tiling.tileWidth + more
      table.append(reading)
    }
    return table
  }()

  @Test(arguments: table)
  func agreesWithTheDefinition(_ shape: LayerCase) throws {
    let expected = shape.naive()
    for kernels in KernelSet.available {
      let (map, moments) = shape.run(kernels)
      let found = shape.planes(of: map)
      for (plane, exact) in zip(found, expected) {
        try #require(plane.count == exact.count)
        let worst = zip(plane, exact).reduce(0) { worst, pair in
          let difference = abs(Double(pair.0) - pair.1)
          return difference.isNaN ? .infinity : max(worst, difference)
        }
        #expect(worst <= Double(shape.tolerance), "\(kernels)")
      }
      expectWritten(map, kernels)
      for (moment, plane) in zip(moments, found) {
        #expect(moment.agrees(with: naiveMoments(plane), within: 1e-5), "\(kernels)")
      }
    }
  }

  /// Rounding differs from place to place in a tile, and yet what is one colour stays one colour, or the
  /// next norm would make noise of it.
  @Test(arguments: [0.1, 117.3, -1e4] as [Float])
  func constantChannelsStayConstant(_ value: Float) {
    var shapes = [
      LayerCase(inputs: 3, outputs: 17, kernel: 9, readsPicture: true, height: 25, width: 80),
      LayerCase(inputs: 17, outputs: 3, kernel: 9, writesPicture: true, height: 25, width: 100),
      LayerCase(inputs: 17, outputs: 33, kernel: 7, height: 25, width: 80),
      LayerCase(inputs: 17, outputs: 3, writesPicture: true, height: 25, width: 100),
    ]
    for index in shapes.indices {
      let shape = shapes[index]
      shapes[index].values = LayerCase.Values(
        weights: shape.weights, bias: shape.bias,
        planes: (0..<shape.inputs).map { channel in
          [Float](repeating: value * Float(channel + 1), count: shape.height * shape.width)
        })
      for kernels in KernelSet.available {
        let map = shapes[index].run(kernels).map
        for plane in shapes[index].planes(of: map) {
          #expect(plane.allSatisfy { $0 == plane[0] }, "\(shape), \(kernels)")
        }
      }
    }
  }

  /// Every sample is written, and lanes above the last channel are 0.
  private func expectWritten(_ map: FeatureMap, _ kernels: KernelSet) {
    #expect(!map.buffer.samples.contains { $0.isNaN }, "\(kernels)")
    let unused = map.channels % map.lanes
    guard unused > 0 else { return }
    for y in map.rows {
      let row = map.row(y, block: map.blocks - 1)
      for x in 0..<map.width {
        for lane in unused..<map.lanes where row[x * map.lanes + lane] != 0 {
          Issue.record("row \(y), column \(x), lane \(lane) isn't 0 (\(kernels))")
          return
        }
      }
    }
  }

  /// All kinds of layer, three strips and a bit high, so that there are eight ways to cut them.
  static let banded = [
    LayerCase(inputs: 17, outputs: 33, height: 37, width: 9),
    LayerCase(inputs: 4, outputs: 8, stride: 2, height: 74, width: 11),
    LayerCase(inputs: 5, outputs: 4, resampling: .nearest, height: 19, width: 6),
    LayerCase(inputs: 3, outputs: 4, kernel: 9, readsPicture: true, height: 37, width: 9),
    LayerCase(inputs: 4, outputs: 3, kernel: 9, writesPicture: true, height: 37, width: 9),
    LayerCase(inputs: 4, outputs: 4, kernel: 9, height: 37, width: 5),
    LayerCase(inputs: 4, outputs: 4, height: 37, width: 450),
    LayerCase(inputs: 4, outputs: 4, padding: .init(.zero, 1), height: 37, width: 9),
    LayerCase(
      inputs: 4, outputs: 4, resampling: .maximum, padding: .init(.zero, 1), height: 75, width: 9),
    LayerCase(
      inputs: 4, outputs: 4, stride: 2, isTransposed: true,
      padding: .init(.zero, top: 1, left: 1, bottom: 0, right: 0), height: 19, width: 6),
  ]

  /// Whatever rows are computed at once, from no more input rows than `inputRows(for:)` names.
  @Test(arguments: banded)
  func anySplitIntoRangesGivesTheSameBytes(_ shape: LayerCase) {
    let tiling = shape.tiling
    let height = shape.geometry.outputHeight
    for kernels in KernelSet.available {
      let layer = shape.layer(kernels)
      let whole = shape.run(kernels)
      for cuts in 0..<1 << (tiling.geometry.strips - 1) {
        let ends = (1..<tiling.geometry.strips).filter { cuts >> ($0 - 1) & 1 == 1 }.map { $0 * 12 }
        let moments = shape.bandMoments(tiling)
        for (first, end) in zip([0] + ends, ends + [height]).reversed() {
          let rows = first..<end
          let map = shape.output(rows: rows)
          layer.run(
            rows: rows, tiling, from: shape.input(rows: shape.geometry.inputRows(for: rows)),
            into: map, moments: moments?.strips, memory: shape.memory(tiling, workers: 1),
            pool: WorkerPool(workers: 1), progress: ExecutionProgress())
          let isSame = rows.allSatisfy { y in
            (0..<map.blocks).allSatisfy { block in
              let count = map.width * map.lanes
              return UnsafeBufferPointer(start: map.row(y, block: block), count: count)
                .elementsEqual(
                  UnsafeBufferPointer(start: whole.map.row(y, block: block), count: count))
            }
          }
          #expect(isSame, "rows \(rows), \(kernels)")
        }
        #expect((moments?.merged() ?? []) == whole.moments, "cut at \(ends), \(kernels)")
      }
    }
  }

  /// A pass that only measures has no output.
  @Test(arguments: banded)
  func momentsAreTheSameWithoutAnOutput(_ shape: LayerCase) {
    let tiling = shape.tiling
    let moments = shape.bandMoments(tiling)
    shape.layer(KernelSet.available[0]).run(
      rows: 0..<shape.geometry.outputHeight, tiling, from: shape.input(rows: 0..<shape.height),
      into: nil, moments: moments?.strips, memory: shape.memory(tiling, workers: 1),
      pool: WorkerPool(workers: 1), progress: ExecutionProgress())
    #expect((moments?.merged() ?? []) == shape.run(KernelSet.available[0]).moments)
  }

  /// Other weights in the place of those that a layer had. Winograd's are then computed in Float.
  @Test(arguments: banded + [LayerCase(inputs: 5, outputs: 40, height: 5, width: 9)])
  func repackedWeightsAreThoseGivenLast(_ shape: LayerCase) {
    for kernels in KernelSet.available {
      var layer = ConvolutionLayer(
        shape.description, weights: shape.weights.map { 1 - $0 }, bias: shape.bias,
        writesPixels: shape.writesPicture, kernels: kernels)
      layer.repack(shape.weights)
      let map = shape.output(rows: 0..<shape.geometry.outputHeight)
      layer.run(
        rows: map.rows, shape.tiling, from: shape.input(rows: 0..<shape.height), into: map,
        moments: nil, memory: shape.memory(shape.tiling, workers: 1), pool: WorkerPool(workers: 1),
        progress: ExecutionProgress())
      let difference = largestDifference(
        map.buffer.samples, shape.run(kernels).map.buffer.samples)
      #expect(
        difference <= (shape.algorithm is WinogradConvolution ? shape.tolerance : 0), "\(kernels)")
    }
  }

  @Test(arguments: [2, 3, 7])
  func workersDoNotChangeABit(_ workers: Int) {
    for shape in Self.banded {
      let (alone, together) = (
        shape.run(KernelSet.available[0]), shape.run(KernelSet.available[0], workers: workers)
      )
      #expect(alone.map.buffer.samples == together.map.buffer.samples)
      #expect(alone.moments == together.moments)
    }
  }

  @Test func cancelledLayerLeavesItsPartsOut() {
    let shape = Self.banded[0]
    let progress = ExecutionProgress()
    progress.cancel()
    let map = shape.output(rows: 0..<37)
    shape.layer(KernelSet.available[0]).run(
      rows: 0..<37, shape.tiling, from: shape.input(rows: 0..<37), into: map, moments: nil,
      memory: shape.memory(shape.tiling, workers: 1), pool: WorkerPool(workers: 1),
      progress: progress)
    #expect(map.buffer.samples.allSatisfy { $0.isNaN })
    #expect(progress.completed == 0)
  }
}
