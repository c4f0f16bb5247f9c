import Layers
import StyleModels
import SystemFiles
import Tensors

/// Runs a network over pictures, one batch at a time, and keeps its memory from one to the next.
///
/// Layer by layer, in passes: convolve every picture of the batch, turn the moments of all into each
/// one's scale and shift, go on. What is kept of each layer's output meanwhile is the plan's matter
/// (`ExecutionPlan`). One thread at a time uses it; the pool's threads do the work. Batches of the
/// same plan, one after another, take no memory from the system.
public final class NetworkExecution {
  public let network: StyleNetwork
  /// The time of each layer in the last run, by its number.
  public var layerTimes: [Duration] { context.times }

  private let context: PassContext
  let workspace = Workspace()
  private var plan: ExecutionPlan?
  private var prepared: [PreparedPicture] = []
  /// `[passes][N]`; pictures of a size share theirs.
  private var passes: [[PassRun]] = []

  // The present layer's, `[N][C]`, and what the styles have stored for it, `[N]`.
  private var moments: [[ChannelMoments]] = []
  private var statistics: [[Statistics]] = []
  private var stored: [StyleParameters.StoredStatistics?] = []

  public init(_ network: StyleNetwork, pool: WorkerPool) {
    self.network = network
    context = PassContext(network, pool: pool)
  }

  /// - Parameters:
  ///   - network: The network that is run.
  ///   - workers: Threads that compute, the caller's among them.
  public convenience init(_ network: StyleNetwork, workers: Int) {
    self.init(network, pool: WorkerPool(workers: workers))
  }

  /// Threads that compute.
  var workers: Int { context.pool.workers }

  /// Does work in parts on the threads that compute.
  func share(_ count: Int, _ part: (_ index: Int) -> Void) {
    context.pool.run(count) { index, _ in part(index) }
  }

  /// Repaints a batch. Only `Normalization.batchLive` lets its pictures see one another.
  ///
  /// The result is the same to the bit for any number of workers and any plan.
  ///
  /// - Parameters:
  ///   - pictures: Pictures of any sizes from 1×1.
  ///   - styles: The style of each picture; nil for the network's own.
  ///   - plan: A plan for pictures of these sizes; nil for the one without a limit of memory.
  ///   - scratch: A file of at least `plan.scratchBytes`; nil where those are 0.
  ///   - normalization: Whose statistics normalize.
  ///   - progress: Is told of the multiplications done; cancelled, it ends the run.
  ///   - isPart: Whether it is part of work that the progress counts as a whole.
  ///   - observe: Is shown what every norm makes of every picture.
  ///   - inspect: Is shown every layer's output, for which `plan.job.isInspected` must be set.
  /// - Throws: `StyleNetworkError`; `.picture` where its rows can't be read or written.
  /// - Complexity: `plan.multiplications`; memory `plan.bytes`.
  public func run(
    _ pictures: [Picture], styles: [StyleParameters]? = nil, plan: ExecutionPlan? = nil,
    scratch: ScratchFile? = nil, normalization: Normalization,
    progress: ExecutionProgress = ExecutionProgress(), isPart: Bool = false,
    observe: ((LayerRecord) -> Void)? = nil, inspect: ((LayerRows) -> Void)? = nil
  ) throws(StyleNetworkError) {
    try network.check(normalization, styles: styles)
    let plan =
      if let plan { plan } else {
        try unlimitedPlan(for: pictures, isInspected: inspect != nil)
      }
    precondition(
      plan.job.sizes.elementsEqual(pictures) { $0.width == $1.width && $0.height == $1.height },
      "the plan is for pictures of these sizes")
    precondition(
      styles.map { $0.count == pictures.count && $0.allSatisfy(network.fits) } ?? true,
      "every picture has a style of this network")
    precondition((scratch?.byteCount ?? 0) >= plan.scratchBytes, "scratch is as large as planned")
    precondition(inspect == nil || plan.job.isInspected, "the plan is for inspection")
    if plan != self.plan { prepare(plan) }
    if !isPart { progress.begin(total: plan.multiplications) }
    (context.progress, context.scratch, context.inspect) = (progress, scratch, inspect)
    defer { (context.scratch, context.inspect) = (nil, nil) }
    for layer in context.times.indices { context.times[layer] = .zero }
    for index in prepared.indices {
      prepared[index].style = styles?[index] ?? network.parameters
    }

    for (pass, runs) in zip(plan.passes, passes) {
      let layer = network.layers[pass.target]
      let channels = network.measures(pass) ? layer.channels : 0
      for index in pictures.indices {
        moments[index].resize(to: channels, filling: ChannelMoments())
        for channel in 0..<channels { moments[index][channel] = ChannelMoments() }
        try runs[index].run(
          prepared[index], pictures[index], number: index, moments: &moments[index])
      }
      guard channels > 0 else { continue }
      if let norm = layer.norm { normalize(norm, pass.target, normalization) }
      for index in prepared.indices {
        prepared[index].layers[pass.target].setCenter(moments[index])
      }
      guard let observe, let norm = layer.description.norm else { continue }
      for index in pictures.indices {
        observe(
          LayerRecord(
            convolution: layer.description.name, norm: norm, picture: index,
            moments: moments[index], statistics: statistics[index],
            affine: prepared[index].layers[pass.target].affine))
      }
    }
  }

  /// Lets go of the memory that it keeps for the next batch.
  public func releaseMemory() {
    plan = nil
    passes = []
    prepared = []
    workspace.resize(to: 0)
  }

  /// The one before, where the pictures are of the same sizes.
  private func unlimitedPlan(for pictures: [Picture], isInspected: Bool)
    throws(StyleNetworkError) -> ExecutionPlan
  {
    var job = ExecutionPlan.Job(
      sizes: pictures.map { ExecutionPlan.Job.Size(width: $0.width, height: $0.height) })
    job.isInspected = isInspected
    if let plan, plan.job == job, plan.scratchBytes == 0 { return plan }
    return try network.plan(job)
  }

  /// Makes ready for a plan.
  private func prepare(_ plan: ExecutionPlan) {
    releaseMemory()
    self.plan = plan
    workspace.resize(to: plan.workspaceBytes)
    let flow = network.flow
    var shapes: [ExecutionPlan.Job.Size: PictureShape] = [:]
    var runs: [ExecutionPlan.Job.Size: [PassRun]] = [:]
    passes = plan.passes.map { _ in [] }
    // Maps of several pictures lie one after the other.
    var ends = plan.offsets
    for size in plan.job.sizes {
      let shape = shapes[size] ?? PictureShape(network, size)
      shapes[size] = shape
      let maps = plan.outputs.indices.map { layer -> FeatureMap? in
        guard plan.outputs[layer] == .memory, flow.maps[layer] == layer else { return nil }
        return map(of: layer, shape, plan, at: ends[layer])
      }
      prepared.append(PreparedPicture(network, shape, maps: maps, scratchOffsets: ends))
      for layer in maps.indices {
        ends[layer] += shape.mapBytes(layer, extraRows: plan.extraRows(ofMap: layer, shape))
      }
      let run =
        runs[size]
        ?? plan.passes.map { PassRun(context, $0, shape, in: workspace) }
      runs[size] = run
      for (number, pass) in run.enumerated() { passes[number].append(pass) }
      for (layer, tiling) in zip(network.layers, shape.tilings) {
        context.memory.reserve(tiling, for: layer.convolution.algorithm)
      }
    }
    moments = prepared.map { _ in [] }
    statistics = prepared.map { _ in [] }
    stored = prepared.map { _ in nil }
  }

  private func map(
    of layer: Int, _ shape: PictureShape, _ plan: ExecutionPlan, at offset: Int
  ) -> FeatureMap {
    let height = shape.outputHeight(layer)
    let capacity = height + plan.extraRows(ofMap: layer, shape)
    return FeatureMap(
      channels: network.layers[layer].convolution.algorithm.outputLanes, height: height,
      width: shape.tilings[layer].outputColumns, rows: 0..<height, capacity: capacity,
      buffer: workspace.buffer(at: offset, count: capacity * shape.rowCount(layer)))
  }

  /// Turns what a layer has measured into what every picture is normalized with.
  ///
  /// - Parameter norm: The norm's place in the styles' norms.
  private func normalize(_ norm: Int, _ layer: Int, _ normalization: Normalization) {
    for index in prepared.indices {
      statistics[index].resize(to: moments[index].count, filling: Statistics())
      stored[index] = prepared[index].style.norms[norm].stored
    }
    normalization.set(&statistics, from: moments, stored: stored)
    for picture in prepared.indices {
      prepared[picture].layers[layer].affine.set(
        statistics[picture], areMeasured: normalization != .batch,
        prepared[picture].style.norms[norm], epsilon: network.epsilon)
    }
  }
}

extension Array {
  /// Makes it so long, in the memory that it has where that is enough.
  fileprivate mutating func resize(to count: Int, filling element: Element) {
    if self.count > count { removeLast(self.count - count) }
    while self.count < count { append(element) }
  }
}
