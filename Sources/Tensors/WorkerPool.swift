import CPUFeatures
import Dispatch
import Synchronization

/// A fixed number of threads that share out the parts of one task at a time.
///
/// Parts are taken in order by whoever is free; which worker does which differs from run to run,
/// so that a part may write only what no other part reads or writes. One thread at a time calls
/// `run`. The threads end with the pool.
public final class WorkerPool: Sendable {
  /// Threads that compute, the caller of `run` among them.
  public let workers: Int

  private let crew: Crew

  /// - Parameters:
  ///   - workers: The number of threads, at least 1. Where the system gives fewer threads, the others
  ///     do the work.
  ///   - flushesDenormals: Whether numbers too small for a full mantissa count as 0 in what they
  ///     compute: training comes upon many, and each costs a hundred others' time.
  public init(workers: Int, flushesDenormals: Bool = false) {
    precondition(workers >= 1, "workers >= 1")
    self.workers = workers
    crew = Crew(flushesDenormals: flushesDenormals)
    for worker in 1..<workers {
      let crew = crew
      guard let thread = try? SystemThread({ crew.work(as: worker) }) else { break }
      thread.detach()
    }
  }

  deinit {
    crew.dismiss()
  }

  /// Does parts `0..<count` of a task, and returns when all are done. Takes no memory.
  public func run(_ count: Int, _ task: any ParallelTask) {
    crew.run(count, task)
  }

  /// Does `part(index, worker)` for each index in `0..<count`, and returns when all are done.
  public func run(_ count: Int, _ part: (_ index: Int, _ worker: Int) -> Void) {
    withoutActuallyEscaping(part) { part in
      run(count, ClosureTask(part: part))
    }
  }
}

/// Work in parts that may be done at the same time.
public protocol ParallelTask: AnyObject {
  /// Does one part.
  ///
  /// - Parameters:
  ///   - index: The part's number, from 0.
  ///   - worker: The worker that does it, in `0..<workers` of the pool: each may have memory of its
  ///     own.
  func run(part index: Int, worker: Int)
}

private final class ClosureTask: ParallelTask {
  let part: (Int, Int) -> Void

  init(part: @escaping (Int, Int) -> Void) {
    self.part = part
  }

  func run(part index: Int, worker: Int) {
    part(index, worker)
  }
}

/// The state that the threads share.
private final class Crew: Sendable {
  private let state = Monitor(State())
  private let next = Atomic<Int>(0)
  /// `State.task` of the last task that was opened, and of the last that threads have ended: for those
  /// who look for a moment before they wait.
  private let opened = Atomic<Int>(0)
  private let ended = Atomic<Int>(0)
  /// The last to end a task tells whoever waits for it, and wakes none of those who have ended.
  private let done = DispatchSemaphore(value: 0)

  private let flushesDenormals: Bool

  init(flushesDenormals: Bool) {
    self.flushesDenormals = flushesDenormals
  }

  private struct State {
    var work: (any ParallelTask)?
    var count = 0
    /// The number of the task, so that a thread joins each but once.
    var task = 0
    var isOpen = false
    /// Threads at work on the task.
    var busy = 0
    var isDismissed = false
  }

  func run(_ count: Int, _ work: any ParallelTask) {
    state.change { state in
      state.work = work
      state.count = count
      next.store(0, ordering: .relaxed)
      state.task += 1
      state.isOpen = true
      opened.store(state.task, ordering: .releasing)
    }
    takeParts(of: work, count, as: 0)
    let busyWith: Int? = state.withLock { state in
      state.isOpen = false
      state.work = nil
      return state.busy > 0 ? state.task : nil
    }
    guard let busyWith else { return }
    look { ended.load(ordering: .acquiring) == busyWith }
    done.wait()
  }

  /// The times that a thread looks whether there is something to do before it sleeps: some 30 µs, as
  /// layers follow one another at once, and being woken takes as long.
  private static let looks = 1000

  private func look(until isSo: () -> Bool) {
    for _ in 0..<Self.looks {
      if isSo() { return }
      CPUFeatures_pause()
    }
  }

  func work(as worker: Int) {
    var joined = 0
    while join(&joined, as: worker) {
      // Here this thread holds the task no more.
      let isLast = state.withLock { state in
        state.busy -= 1
        let isLast = state.busy == 0 && !state.isOpen
        if isLast { ended.store(state.task, ordering: .releasing) }
        return isLast
      }
      if isLast { done.signal() }
    }
  }

  /// Waits for a task other than `joined` and takes part in it; false once there are to be no more.
  private func join(_ joined: inout Int, as worker: Int) -> Bool {
    look { opened.load(ordering: .acquiring) != joined }
    let task: (work: any ParallelTask, count: Int)? = state.wait { state in
      if state.isDismissed { return .some(nil) }
      guard state.isOpen, state.task != joined, let work = state.work else { return nil }
      joined = state.task
      state.busy += 1
      return (work, state.count)
    }
    guard let task else { return false }
    takeParts(of: task.work, task.count, as: worker)
    return true
  }

  func dismiss() {
    state.change { $0.isDismissed = true }
  }

  private func takeParts(of work: any ParallelTask, _ count: Int, as worker: Int) {
    // The caller's own arithmetic stays as it was.
    let flushedBefore = flushesDenormals ? CPUFeatures_flushDenormals(1) : 0
    defer { if flushesDenormals { _ = CPUFeatures_flushDenormals(flushedBefore) } }
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      work.run(part: index, worker: worker)
    }
  }
}
