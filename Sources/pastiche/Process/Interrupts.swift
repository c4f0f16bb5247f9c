import Glibc
import Synchronization
import SystemFiles

/// Ctrl-C and the polite kill: the first asks the work to end, the second ends the process.
///
/// Either way no half-written file stays behind: files have no name before they are complete, or one
/// that goes with the process.
enum Interrupts {
  private struct State {
    var signal: CInt?
    var handler: (@Sendable () -> Void)?
    var late: (@Sendable () -> Void)?
  }

  private static let state = Mutex(State())

  /// The signal that came, if one did.
  static var signal: CInt? { state.withLock { $0.signal } }

  /// Must be called before any thread is started, as all are to leave these signals alone.
  static func install() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    pthread_sigmask(SIG_BLOCK, &signals, nil)
    // Writing to a pipe that nobody reads any more is an error like others.
    _ = Glibc.signal(SIGPIPE, SIG_IGN)
    var thread = pthread_t()
    let status = pthread_create(
      &thread, nil,
      { _ in
        Interrupts.wait()
        return nil
      }, nil)
    if status == 0 {
      pthread_detach(thread)
    } else {
      pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }
  }

  /// Calls `handler` at the first signal; at once, where it came already.
  ///
  /// - Parameter late: Called where the process is still there `patience` seconds later: some work
  ///   can't be interrupted, such as a decoder's or a disk's.
  static func onFirst(
    _ handler: @escaping @Sendable () -> Void, late: (@Sendable () -> Void)? = nil
  ) {
    let came = state.withLock { state in
      state.handler = handler
      state.late = late
      return state.signal != nil
    }
    if came { handler() }
  }

  private static let patience = timespec(tv_sec: 1, tv_nsec: 500_000_000)

  private static func wait() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    while true {
      var patience = patience
      let late = state.withLock { $0.signal == nil ? nil : $0.late }
      let number = late == nil ? sigwaitinfo(&signals, nil) : sigtimedwait(&signals, nil, &patience)
      if number < 0 {
        if errno == EAGAIN {
          late?()
          state.withLock { $0.late = nil }
        }
        continue
      }
      let (isFirst, handler) = state.withLock { state in
        let isFirst = state.signal == nil
        state.signal = number
        return (isFirst, state.handler)
      }
      guard isFirst, let handler else { TemporaryNames.end(128 + number) }
      handler()
    }
  }
}
