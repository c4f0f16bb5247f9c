import Glibc
import Synchronization

/// A thread of its own for work that waits, which a shared pool may not let it, and that must either
/// begin or be known not to.
public final class SystemThread: Sendable {
  private let handle: Mutex<pthread_t>

  /// Starts a thread.
  ///
  /// - Throws: `ThreadError` where the system gives none.
  public init(_ work: @escaping @Sendable () -> Void) throws(ThreadError) {
    let argument = Unmanaged.passRetained(Work(work))
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { argument in
        guard let argument else { return nil }
        Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
        return nil
      }, argument.toOpaque())
    guard status == 0 else {
      argument.release()
      throw ThreadError(code: status)
    }
    handle = Mutex(thread)
  }

  /// Waits for its end. This or `detach` must be called, and once.
  public func join() {
    _ = handle.withLock { pthread_join($0, nil) }
  }

  /// Leaves it to itself.
  public func detach() {
    _ = handle.withLock { pthread_detach($0) }
  }

  private final class Work: Sendable {
    let body: @Sendable () -> Void

    init(_ body: @escaping @Sendable () -> Void) {
      self.body = body
    }
  }
}

/// The system has no thread to give.
public struct ThreadError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The number of the system's error.
  public let code: CInt

  public var description: String {
    "the system gives no more threads: \(String(cString: strerror(code)))"
  }
}
