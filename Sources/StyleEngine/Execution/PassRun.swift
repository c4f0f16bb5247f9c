import Layers
import StyleModels
import Tensors

/// One pass at work on pictures of one size: its bands, and where they lie in the workspace.
final class PassRun {
  private let context: PassContext
  private let pass: Pass
  private let extents: BandExtents
  private var schedule: BandSchedule?

  /// The map that the first layer reads, where the input isn't in place.
  private var source: FeatureMap?
  /// The map that is added to the stream, where it isn't in place.
  private var residual: FeatureMap?
  private var windows: [FeatureMap]
  private var output: FeatureMap?
  private let momentsMemory: AlignedBuffer
  /// The moments of a band of the output; nil where none are wanted.
  private let moments: UnsafeMutablePointer<Double>?
  /// Rows of the first layer's input that have been had.
  private var had = 0

  init(
    _ context: PassContext, _ pass: Pass, _ shape: PictureShape, in workspace: Workspace
  ) {
    let network = context.network
    self.context = context
    self.pass = pass
    extents = BandExtents(shape.tilings[pass.layers], strips: pass.strips)
    schedule =
      pass.layers.isEmpty
      ? nil : BandSchedule(shape.tilings[pass.layers], strips: pass.strips)
    let memory = PassMemory(pass, network, shape, extents)
    func buffer(_ samples: Range<Int>) -> AlignedBuffer {
      workspace.buffer(
        at: pass.offset + samples.lowerBound * MemoryLayout<Float>.stride, count: samples.count)
    }
    func map(_ band: PassMemory.Band, of layer: Int) -> FeatureMap? {
      guard band.rows > 0 else { return nil }
      return FeatureMap(
        channels: network.layers[layer].convolution.algorithm.outputLanes,
        height: shape.outputHeight(layer), width: shape.tilings[layer].outputColumns,
        lanes: network.layers[layer].convolution.algorithm.mapLanes, rows: 0..<0,
        capacity: band.rows, buffer: buffer(band.samples))
    }
    switch pass.source {
    case .picture:
      source = FeatureMap(
        channels: 3, height: shape.extendedHeight, width: shape.extendedWidth,
        lanes: FeatureMap.pixelLanes, rows: 0..<0, capacity: memory.source.rows,
        buffer: buffer(memory.source.samples))
    case .output(_, let stored):
      source = map(memory.source, of: stored.map)
    case .stream(let stream):
      source = map(memory.source, of: stream.stored.map)
    case .sum(let sum):
      source = map(memory.source, of: sum.stream.stored.map)
      residual = map(memory.residual, of: sum.added.map)
    }
    windows = zip(memory.windows, pass.layers).compactMap { map($0, of: $1) }
    output = map(memory.output, of: pass.target)
    momentsMemory = buffer(memory.moments)
    moments =
      memory.moments.isEmpty
      ? nil
      : UnsafeMutableRawPointer(momentsMemory.start).bindMemory(
        to: Double.self, capacity: memory.moments.count / 2)
  }

  /// Makes the output of the pass's target for one picture, and adds to the moments of its channels
  /// where they are measured.
  func run(
    _ prepared: PreparedPicture, _ picture: Picture, number: Int,
    moments: inout [ChannelMoments]
  ) throws(StyleNetworkError) {
    had = 0
    if case .sum(let sum) = pass.source { prepared.setCenter(of: sum) }
    guard schedule != nil else { return try handOver(prepared, picture) }
    let place = targetMap(prepared)
    try schedule?.walk { step throws(StyleNetworkError) in
      let start = ContinuousClock.now
      let layer = pass.layers.lowerBound + step.layer
      defer { context.times[layer] += .now - start }
      let input = try input(of: step, prepared, picture)
      guard layer == pass.target else {
        windows[step.layer].rows = step.kept..<step.rows.upperBound
        try convolve(step.rows, prepared.layers[layer], input, into: windows[step.layer], nil)
        return
      }
      output?.rows = step.rows
      try finish(step.rows, input, into: output ?? place, prepared, picture, number, &moments)
    }
    if let place, case .map(let stored, _) = pass.destination { prepared.maps[stored.map] = place }
  }

  /// Hands over what an earlier pass has stored.
  private func handOver(_ prepared: PreparedPicture, _ picture: Picture)
    throws(StyleNetworkError)
  {
    guard case .output(_, let stored) = pass.source else {
      preconditionFailure("what is handed over is an output")
    }
    let height = prepared.shape.outputHeight(stored.map)
    let step = ConvolutionGeometry.stripHeight
    for first in stride(from: 0, to: height, by: step) {
      let rows = first..<min(first + step, height)
      source?.rows = rows
      try write(rows, of: self.rows(rows, of: stored, prepared, through: source), prepared, picture)
      guard !context.progress.isCancelled else { throw .cancelled }
    }
  }

  // What a band is made of

  private func input(
    of step: BandSchedule.Step, _ prepared: PreparedPicture, _ picture: Picture
  ) throws(StyleNetworkError) -> Activation {
    if step.layer > 0 {
      return prepared.output(
        of: pass.layers.lowerBound + step.layer - 1, in: windows[step.layer - 1])
    }
    let fresh = had..<max(had, step.input.upperBound)
    had = fresh.upperBound
    source?.rows = step.input
    switch pass.source {
    case .picture:
      guard let source else { preconditionFailure("a picture is read through a band") }
      try context.rows.read(fresh, of: picture, into: source)
      return Activation(map: source, affine: prepared.identity, center: prepared.identity.shift)
    case .output(let layer, let stored):
      return prepared.output(
        of: layer, in: try rows(fresh, of: stored, prepared, through: source))
    case .stream(let stream):
      return prepared.stream(
        stream, in: try rows(fresh, of: stream.stored, prepared, through: source))
    case .sum(let sum):
      let map = try rows(fresh, of: sum.stream.stored, prepared, through: source)
      try add(fresh, sum, to: map, prepared)
      return prepared.stream(sum.result, in: map)
    }
  }

  /// A stored map of which `rows` are at hand: in place, or read into `band`.
  private func rows(
    _ rows: Range<Int>, of stored: Pass.StoredMap, _ prepared: PreparedPicture,
    through band: FeatureMap?
  ) throws(StyleNetworkError) -> FeatureMap {
    if let map = prepared.maps[stored.map] { return map }
    guard let band, let scratch = context.scratch else {
      preconditionFailure("a map is in memory or read through a band")
    }
    try context.transfer.read(
      rows, of: band, from: scratch, at: prepared.scratchOffsets[stored.map], pool: context.pool)
    return band
  }

  /// Ends a residual block: adds its output to rows of the stream, in their place.
  private func add(
    _ rows: Range<Int>, _ sum: ResidualSum, to map: FeatureMap, _ prepared: PreparedPicture
  ) throws(StyleNetworkError) {
    residual?.rows = rows
    let added = try self.rows(rows, of: sum.added, prepared, through: residual)
    context.addition.run(
      rows: rows, prepared.output(of: sum.closing, in: added),
      prepared.stream(sum.stream, in: map), into: map, pool: context.pool)
    if sum.stream.stored.isScratch, sum.isKept {
      try store(rows, of: map, in: sum.stream.stored, prepared)
    }
  }

  // What is made of it

  /// The map in memory that the pass writes.
  private func targetMap(_ prepared: PreparedPicture) -> FeatureMap? {
    guard case .map(let stored, let overwrites) = pass.destination else { return nil }
    var map = prepared.maps[stored.map]
    if overwrites, let held = map {
      // Over its own input: so far ahead that no row is lost before it has been read.
      map?.origin = (held.origin + held.capacity - extents.lead) % held.capacity
    }
    return map
  }

  private func convolve(
    _ rows: Range<Int>, _ layer: PreparedLayer, _ input: Activation, into output: FeatureMap?,
    _ moments: StripMoments?, bias: [Float]? = nil
  ) throws(StyleNetworkError) {
    layer.convolution.run(
      rows: rows, from: input, into: output, moments: moments, bias: bias, memory: context.memory,
      pool: context.pool, progress: context.progress)
    guard !context.progress.isCancelled else { throw .cancelled }
  }

  /// Makes a band of the pass's own layer.
  private func finish(
    _ rows: Range<Int>, _ input: Activation, into map: FeatureMap?, _ prepared: PreparedPicture,
    _ picture: Picture, _ number: Int, _ channels: inout [ChannelMoments]
  ) throws(StyleNetworkError) {
    let layer = prepared.layers[pass.target]
    let tiling = layer.convolution.tiling
    let strips = tiling.strips(of: rows)
    let measured = moments.map {
      StripMoments(tiling, from: strips.lowerBound, channels: layer.layer.channels, in: $0)
    }
    let isLast = pass.target == context.network.flow.last
    try convolve(rows, layer, input, into: map, measured, bias: isLast ? prepared.lastBias : nil)
    measured?.merge(strips, into: &channels)
    if let map, let inspect = context.inspect {
      inspect(
        LayerRows(
          convolution: layer.layer.description.name, picture: number, map: map, rows: rows,
          kernels: context.network.kernels))
    }
    guard let output else { return }
    switch pass.destination {
    case .picture: try write(rows, of: output, prepared, picture)
    case .map(let stored, _): try store(rows, of: output, in: stored, prepared)
    case .nowhere: break
    }
  }

  /// Hands rows of the last layer's output to the picture.
  private func write(
    _ rows: Range<Int>, of map: FeatureMap, _ prepared: PreparedPicture, _ picture: Picture
  ) throws(StyleNetworkError) {
    let channels = context.network.layers[pass.target].channels
    try context.rows.write(
      rows, of: map, channels: channels, width: prepared.shape.resultWidth,
      prepared.finish, to: picture)
  }

  private func store(
    _ rows: Range<Int>, of map: FeatureMap, in stored: Pass.StoredMap, _ prepared: PreparedPicture
  ) throws(StyleNetworkError) {
    guard let scratch = context.scratch else { preconditionFailure("scratch is as planned") }
    try context.transfer.write(
      rows, of: map, to: scratch, at: prepared.scratchOffsets[stored.map], pool: context.pool)
  }
}
