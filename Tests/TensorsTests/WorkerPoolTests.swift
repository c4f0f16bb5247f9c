import Synchronization
import TestSupport
import Testing

@testable import Tensors

@Suite(.deadline(minutes: 2)) struct WorkerPoolTests {
  @Test(arguments: [1, 2, 3, 8], [0, 1, 2, 7, 1000])
  func everyPartIsDoneOnce(workers: Int, count: Int) {
    let pool = WorkerPool(workers: workers)
    let done = Mutex([Int](repeating: 0, count: count))
    for _ in 0..<20 {
      pool.run(count) { index, worker in
        #expect((0..<workers).contains(worker))
        done.withLock { $0[index] += 1 }
      }
    }
    #expect(done.withLock { $0 } == [Int](repeating: 20, count: count))
  }

  /// Two parts that wait for one another end only where two threads are at work.
  @Test func partsRunAtTheSameTime() {
    let pool = WorkerPool(workers: 2)
    let arrived = Atomic<Int>(0)
    pool.run(2) { _, _ in
      arrived.add(1, ordering: .relaxed)
      while arrived.load(ordering: .relaxed) < 2 {}
    }
    #expect(arrived.load(ordering: .relaxed) == 2)
  }
}
