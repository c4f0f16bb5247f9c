import ImageFiles
import Layers
import StyleEngine
import TestSupport
import Testing

@testable import BatchStylizer

@Suite(.deadline(minutes: 2)) struct PictureProgressTests {
  /// Read, repainted and written: the bar must not jump back between two stages.
  @Test func wayNeverGoesBack() throws {
    let picture = PictureProgress()
    var fractions: [Double] = []
    func look() { fractions.append(picture.fraction) }
    for row in 0..<8 {
      picture.advance(.decoding, row: row, of: 8)
      look()
    }
    let progress = ExecutionProgress()
    picture.enter(progress)
    look()
    let stored = try StoredImage(Image(randomWidth: 9, height: 8))
    let image = try StylizedImage(stored, Stylization(normalization: .instance))
    try withExtendedLifetime(image) {
      try NetworkExecution(smallNetwork(), workers: 1).run(
        [image.picture], normalization: .instance, progress: progress, observe: { _ in look() })
    }
    let inNetwork = fractions.suffix(5)
    look()
    picture.leave()
    look()
    for row in 0..<8 {
      picture.advance(.encoding, row: row, of: 8)
      look()
    }
    #expect(fractions == fractions.sorted())
    #expect(fractions.first == 0)
    #expect(Set(inNetwork).count == 5)
    #expect(fractions.allSatisfy { $0 < 1 })
  }

  /// A picture in a queue may wait for longer than it is worked on.
  @Test func waitingDoesNotCount() {
    let picture = PictureProgress()
    picture.wait()
    let seconds = picture.seconds
    let start = ContinuousClock.now
    while ContinuousClock.now - start < .milliseconds(2) {}
    #expect(picture.seconds == seconds)
    picture.proceed()
    while ContinuousClock.now - start < .milliseconds(4) {}
    #expect(picture.seconds >= seconds + 0.001)
    picture.enter(ExecutionProgress())
    picture.leave()
    #expect(picture.seconds == picture.seconds)
  }
}
