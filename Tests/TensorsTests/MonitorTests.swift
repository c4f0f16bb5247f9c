import Dispatch
import TestSupport
import Testing

@testable import Tensors

@Suite(.deadline(minutes: 2)) struct MonitorTests {
  /// Two threads take turns: each waits for the other's change, so that one that is missed hangs.
  @Test func everyChangeIsSeenByWhoWaits() {
    let turns = 1000
    let count = Monitor(0)
    DispatchQueue.concurrentPerform(iterations: 2) { parity in
      for _ in 0..<turns {
        count.wait { $0 % 2 == parity ? () : nil }
        count.change { $0 += 1 }
      }
    }
    #expect(count.withLock { $0 } == 2 * turns)
  }

  @Test func aWaitTakesWhatItWaitedFor() {
    let tokens = Monitor(0)
    let taken = Monitor(0)
    DispatchQueue.concurrentPerform(iterations: 4) { thread in
      for _ in 0..<500 {
        if thread == 0 {
          tokens.change { $0 += 3 }
        } else {
          tokens.wait { tokens -> Void? in
            guard tokens > 0 else { return nil }
            tokens -= 1
            return ()
          }
          taken.withLock { $0 += 1 }
        }
      }
    }
    #expect(tokens.withLock { $0 } == 0)
    #expect(taken.withLock { $0 } == 1500)
  }
}
