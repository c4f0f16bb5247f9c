import Glibc
import Synchronization

/// Ctrl-C and the polite kill: the first asks the work to end, the second ends the process.
///
/// Either way no half-written file stays behind, as files have no name before they are complete.
enum Interrupts {
  private struct State {
    var signal: CInt?
    var handler: (@Sendable () -> Void)?
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
  static func onFirst(_ handler: @escaping @Sendable () -> Void) {
    let came = state.withLock { state in
      state.handler = handler
      return state.signal != nil
    }
    if came { handler() }
  }

  private static func wait() {
    var signals = sigset_t()
    sigemptyset(&signals)
    sigaddset(&signals, SIGINT)
    sigaddset(&signals, SIGTERM)
    while true {
      var number: CInt = 0
      guard sigwait(&signals, &number) == 0 else { continue }
      let (isFirst, handler) = state.withLock { state in
        let isFirst = state.signal == nil
        state.signal = number
        return (isFirst, state.handler)
      }
      guard isFirst, let handler else { _exit(128 + number) }
      handler()
    }
  }
}
