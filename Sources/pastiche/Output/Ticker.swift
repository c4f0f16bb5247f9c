import Dispatch

/// Does something again and again until it is stopped, on a queue of its own, on which alone what
/// changes is touched.
final class Ticker: @unchecked Sendable {
  private let queue = DispatchQueue(label: "pastiche.ticker")
  private var timer: (any DispatchSourceTimer)?

  func start(every interval: DispatchTimeInterval, _ body: @escaping @Sendable () -> Void) {
    queue.sync {
      let timer = DispatchSource.makeTimerSource(queue: queue)
      timer.schedule(deadline: .now() + interval, repeating: interval)
      timer.setEventHandler(handler: body)
      timer.activate()
      self.timer = timer
    }
  }

  /// Does something between two times.
  func sync(_ body: () -> Void) {
    queue.sync(execute: body)
  }

  /// Stops; once this returns nothing is done any more.
  func stop() {
    queue.sync {
      timer?.cancel()
      timer = nil
    }
  }
}
