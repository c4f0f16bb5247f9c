import Layers
import StyleEngine
import Testing

@testable import BatchStylizer

@Suite struct BatchControlTests {
  @Test func picturesAreCountedAsTheyEnd() {
    let control = BatchControl()
    #expect(control.progress == (0, 0, 0))
    control.begin(total: 4)
    #expect(control.progress == (0, 4, 0))
    control.finish(nil)
    #expect(control.progress == (1, 4, 0.25))
    for _ in 0..<3 { control.finish(control.start()) }
    #expect(control.progress == (4, 4, 1))
  }

  @Test func picturesOnTheirWayCountInPart() {
    let control = BatchControl()
    control.begin(total: 2)
    let (first, second) = (control.start(), control.start())
    first.advance(.copying, row: 1, of: 4)
    second.advance(.copying, row: 1, of: 2)
    #expect(control.progress == (0, 2, 0.375))
    control.drop(second)
    #expect(control.progress == (0, 2, 0.125))
    control.finish(first)
    #expect(control.progress == (1, 2, 0.5))
  }

  /// A study counts what the network alone does, of all that it looks at together.
  @Test func watchedPicturesCountAsTheNetworkGoesOn() throws {
    let control = BatchControl(total: 4)
    var seen: [Double] = []
    let value = try control.watch(3) { progress throws(StyleNetworkError) in
      seen.append(control.progress.fraction)
      progress.begin(total: 4)
      progress.advance(by: 2)
      seen.append(control.progress.fraction)
      return 7
    }
    #expect(value == 7)
    #expect(seen == [0, 0.375])
    #expect(control.progress == (3, 4, 0.75))
  }

  @Test func watchedPicturesThatFailHaveHadTheirTurn() {
    let control = BatchControl(total: 2)
    control.cancel()
    #expect(throws: StyleNetworkError.cancelled) {
      try control.watch(2) { progress throws(StyleNetworkError) in
        if progress.isCancelled { throw .cancelled }
      }
    }
    #expect(control.progress == (2, 2, 1))
  }

  @Test func cancellingReachesTheNetworkWheneverItEnters() {
    let control = BatchControl()
    let (running, late) = (ExecutionProgress(), ExecutionProgress())
    control.enter(running)
    #expect(!running.isCancelled && !control.isCancelled)
    control.cancel()
    #expect(running.isCancelled && control.isCancelled)
    control.enter(late)
    #expect(late.isCancelled)
  }
}
