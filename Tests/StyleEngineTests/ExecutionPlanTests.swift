import StyleModels
import Tensors
import TestSupport
import Testing

@testable import StyleEngine

/// The plan as a value, over many sizes and budgets.
@Suite(.deadline(minutes: 2)) struct ExecutionPlanTests {
  typealias Job = ExecutionPlan.Job

  /// The published networks.
  static let networks: [Int: Result<StyleNetwork, any Error>] = Dictionary(
    uniqueKeysWithValues: [16, 32].map { width in
      (
        width,
        Result {
          try StyleNetwork(
            randomStyle(NetworkDescription(width: width)), kernels: KernelSet.available[0])
        }
      )
    })

  private static func network(_ width: Int) throws -> StyleNetwork {
    try #require(networks[width]).get()
  }

  private static let megabyte = 1 << 20

  static let jobs: [Job] = [
    Job(sizes: [Job.Size(width: 1, height: 1)]),
    Job(sizes: [Job.Size(width: 640, height: 427)], sampleBytes: 819_840),
    Job(sizes: [Job.Size(width: 1281, height: 719)]),
    Job(sizes: [Job.Size(width: 4000, height: 3000)], sampleBytes: 36_000_000),
    Job(
      sizes: [Job.Size(width: 3000, height: 4000)], sampleBytes: 36_000_000,
      decodingBytes: 100_000_000),
    Job(sizes: [Job.Size(width: 65_500, height: 40)]),
    Job(sizes: [Job.Size(width: 40, height: 65_500)]),
    Job(
      sizes: [
        Job.Size(width: 400, height: 300), Job.Size(width: 1000, height: 50),
        Job.Size(width: 400, height: 300),
      ], sampleBytes: 870_000),
  ]

  @Test(arguments: jobs, [16, 32])
  func budgetIsKeptAndMoreOfItNeverSlower(_ job: Job, _ width: Int) throws {
    let network = try Self.network(width)
    let least = try #require(leastMemory(network, job))
    #expect(
      throws: StyleNetworkError.memoryTooSmall(needed: least, given: least - 1)
    ) {
      try network.plan(job, memory: least - 1)
    }
    let whole = try network.plan(job)
    var memory = least
    var last: ExecutionPlan?
    while memory < 3 * whole.bytes {
      let plan = try network.plan(job, memory: memory)
      #expect(plan.bytes <= memory - memory / 32)
      // Samples are held all the time, what decoding takes makes way for the network.
      let samples = plan.samples == .memory ? job.sampleBytes : 0
      let parts =
        network.weightBytes + plan.workerBytes + samples
        + max(plan.workspaceBytes, job.decodingBytes)
      #expect(plan.bytes >= parts && plan.workerBytes > 0)
      if let last { #expect(cost(plan) <= cost(last)) }
      #expect(plan.allScratchBytes <= plan.scratchTraffic || plan.scratchTraffic == 0)
      last = plan
      memory += memory / 3
    }
    #expect(last == whole)
    #expect(whole.outputs.allSatisfy { $0 == .memory } && whole.samples == .memory)
    #expect(whole.scratchBytes == 0 && whole.scratchTraffic == 0)
    let once = job.sizes.reduce(0) {
      $0 + network.costs(width: $1.width, height: $1.height).reduce(0) { $0 + $1.done }
    }
    #expect(whole.multiplications == once)
  }

  /// What the planner weighs.
  private func cost(_ plan: ExecutionPlan) -> Int {
    plan.multiplications + 32 * plan.scratchTraffic
  }

  /// The same from the same, whenever it is asked for.
  @Test func planIsAFunctionOfItsJob() throws {
    let network = try Self.network(32)
    for job in Self.jobs {
      let memory = try #require(leastMemory(network, job)) * 2
      #expect(try network.plan(job, memory: memory) == network.plan(job, memory: memory))
    }
  }

  /// Twelve megapixels at width 32 in 128 MB, a hundred at width 16 in 256 MB.
  @Test(arguments: [(32, 4000, 3000, 128), (32, 3000, 4000, 128), (16, 11_600, 8700, 256)])
  func largePicturesTakeLittle(_ network: Int, _ width: Int, _ height: Int, _ limit: Int) throws {
    let network = try Self.network(network)
    for sampleBytes in [3, 4, 8].map({ $0 * width * height }) {
      let job = Job(
        sizes: [Job.Size(width: width, height: height)], sampleBytes: sampleBytes,
        decodingBytes: 8 * width)
      let plan = try network.plan(job, memory: limit * Self.megabyte)
      #expect(plan.allScratchBytes < 40 * width * height * 4)
    }
  }

  /// In 512 MB the maps at full size are computed again and those at half size aren't all.
  @Test func halfAGigabyteIsEnoughForTwelveMegapixels() throws {
    let network = try Self.network(32)
    let job = Job(sizes: [Job.Size(width: 4000, height: 3000)], sampleBytes: 36_000_000)
    let plan = try network.plan(job, memory: 512 * Self.megabyte)
    #expect(plan.outputs[0] == .recomputed && plan.outputs[14] == .recomputed)
    let whole = try network.plan(job)
    #expect(Double(plan.multiplications) < 1.3 * Double(whole.multiplications))
  }

  /// A progressive picture is held while it is read, and makes way for the network.
  @Test func decodingCountsAsMuchAsTheNetwork() throws {
    let network = try Self.network(16)
    let size = Job.Size(width: 640, height: 480)
    let (small, large) = (
      Job(sizes: [size], sampleBytes: 921_600),
      Job(sizes: [size], sampleBytes: 921_600, decodingBytes: 200_000_000)
    )
    let least = try #require(leastMemory(network, small))
    #expect(least < 100_000_000)
    let more = try #require(leastMemory(network, large))
    #expect(more > 200_000_000 && more < 210_000_000 + network.weightBytes + 10_000_000)
    let plan = try network.plan(large, memory: .max)
    #expect(plan.bytes >= 200_000_000 + 921_600)
  }

  /// Threads beyond the first take their patches from what is left, not from the plan.
  @Test func threadsAreHeldToTheBudget() throws {
    let network = try Self.network(32)
    #expect(network.workers(atMost: 1, memory: 0) == 1)
    #expect(network.workers(atMost: 2000, memory: .max) == 2000)
    let few = network.workers(atMost: 1024, memory: 128 * Self.megabyte)
    #expect(few >= 8 && few < 64)
    #expect(network.workers(atMost: 1024, memory: 1 << 40) == 1024)
    // No picture's patch is larger than the one that they are counted by.
    let patch = PictureShape(network, Job.Size(width: 4096, height: 64)).workerBytes
    for width in [100, 1280, 65_500] {
      #expect(PictureShape(network, Job.Size(width: width, height: 100)).workerBytes <= patch)
    }
  }

  @Test func refusalNamesTheBudget() {
    #expect(
      StyleNetworkError.memoryTooSmall(needed: 93 << 20 | 1, given: 64 << 20).description
        == "needs 94M of memory, and 64M are given")
  }
}
