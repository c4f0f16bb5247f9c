import Glibc
import Synchronization

/// A fixed number of threads that share out the parts of one task at a time.
///
/// Parts are taken in order by whoever is free; which worker does which differs from run to run,
/// so that a part may write only what no other part reads or writes. One thread at a time calls
/// `run`. The threads end with the pool.
public final class WorkerPool: Sendable {
  /// Threads that compute, the caller of `run` among them.
  public let workers: Int

  private let crew = Crew()

  /// - Parameter workers: At least 1. Where the system gives fewer threads, the others do the work.
  public init(workers: Int) {
    precondition(workers >= 1, "workers >= 1")
    self.workers = workers
    for worker in 1..<workers {
      let recruit = Recruit(crew: crew, worker: worker)
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(recruit)
      let status = pthread_create(
        &thread, nil,
        { argument in
          guard let argument else { return nil }
          Unmanaged<Recruit>.fromOpaque(argument).takeRetainedValue().work()
          return nil
        }, argument.toOpaque())
      if status == 0 { pthread_detach(thread) } else { argument.release() }
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
  /// - Parameter worker: In `0..<workers` of the pool: who does it, which names scratch memory.
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

/// A thread of the pool, as it is handed to the system.
private final class Recruit: Sendable {
  let crew: Crew
  let worker: Int

  init(crew: Crew, worker: Int) {
    self.crew = crew
    self.worker = worker
  }

  func work() {
    crew.work(as: worker)
  }
}

/// What the threads share. All but `next` is guarded by `lock`.
private final class Crew: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let wake = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let done = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  private let next = Atomic<Int>(0)
  /// The task; it stays in place while anyone is at work on it, so that those read it unlocked.
  private var work: (any ParallelTask)?
  private var count = 0
  /// Which task it is, so that a thread joins each but once.
  private var task = 0
  private var isOpen = false
  /// Threads at work on it.
  private var busy = 0
  private var isDismissed = false

  init() {
    pthread_mutex_init(lock, nil)
    pthread_cond_init(wake, nil)
    pthread_cond_init(done, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(wake)
    pthread_cond_destroy(done)
    lock.deallocate()
    wake.deallocate()
    done.deallocate()
  }

  func run(_ count: Int, _ work: any ParallelTask) {
    pthread_mutex_lock(lock)
    self.work = work
    self.count = count
    next.store(0, ordering: .relaxed)
    task += 1
    isOpen = true
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(lock)

    takeParts(as: 0)

    pthread_mutex_lock(lock)
    isOpen = false
    while busy > 0 { pthread_cond_wait(done, lock) }
    self.work = nil
    pthread_mutex_unlock(lock)
  }

  func work(as worker: Int) {
    var joined = 0
    pthread_mutex_lock(lock)
    while !isDismissed {
      guard isOpen, task != joined else {
        pthread_cond_wait(wake, lock)
        continue
      }
      joined = task
      busy += 1
      pthread_mutex_unlock(lock)
      takeParts(as: worker)
      pthread_mutex_lock(lock)
      busy -= 1
      if busy == 0 { pthread_cond_signal(done) }
    }
    pthread_mutex_unlock(lock)
  }

  func dismiss() {
    pthread_mutex_lock(lock)
    isDismissed = true
    pthread_cond_broadcast(wake)
    pthread_mutex_unlock(lock)
  }

  private func takeParts(as worker: Int) {
    guard let work else { return }
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      work.run(part: index, worker: worker)
    }
  }
}
