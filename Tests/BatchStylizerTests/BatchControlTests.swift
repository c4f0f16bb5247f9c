import StyleNetwork
import Testing

@testable import BatchStylizer

@Suite struct BatchControlTests {
  @Test func picturesAreCountedAsTheyEnd() {
    let control = BatchControl()
    #expect(control.progress == (0, 0, 0))
    control.begin(total: 4)
    #expect(control.progress == (0, 4, 0))
    control.finish()
    #expect(control.progress == (1, 4, 0.25))
    for _ in 0..<3 { control.finish() }
    #expect(control.progress == (4, 4, 1))
  }

  @Test func cancellingReachesTheNetworkWheneverItEnters() {
    let control = BatchControl()
    let (running, late) = (ExecutionProgress(), ExecutionProgress())
    control.enter(running, pictures: 1)
    #expect(!running.isCancelled && !control.isCancelled)
    control.cancel()
    #expect(running.isCancelled && control.isCancelled)
    control.leave()
    control.enter(late, pictures: 1)
    #expect(late.isCancelled)
  }
}
