import StyleModels
import SystemFiles
import Tensors
import TestSupport
import Testing

@testable import Layers
@testable import StyleEngine

/// Pictures done in bands, with maps in scratch files or computed again, against the same pictures
/// with every map whole in memory.
@Suite(.deadline(minutes: 2)) struct BandExecutionTests {
  static let norms: [Normalization] = [
    .instance, .group(.count(2)), .layer, .batch, .batchLive,
  ]

  /// Odd sizes, below, at and above the strips of every layer, and small ones that are extended.
  static let sizes: [[ExecutionPlan.Job.Size]] = [
    [(13, 9)], [(3, 61)], [(97, 101)], [(49, 190)], [(400, 33)], [(2, 2)],
    [(61, 45), (30, 140), (61, 45), (5, 200)],
  ].map { $0.map { ExecutionPlan.Job.Size(width: $0.0, height: $0.1) } }

  private static func network(width: Int = 4, blocks: Int = 2) throws -> StyleNetwork {
    try StyleNetwork(
      randomStyle(
        NetworkDescription(width: width, residualBlocks: blocks), statistics: true),
      kernels: KernelSet.available[0])
  }

  private func pictures(_ sizes: [ExecutionPlan.Job.Size]) -> [PictureInMemory] {
    sizes.enumerated().map {
      PictureInMemory(randomWidth: $1.width, height: $1.height, seed: UInt64(50 + $0))
    }
  }

  private func repaint(
    _ pictures: [PictureInMemory], _ network: StyleNetwork, _ plan: ExecutionPlan,
    _ normalization: Normalization, workers: Int = 1
  ) throws -> [[Float]] {
    let execution = NetworkExecution(network, workers: workers)
    let scratch =
      plan.scratchBytes > 0
      ? try ScratchFile(in: ScratchDirectory.standard(), byteCount: plan.scratchBytes) : nil
    let progress = ExecutionProgress()
    try execution.run(
      pictures.map(\.picture), plan: plan, scratch: scratch, normalization: normalization,
      progress: progress)
    #expect(progress.completed == plan.multiplications)
    #expect(execution.workspace.highWaterMark == plan.workspaceBytes)
    return pictures.map(\.result)
  }

  /// Every plan that some budget asks for, from the least to all.
  private func plans(_ network: StyleNetwork, _ sizes: [ExecutionPlan.Job.Size]) throws
    -> [ExecutionPlan]
  {
    let job = ExecutionPlan.Job(sizes: sizes)
    let whole = try network.plan(job)
    var memory = try #require(leastMemory(network, job))
    var plans: [ExecutionPlan] = []
    let step = max((whole.bytes - memory) / 12, 64)
    while memory < whole.bytes * 32 / 31 {
      let plan = try network.plan(job, memory: memory)
      if plan != plans.last { plans.append(plan) }
      memory += step
    }
    return plans + [whole]
  }

  @Test(arguments: sizes, norms)
  func everyPlanGivesTheSameBytes(
    _ sizes: [ExecutionPlan.Job.Size], _ normalization: Normalization
  ) throws {
    let network = try Self.network()
    let plans = try plans(network, sizes)
    let pictures = pictures(sizes)
    let expected = try repaint(pictures, network, plans[plans.count - 1], normalization)
    for plan in plans {
      #expect(
        try repaint(pictures, network, plan, normalization) == expected, "\(plan.outputs)")
    }
  }

  /// Maps of several blocks of channels, several workers, no residual blocks and one.
  @Test(arguments: [(16, 1), (16, 0), (4, 1), (4, 0), (8, 3)])
  func everyPlanGivesTheSameBytesInNetworksOf(_ width: Int, _ blocks: Int) throws {
    let network = try Self.network(width: width, blocks: blocks)
    let sizes = Self.sizes[2] + Self.sizes[4]
    let plans = try plans(network, sizes)
    let pictures = pictures(sizes)
    let expected = try repaint(pictures, network, plans[plans.count - 1], .instance)
    for plan in plans {
      #expect(
        try repaint(pictures, network, plan, .instance, workers: 3) == expected,
        "\(plan.outputs)")
    }
  }

  /// All places of all maps, whether a budget would choose them or not.
  @Test func everyPlaceOfEveryMapGivesTheSameBytes() throws {
    let network = try Self.network()
    let pictures = pictures(Self.sizes[3])
    let planner = ExecutionPlanner(network, ExecutionPlan.Job(sizes: Self.sizes[3]))
    let expected = try repaint(pictures, network, network.plan(planner.job), .instance)
    let plans = planner.candidates().map { $0.plan(planner) }
    #expect(plans.count == 324)
    for plan in plans {
      #expect(
        try repaint(pictures, network, plan, .instance) == expected, "\(plan.outputs)")
    }
  }

  @Test func inspectionShowsEveryRowUnderEveryPlan() throws {
    let network = try Self.network()
    let picture = pictures(Self.sizes[2])[0]
    var job = ExecutionPlan.Job(sizes: Self.sizes[2])
    job.isInspected = true
    func seen(_ memory: Int) throws -> SeenLayers {
      let plan = try network.plan(job, memory: memory)
      let seen = SeenLayers()
      try NetworkExecution(network, workers: 2).run(
        [picture.picture], plan: plan,
        scratch: ScratchFile(in: ScratchDirectory.standard(), byteCount: plan.scratchBytes),
        normalization: .instance, inspect: seen.add)
      return seen
    }
    let (whole, banded) = (try seen(.max), try seen(#require(leastMemory(network, job))))
    for layer in network.descriptions.map(\.name) {
      #expect(whole.planes(of: layer) != nil)
      #expect(whole.planes(of: layer) == banded.planes(of: layer), "\(layer)")
    }
  }

  @Test func executionGoesOnAfterACancelledOne() throws {
    let network = try Self.network()
    let job = ExecutionPlan.Job(sizes: Self.sizes[2])
    let plan = try network.plan(job, memory: #require(leastMemory(network, job)))
    let scratch = try ScratchFile(
      in: ScratchDirectory.standard(), byteCount: plan.scratchBytes)
    let picture = pictures(Self.sizes[2])[0]
    let execution = NetworkExecution(network, workers: 2)
    func run(_ progress: ExecutionProgress = .init(), stoppingAt layer: String = "") throws {
      try execution.run(
        [picture.picture], plan: plan, scratch: scratch, normalization: .instance,
        progress: progress, observe: { if $0.convolution == layer { progress.cancel() } })
    }
    try run()
    let expected = picture.result
    for layer in ["conv2", "res1.conv2", "deconv2"] {
      #expect(throws: StyleNetworkError.cancelled) { try run(stoppingAt: layer) }
      try run()
      #expect(picture.result == expected)
    }
  }
}

/// The least memory that a job takes, as the refusal of less says.
func leastMemory(_ network: StyleNetwork, _ job: ExecutionPlan.Job) -> Int? {
  do throws(StyleNetworkError) {
    _ = try network.plan(job, memory: 0)
    return nil
  } catch {
    guard case .memoryTooSmall(let needed, given: 0) = error else { return nil }
    return needed
  }
}
