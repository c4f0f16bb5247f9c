import Synchronization
import TestSupport
import Testing

@testable import Tensors

#if arch(x86_64) || arch(arm64)
  private let canFlush = true
#else
  private let canFlush = false
#endif

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

  /// Half the smallest number that has a full mantissa: one that hasn't, or 0 where those are flushed.
  @inline(never)
  private static func half(_ numbers: [Float]) -> Float { numbers[0] * numbers[1] }

  private static var flushes: Bool { half([.leastNormalMagnitude, 0.5]) == 0 }

  /// On every thread where it is wanted, on none where it isn't, and never beyond a task.
  @Test(
    .enabled(if: canFlush, "the processor's kind is one that can"),
    arguments: [1, 2, 3], [false, true])
  func denormalsAreFlushedWhereThatIsWanted(workers: Int, flushes: Bool) {
    let pool = WorkerPool(workers: workers, flushesDenormals: flushes)
    let arrived = Atomic<Int>(0)
    let seen = Mutex([Int: Bool]())
    for task in 1...3 {
      // Each part waits for all others, so that every thread does one.
      pool.run(workers) { _, worker in
        arrived.add(1, ordering: .relaxed)
        while arrived.load(ordering: .relaxed) < task * workers {}
        seen.withLock { $0[worker] = Self.flushes }
      }
      #expect(!Self.flushes)
      #expect(
        seen.withLock { $0 } == .init(uniqueKeysWithValues: (0..<workers).map { ($0, flushes) }))
    }
  }

  /// A caller that flushes still does afterwards.
  @Test(.enabled(if: canFlush, "the processor's kind is one that can"))
  func callersOwnModeStays() {
    let (outer, inner) = (
      WorkerPool(workers: 1, flushesDenormals: true), WorkerPool(workers: 2, flushesDenormals: true)
    )
    let plain = WorkerPool(workers: 2)
    outer.run(1) { _, _ in
      inner.run(2) { _, _ in }
      #expect(Self.flushes)
      plain.run(2) { _, _ in }
      #expect(Self.flushes)
    }
    #expect(!Self.flushes)
  }
}
