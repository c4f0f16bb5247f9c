import Layers
import StyleModels
import Tensors

/// One pass at work on pictures of one size: its bands, and where they lie in the workspace.
final class PassRun {
  private let context: PassContext
  private let layers: ClosedRange<Int>
  private let extents: BandExtents
  private var schedule: BandSchedule

  /// What the first layer reads, where it isn't in place.
  private var source: FeatureMap?
  /// What is added to the stream, where it isn't in place.
  private var residual: FeatureMap?
  private var windows: [FeatureMap]
  private var output: FeatureMap?
  private let momentsMemory: AlignedBuffer
  private let moments: UnsafeMutablePointer<Double>
  private let row: AlignedBuffer
  /// Whether the output goes to the scratch file.
  private let storesOutput: Bool
  /// Whether the sum that it makes is read again by another pass.
  private let keepsSum: Bool
  /// Rows of the first layer's input that have been had.
  private var had = 0

  init(
    _ context: PassContext, _ plan: ExecutionPlan, _ pass: ExecutionPlan.Pass,
    _ shape: PictureShape, in workspace: Workspace
  ) {
    let (network, flow) = (context.network, context.flow)
    self.context = context
    layers = pass.layers
    extents = BandExtents(shape.tilings[pass.layers], strips: pass.strips)
    schedule = BandSchedule(shape.tilings[pass.layers], strips: pass.strips)
    let memory = PassMemory(
      network, flow, shape, outputs: plan.outputs, layers: pass.layers, extents,
      isInspected: plan.job.isInspected)
    func buffer(_ samples: Range<Int>) -> AlignedBuffer {
      workspace.buffer(
        at: pass.offset + samples.lowerBound * MemoryLayout<Float>.stride, count: samples.count)
    }
    func map(_ band: PassMemory.Band, of layer: Int) -> FeatureMap? {
      guard band.rows > 0 else { return nil }
      return FeatureMap(
        channels: network.layers[layer].convolution.algorithm.outputLanes,
        height: shape.outputHeight(layer), width: shape.tilings[layer].outputColumns, rows: 0..<0,
        capacity: band.rows, buffer: buffer(band.samples))
    }
    switch flow.input(of: pass.layers.lowerBound) {
    case .picture:
      source = FeatureMap(
        channels: 3, height: shape.extendedHeight, width: shape.extendedWidth,
        lanes: FeatureMap.pixelLanes, rows: 0..<0, capacity: memory.source.rows,
        buffer: buffer(memory.source.samples))
    case .output(let layer):
      source = map(memory.source, of: layer)
    case .sum(let closing):
      source = map(memory.source, of: flow.blocks.lowerBound - 1)
      residual = map(memory.residual, of: closing)
    }
    windows = zip(memory.windows, pass.layers).compactMap { map($0, of: $1) }
    output = map(memory.output, of: pass.target)
    momentsMemory = buffer(memory.moments)
    moments = UnsafeMutableRawPointer(momentsMemory.start).bindMemory(
      to: Double.self, capacity: memory.moments.count / 2)
    row = buffer(memory.row)
    storesOutput = pass.target < flow.last && plan.outputs[pass.target] == .scratch
    keepsSum =
      flow.blocks.contains(pass.target)
      || plan.passes.contains {
        $0.layers.lowerBound == pass.layers.lowerBound && $0.target > pass.target
      }
  }

  /// Makes the output of the pass's last layer for one picture, and adds to the moments of its
  /// channels.
  ///
  /// - Throws: `StyleNetworkError`, or what the picture's rows throw.
  func run(
    _ prepared: PreparedPicture, _ picture: Picture, number: Int,
    moments: inout [ChannelMoments]
  ) throws {
    had = 0
    let target = layers.upperBound
    if let closing = addedBlock { center(closing, prepared) }
    let place = targetMap(prepared)
    try schedule.walk { step in
      let start = ContinuousClock.now
      let layer = layers.lowerBound + step.layer
      defer { context.times[layer] += .now - start }
      let input = try input(of: step, prepared, picture)
      guard layer == target else {
        windows[step.layer].rows = step.kept..<step.rows.upperBound
        try convolve(step.rows, prepared.layers[layer], input, into: windows[step.layer], nil)
        return
      }
      output?.rows = step.rows
      try finish(step.rows, input, into: output ?? place, prepared, picture, number, &moments)
    }
    if let place { prepared.maps[context.flow.map(of: target)] = place }
    if let addedBlock { prepared.summed = addedBlock }
  }

  // What a band is made of

  /// The block whose residual this pass adds to the stream.
  private var addedBlock: Int? {
    guard layers.count == 1, case .sum(let closing) = context.flow.input(of: layers.lowerBound)
    else { return nil }
    return closing
  }

  /// Adds the centres of a block's residual and of what it is added to.
  private func center(_ closing: Int, _ prepared: PreparedPicture) {
    let (sum, around) = (prepared.layers[closing].center, stream(prepared).center)
    for channel in 0..<sum.count { sum.start[channel] += around.start[channel] }
  }

  private func input(
    of step: BandSchedule.Step, _ prepared: PreparedPicture, _ picture: Picture
  ) throws -> Activation {
    if step.layer > 0 {
      let before = prepared.layers[layers.lowerBound + step.layer - 1]
      return Activation(
        map: windows[step.layer - 1], affine: before.affine, center: before.center)
    }
    let fresh = had..<max(had, step.input.upperBound)
    had = fresh.upperBound
    source?.rows = step.input
    switch context.flow.input(of: layers.lowerBound) {
    case .picture:
      guard let source else { preconditionFailure("a picture is read through a band") }
      try PictureRows(context.network, row: row.start).read(fresh, of: picture, into: source)
      return Activation(map: source, affine: prepared.identity, center: prepared.identity.shift)
    case .output(let layer):
      let map = try rows(fresh, ofMap: context.flow.map(of: layer), prepared, through: source)
      let before = prepared.layers[layer]
      return Activation(map: map, affine: before.affine, center: before.center)
    case .sum(let closing):
      let first = context.flow.blocks.lowerBound
      let map = try rows(fresh, ofMap: first - 1, prepared, through: source)
      if addedBlock != nil { try add(fresh, of: closing, to: map, prepared) }
      let before = prepared.layers[closing]
      return Activation(map: map, affine: before.sum, center: before.center)
    }
  }

  /// A stored map of which `rows` are at hand: in place, or read into `band`.
  private func rows(
    _ rows: Range<Int>, ofMap layer: Int, _ prepared: PreparedPicture, through band: FeatureMap?
  ) throws -> FeatureMap {
    if let map = prepared.maps[layer] { return map }
    guard let band, let file = context.file else {
      preconditionFailure("a map is in memory or read through a band")
    }
    try context.transfer.read(
      rows, of: band, from: file, at: prepared.scratchOffsets[layer], pool: context.pool)
    return band
  }

  /// What the stream holds, and what is pending on it.
  private func stream(_ prepared: PreparedPicture) -> (affine: ChannelAffine, center: AlignedBuffer)
  {
    let first = context.flow.blocks.lowerBound
    if let summed = prepared.summed, summed >= first {
      return (prepared.layers[summed].sum, prepared.layers[summed].center)
    }
    return (prepared.layers[first - 1].affine, prepared.layers[first - 1].center)
  }

  /// Ends a residual block: adds its output to rows of the stream, in their place.
  private func add(
    _ rows: Range<Int>, of closing: Int, to map: FeatureMap, _ prepared: PreparedPicture
  ) throws {
    residual?.rows = rows
    let flow = context.flow
    let inner = try self.rows(rows, ofMap: flow.map(of: closing), prepared, through: residual)
    let (block, around) = (prepared.layers[closing], stream(prepared))
    context.addition.run(
      rows: rows, Activation(map: inner, affine: block.affine, center: block.center),
      Activation(map: map, affine: around.affine, center: around.center), into: map,
      pool: context.pool)
    if source != nil, keepsSum, let file = context.file {
      try context.transfer.write(
        rows, of: map, to: file, at: prepared.scratchOffsets[flow.blocks.lowerBound - 1],
        pool: context.pool)
    }
  }

  // What is made of it

  /// The map in memory that the pass's last layer writes.
  private func targetMap(_ prepared: PreparedPicture) -> FeatureMap? {
    let flow = context.flow
    guard layers.upperBound < flow.last else { return nil }
    var map = prepared.maps[flow.map(of: layers.upperBound)]
    if flow.overwritesInput(layers.upperBound), let held = map {
      // Over its own input: so far ahead that no row is lost before it has been read.
      map?.origin = (held.origin + held.capacity - extents.lead) % held.capacity
    }
    return map
  }

  private func convolve(
    _ rows: Range<Int>, _ layer: PreparedLayer, _ input: Activation, into output: FeatureMap?,
    _ moments: StripMoments?
  ) throws(StyleNetworkError) {
    layer.convolution.run(
      rows: rows, from: input, into: output, moments: moments, scratch: context.scratch,
      pool: context.pool, progress: context.progress)
    guard !context.progress.isCancelled else { throw .cancelled }
  }

  /// Makes a band of the pass's own layer.
  private func finish(
    _ rows: Range<Int>, _ input: Activation, into map: FeatureMap?, _ prepared: PreparedPicture,
    _ picture: Picture, _ number: Int, _ channels: inout [ChannelMoments]
  ) throws {
    let target = layers.upperBound
    let layer = prepared.layers[target]
    let tiling = layer.convolution.tiling
    let strips = tiling.strips(of: rows)
    let measured = layer.layer.norm.map { norm in
      StripMoments(tiling, from: strips.lowerBound, channels: norm.gamma.count, in: moments)
    }
    try convolve(rows, layer, input, into: map, measured)
    measured?.merge(strips, into: &channels)
    if let map, let inspect = context.inspect {
      inspect(
        LayerRows(
          convolution: layer.layer.description.name, picture: number, map: map, rows: rows,
          kernels: context.network.kernels))
    }
    guard let output else { return }
    if target == context.flow.last {
      try PictureRows(context.network, row: row.start).write(
        rows, of: output, perBlock: layer.layer.convolution.algorithm.outputLanes, to: picture)
    } else if storesOutput, let file = context.file {
      try context.transfer.write(
        rows, of: output, to: file, at: prepared.scratchOffsets[context.flow.map(of: target)],
        pool: context.pool)
    }
  }
}
