import ImageFiles
import StyleNetwork
import Testing

@testable import BatchStylizer

@Suite struct BatchControlTests {
  @Test func picturesAreCountedAsTheyEnd() {
    let control = BatchControl()
    #expect(control.progress == (0, 0, 0))
    control.begin(total: 4)
    #expect(control.progress == (0, 4, 0))
    control.finish(wasRepainted: false)
    #expect(control.progress == (1, 4, 0.25))
    for _ in 0..<3 { control.finish(wasRepainted: false) }
    #expect(control.progress == (4, 4, 1))
  }

  /// Between the network and the end of its file a picture is neither; the bar must not jump back.
  @Test func movementNeverGoesBack() throws {
    let control = BatchControl()
    control.begin(total: 2)
    let photograph = Image(randomWidth: 9, height: 8)
    let image = StylizedImage(photograph, Stylization(normalization: .instance))
    let execution = try NetworkExecution(smallNetwork(), workers: 1)
    var fractions: [Double] = []
    for _ in 0..<2 {
      let progress = ExecutionProgress()
      control.enter(progress, pictures: 1)
      try execution.run([image.picture], normalization: .instance, progress: progress) { _ in
        fractions.append(control.progress.fraction)
      }
      control.leave(repainted: 1)
      fractions.append(control.progress.fraction)
    }
    for _ in 0..<2 {
      control.finish(wasRepainted: true)
      fractions.append(control.progress.fraction)
    }
    #expect(fractions == fractions.sorted())
    #expect(fractions.contains { $0 > 0 && $0 < 0.5 })
    #expect(fractions.last == 1)
  }

  @Test func cancellingReachesTheNetworkWheneverItEnters() {
    let control = BatchControl()
    let (running, late) = (ExecutionProgress(), ExecutionProgress())
    control.enter(running, pictures: 1)
    #expect(!running.isCancelled && !control.isCancelled)
    control.cancel()
    #expect(running.isCancelled && control.isCancelled)
    control.leave(repainted: 0)
    control.enter(late, pictures: 1)
    #expect(late.isCancelled)
  }
}
