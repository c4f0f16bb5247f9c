import Synchronization

/// The progress of an execution, and the way to stop it. Any thread may read and cancel.
public final class ExecutionProgress: Sendable {
  private let done = Atomic<Int>(0)
  private let all = Atomic<Int>(0)
  private let cancelled = Atomic<Bool>(false)

  public init() {}

  /// Multiplications done, out of `total`.
  public var completed: Int { done.load(ordering: .relaxed) }

  /// Multiplications to do, as `ExecutionPlan` says; 0 before the work has begun.
  public var total: Int { all.load(ordering: .relaxed) }

  public var isCancelled: Bool { cancelled.load(ordering: .relaxed) }

  /// Asks the execution to end with `StyleNetworkError.cancelled`, within milliseconds.
  public func cancel() {
    cancelled.store(true, ordering: .relaxed)
  }

  package func begin(total: Int) {
    done.store(0, ordering: .relaxed)
    all.store(total, ordering: .relaxed)
  }

  package func advance(by multiplications: Int) {
    done.wrappingAdd(multiplications, ordering: .relaxed)
  }
}
