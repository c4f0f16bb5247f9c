import ImageFiles
import StyleModels
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import Layers
@testable import StyleEngine

@Suite(.deadline(minutes: 2)) struct NetworkExecutionTests {
  private static let norms: [Normalization] = [
    .instance, .group(.count(2)), .group(.channels), .layer, .batch, .batchLive,
  ]

  /// A small style with stored statistics.
  private func network(
    _ kernels: KernelSet = KernelSet.available[0], width: Int = 4, blocks: Int = 2
  ) throws -> StyleNetwork {
    try StyleNetwork(
      randomStyle(
        NetworkDescription(width: width, residualBlocks: blocks), statistics: true),
      kernels: kernels)
  }

  private func execution(
    _ kernels: KernelSet = KernelSet.available[0], workers: Int = 1
  ) throws -> NetworkExecution {
    try NetworkExecution(network(kernels), workers: workers)
  }

  // Against PyTorch

  /// Largest difference allowed, relative to the layer's largest value.
  private static let tolerance: Float = 1e-4

  /// After every layer, for two pictures of different sizes in one batch.
  @Test(arguments: KernelSet.available, 0..<Activations.norms.count)
  func everyLayerAgreesWithPyTorch(_ kernels: KernelSet, _ norm: Int) throws {
    let fixture = try Activations()
    let (name, normalization) = Activations.norms[norm]
    let network = StyleNetwork(fixture.model, kernels: kernels)
    let seen = SeenLayers()
    try NetworkExecution(network, workers: 2).run(
      fixture.pictures.map(\.picture), normalization: normalization, inspect: seen.add)
    let all = fixture.model.description.layers.map(\.name)
    for picture in fixture.pictures.indices {
      #expect(seen.layers(ofPicture: picture) == all)
      for layer in all {
        let expected = try fixture.output(of: layer, norm: name, picture: picture)
        let found = try #require(seen.values(of: layer, picture: picture, shape: expected.shape))
        let largest = expected.values.map(abs).max() ?? 0
        #expect(
          largestDifference(found, expected.values) <= Self.tolerance * largest,
          "\(layer) of picture \(picture)")
      }
    }

    for (index, picture) in fixture.pictures.enumerated() {
      let output = try fixture.output(of: "deconv3", norm: name, picture: index)
      let (tall, wide) = (output.shape[1], output.shape[2])
      let cropped = (0..<picture.height).flatMap { y in
        (0..<picture.width).flatMap { x in
          (0..<3).map { output.values[($0 * tall + y) * wide + x] }
        }
      }
      let largest = cropped.map(abs).max() ?? 0
      #expect(largestDifference(picture.result, cropped) <= Self.tolerance * largest)
      #expect(picture.written == Array(0..<picture.height))
    }
  }

  /// What `stats` and `calibrate` read: the statistics of the convolution's output, biased, and
  /// the scale and shift that they come to.
  @Test func recordsTellTheStatistics() throws {
    let fixture = try Activations()
    let network = StyleNetwork(fixture.model, kernels: KernelSet.available[0])
    let seen = SeenLayers()
    var records: [LayerRecord] = []
    try NetworkExecution(network, workers: 1).run(
      [fixture.pictures[0].picture], normalization: .instance, observe: { records.append($0) },
      inspect: seen.add)
    for record in records {
      let weights = fixture.model.weights
      let gamma = try #require(weights["\(record.norm).gamma"])
      let beta = try #require(weights["\(record.norm).beta"])
      for (channel, plane) in try #require(seen.planes(of: record.convolution)).enumerated() {
        let expected = Statistics(naiveMoments(plane.joined()))
        let found = record.statistics[channel]
        #expect(found.agrees(with: expected, within: 1e-5))
        #expect(Statistics(record.moments[channel]) == found)
        let scale = Double(gamma.values[channel]) / (found.variance + 1e-5).squareRoot()
        #expect(record.scale[channel] == Float(scale))
        #expect(
          record.shift[channel] == Float(Double(beta.values[channel]) - found.mean * scale))
      }
    }
    let names = records.map(\.norm)
    #expect(names.count == 15 && names.prefix(4) == ["in1", "in2", "in3", "res1.in1"])
  }

  // To the bit

  @Test(arguments: KernelSet.available)
  func workersDoNotChangeABit(_ kernels: KernelSet) throws {
    let picture = PictureInMemory(randomWidth: 61, height: 45)
    let alone = try picture.repainted(by: execution(kernels))
    for workers in [2, 3] {
      #expect(try picture.repainted(by: execution(kernels, workers: workers)) == alone)
    }
  }

  /// Buffers are used again, with what the last picture left in them.
  @Test func picturesLeaveNothingBehind() throws {
    let execution = try execution(workers: 2)
    let picture = PictureInMemory(randomWidth: 37, height: 29)
    let first = try picture.repainted(by: execution)
    #expect(try picture.repainted(by: execution) == first)
    for (width, height) in [(39, 30), (5, 7), (29, 37), (80, 64)] {
      let between = PictureInMemory(randomWidth: width, height: height, seed: 32)
      _ = try between.repainted(by: execution, .layer)
      #expect(try picture.repainted(by: execution) == first)
    }
  }

  /// No more than the present plan's, and nothing when let go of.
  @Test func memoryIsThatOfTheLastPlan() throws {
    let execution = try execution()
    for side in [40, 16] {
      let size = ExecutionPlan.Job.Size(width: side, height: side)
      _ = try PictureInMemory(randomWidth: side, height: side).repainted(by: execution)
      let plan = try execution.network.plan(ExecutionPlan.Job(sizes: [size]))
      #expect(execution.workspace.byteCount == plan.workspaceBytes)
    }
    execution.releaseMemory()
    #expect(execution.workspace.byteCount == 0)
  }

  /// Identities of the norms, exactly.
  @Test func normsCoincideAtTheEndsOfTheScale() throws {
    let execution = try execution()
    let picture = PictureInMemory(randomWidth: 23, height: 18)
    let instance = try picture.repainted(by: execution)
    #expect(try picture.repainted(by: execution, .group(.channels)) == instance)
    #expect(try picture.repainted(by: execution, .batchLive) == instance)
    let layer = try picture.repainted(by: execution, .layer)
    #expect(try picture.repainted(by: execution, .group(.count(1))) == layer)
    #expect(layer != instance)
    #expect(try picture.repainted(by: execution, .batch) != instance)
  }

  @Test func onlyTheLiveBatchSeesTheCompany() throws {
    let execution = try execution()
    let company = PictureInMemory(randomWidth: 30, height: 16, seed: 33)
    let picture = PictureInMemory(randomWidth: 23, height: 18)
    for normalization in Self.norms {
      let alone = try picture.repainted(by: execution, normalization)
      try execution.run([company.picture, picture.picture], normalization: normalization)
      #expect((picture.result == alone) == (normalization != .batchLive), "\(normalization)")
    }
  }

  // Sizes

  @Test(arguments: KernelSet.available)
  func anySizeComesOutAtItsOwnSize(_ kernels: KernelSet) throws {
    let execution = try execution(kernels, workers: 2)
    var sizes = (1...13).flatMap { height in (1...13).map { (width: $0, height: height) } }
    sizes += [(5, 100), (100, 5), (1, 100), (100, 1), (4, 37)]
    for (width, height) in sizes {
      let picture = PictureInMemory(randomWidth: width, height: height)
      let result = try picture.repainted(by: execution)
      #expect(picture.written == Array(0..<height))
      #expect(result.allSatisfy { $0.isFinite })
      if width * height > 4 { #expect(!result.isOneColour, "\(width)×\(height)") }
    }
  }

  /// A picture with a short side is its mirrored extension, cropped.
  @Test func shortSidesAreMirrored() throws {
    let execution = try execution()
    let small = PictureInMemory(randomWidth: 3, height: 2)
    let (columns, rows) = ([0, 1, 2, 2, 1, 0, 0, 1], [0, 1, 1, 0, 0, 1, 1, 0])
    let samples = rows.flatMap { y in
      columns.flatMap { x in (0..<3).map { small.samples[(y * 3 + x) * 3 + $0] } }
    }
    let large = try PictureInMemory(width: 8, height: 8, samples: samples).repainted(by: execution)
    let cropped = (0..<2).flatMap { y in large[y * 24..<y * 24 + 9] }
    #expect(try small.repainted(by: execution) == cropped)
  }

  /// A norm would multiply the rounding of a blank page by 316 · gamma.
  @Test(arguments: KernelSet.available, [0, 128, 255] as [Float])
  func oneColourComesOutAsOneColour(_ kernels: KernelSet, _ value: Float) throws {
    let execution = try execution(kernels, workers: 2)
    // The last is wider than a tile of each kind of layer.
    for (width, height) in [(64, 64), (67, 131), (1300, 9)] {
      let picture = PictureInMemory(width: width, height: height, everywhere: value)
      #expect(try picture.repainted(by: execution).isOneColour, "\(width)×\(height)")
    }
    for normalization in Self.norms {
      let picture = PictureInMemory(width: 67, height: 131, everywhere: value)
      #expect(
        try picture.repainted(by: execution, normalization).isOneColour, "\(normalization)")
    }
    // Layers of several blocks of channels.
    let wide = try NetworkExecution(network(kernels, width: 16, blocks: 1), workers: 2)
    let picture = PictureInMemory(width: 67, height: 131, everywhere: value)
    #expect(try picture.repainted(by: wide).isOneColour)
  }

  // The input range

  /// Weights scaled to what the range makes of a pixel give the same picture.
  @Test(arguments: [0...1, -1...1, 16...235] as [ClosedRange<Double>])
  func inputRangeIsAppliedOnBothEnds(_ range: ClosedRange<Double>) throws {
    let picture = PictureInMemory(randomWidth: 21, height: 14)
    let model = try randomStyle(NetworkDescription(width: 4, residualBlocks: 1))
    let kernels = KernelSet.available[0]
    let expected = try picture.repainted(
      by: NetworkExecution(StyleNetwork(model, kernels: kernels), workers: 1))

    var description = model.description
    description.inputRange = range
    var weights = model.weights
    let black = Float(range.lowerBound)
    let unit = Float((range.upperBound - range.lowerBound) / 255)
    // x' = black + unit · x, so that w' = w / unit and b' = b − Σ w' · black.
    let first = try #require(model.weights["conv1.weight"])
    let bias = try #require(model.weights["conv1.bias"])
    let scaled = first.values.map { $0 / unit }
    let perOutput = scaled.count / bias.values.count
    weights["conv1.weight"] = StoredTensor(shape: first.shape, values: scaled)
    weights["conv1.bias"] = StoredTensor(
      shape: bias.shape,
      values: bias.values.indices.map { output in
        let sum = scaled[output * perOutput..<(output + 1) * perOutput].reduce(0, +)
        return bias.values[output] - black * sum
      })
    let last = try #require(model.weights["deconv3.weight"])
    let lastBias = try #require(model.weights["deconv3.bias"])
    weights["deconv3.weight"] = StoredTensor(
      shape: last.shape, values: last.values.map { $0 * unit })
    weights["deconv3.bias"] = StoredTensor(
      shape: lastBias.shape, values: lastBias.values.map { black + $0 * unit })
    let found = try picture.repainted(
      by: NetworkExecution(
        StyleNetwork(model.changed(description, weights), kernels: kernels), workers: 1))
    let largest = expected.map(abs).max() ?? 0
    #expect(largestDifference(found, expected) <= 1e-3 * largest)
  }

  // Progress, ends and errors

  @Test(arguments: [1, 2])
  func progressEndsAtItsTotal(_ workers: Int) throws {
    let execution = try execution(workers: workers)
    let progress = ExecutionProgress()
    #expect(progress.completed == 0 && progress.total == 0)
    let pictures = [
      PictureInMemory(randomWidth: 33, height: 26), PictureInMemory(randomWidth: 3, height: 61),
    ]
    var last = 0
    try execution.run(
      pictures.map(\.picture), normalization: .instance, progress: progress,
      observe: { _ in
        #expect(progress.completed >= last && progress.completed <= progress.total)
        last = progress.completed
      })
    let total = pictures.reduce(0) {
      $0
        + execution.network.costs(width: $1.width, height: $1.height).reduce(0) { $0 + $1.done }
    }
    #expect(progress.total == total)
    #expect(progress.completed == total)
  }

  @Test func cancelledExecutionThrowsAndCanGoOn() throws {
    let execution = try execution(workers: 2)
    let picture = PictureInMemory(randomWidth: 33, height: 26)
    let expected = try picture.repainted(by: execution)
    let before = ExecutionProgress()
    before.cancel()
    #expect(throws: StyleNetworkError.cancelled) {
      try execution.run([picture.picture], normalization: .instance, progress: before)
    }
    #expect(before.isCancelled)
    let midway = ExecutionProgress()
    var layers: [String] = []
    #expect(throws: StyleNetworkError.cancelled) {
      try execution.run(
        [picture.picture], normalization: .instance, progress: midway,
        observe: { record in
          layers.append(record.convolution)
          if record.convolution == "res1.conv1" { midway.cancel() }
        })
    }
    #expect(layers == ["conv1", "conv2", "conv3", "res1.conv1"])
    #expect(picture.written.isEmpty)
    #expect(try picture.repainted(by: execution) == expected)
  }

  @Test func outputThatIsNoNumberIsAnError() throws {
    let model = try randomStyle(NetworkDescription(width: 4, residualBlocks: 0))
    var weights = model.weights
    let last = try #require(weights["deconv3.weight"])
    weights["deconv3.weight"] = StoredTensor(
      shape: last.shape,
      values: [Float](repeating: .greatestFiniteMagnitude, count: last.values.count))
    let network = try StyleNetwork(
      model.changed(model.description, weights), kernels: KernelSet.available[0])
    let picture = PictureInMemory(randomWidth: 9, height: 8)
    #expect(throws: StyleNetworkError.outputNotFinite(row: 0)) {
      try NetworkExecution(network, workers: 1).run([picture.picture], normalization: .instance)
    }
    #expect(picture.written.isEmpty)
  }

  /// A sample that is no number shows in the result, a ReLU or not.
  @Test(arguments: KernelSet.available)
  func inputThatIsNoNumberIsAnError(_ kernels: KernelSet) throws {
    var samples = PictureInMemory(randomWidth: 9, height: 8).samples
    samples[100] = .nan
    let picture = PictureInMemory(width: 9, height: 8, samples: samples)
    for normalization in Self.norms {
      #expect(throws: StyleNetworkError.outputNotFinite(row: 0), "\(normalization)") {
        try execution(kernels).run([picture.picture], normalization: normalization)
      }
    }
  }

  /// Failures keep their type: nothing becomes an interruption.
  @Test func errorsOfRowsPassThrough() throws {
    let execution = try execution()
    let picture = PictureInMemory(randomWidth: 12, height: 9)
    let expected = try picture.repainted(by: execution)
    let unreadable = Picture(
      width: 12, height: 9,
      readRow: { y, row throws(ImageFileError) in
        if y == 5 { throw .changed }
        for index in 0..<row.count { row[index] = 0 }
      },
      writeRow: { y, _ throws(ImageFileError) in Issue.record("row \(y) was written") })
    #expect(throws: StyleNetworkError.picture(.changed)) {
      try execution.run([unreadable], normalization: .instance)
    }
    let unwritable = Picture(
      width: 12, height: 9, readRow: picture.picture.readRow,
      writeRow: { y, _ throws(ImageFileError) in if y == 3 { throw .outOfMemory } })
    #expect(throws: StyleNetworkError.picture(.outOfMemory)) {
      try execution.run([unwritable], normalization: .instance)
    }
    #expect(try picture.repainted(by: execution) == expected)
  }
}
