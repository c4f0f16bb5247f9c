import CAllocationCounter
import StyleModels
import Tensors
import TestSupport
import Testing

@testable import Layers
@testable import StyleEngine

@Suite(.deadline(minutes: 2)) struct AllocationTests {
  /// From the second batch on, pictures of the same sizes take no memory from the system: counted
  /// on the thread that runs the network, with all of the work on it and with a part. In a debug
  /// build only what is as large as a list of channels counts (`CAllocationCounter.c`).
  @Test(
    arguments: [
      .instance, .group(.count(2)), .layer, .batch, .batchLive,
    ] as [Normalization], [1, 2])
  func steadyStateAllocatesNothing(_ normalization: Normalization, _ workers: Int) throws {
    let execution = NetworkExecution(
      StyleNetwork(
        try randomStyle(NetworkDescription(width: 16), statistics: true),
        kernels: KernelSet.available[0]),
      pool: WorkerPool(workers: workers))
    var seen: Float = 0
    let pictures = [(29, 18), (3, 40)].map { width, height in
      Picture(
        width: width, height: height,
        readRow: { y, row in
          for x in row.indices { row[x] = Float((x * 31 + y * 17) % 256) }
        },
        writeRow: { _, row in seen += row[0] })
    }
    let progress = ExecutionProgress()
    func run() throws {
      try execution.run(pictures, normalization: normalization, progress: progress)
    }
    try run()
    try run()
    let before = CAllocationCounter_calls()
    try run()
    let calls = CAllocationCounter_calls() - before
    #expect(calls == 0)
    #expect(before > 0)
    #expect(seen.isFinite)
  }
}
