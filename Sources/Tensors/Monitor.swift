import Glibc

/// A state that threads share, and whose changes they wait for.
///
/// What is given to it runs under its lock, so that it calls out to nothing that may take another.
public final class Monitor<State>: @unchecked Sendable {
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)
  /// Touched under the lock alone, which is what makes it safe to share.
  private var state: State

  public init(_ state: State) {
    self.state = state
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(changed)
    lock.deallocate()
    changed.deallocate()
  }

  /// Does what is of no concern to those who wait.
  public func withLock<Result>(_ body: (inout State) -> Result) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    return body(&state)
  }

  /// Makes a change, and has all who wait look again.
  public func change(_ body: (inout State) -> Void) {
    withLock(body)
    pthread_cond_broadcast(changed)
  }

  /// Tries as `wait`, and has all who wait look again at what came of it.
  public func exchange<Result>(until attempt: (inout State) -> Result?) -> Result {
    defer { pthread_cond_broadcast(changed) }
    return wait(until: attempt)
  }

  /// Tries at once and after every change, until `attempt` has a result.
  public func wait<Result>(until attempt: (inout State) -> Result?) -> Result {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while true {
      if let result = attempt(&state) { return result }
      pthread_cond_wait(changed, lock)
    }
  }
}
