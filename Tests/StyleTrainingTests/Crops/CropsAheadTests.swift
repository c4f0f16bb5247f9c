import Dispatch
import Glibc
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

@Suite(.deadline(minutes: 2)) struct CropsAheadTests {
  /// Makes crops of one pixel that hold their number, and takes notes.
  private final class Press: Sendable {
    let begun = Monitor<Set<Int>>([])
    let made = Monitor<[Int]>([])
    /// Crops from this number on are not made until it rises.
    let gate = Monitor(Int.max)

    func crop(_ index: Int, _ isCancelled: () -> Bool) throws(CropSourceError) -> Crop {
      begun.change { $0.insert(index) }
      gate.wait { index < $0 ? () : nil }
      if isCancelled() { throw .closed }
      made.change { $0.append(index) }
      return Crop(
        index: index,
        pixels: FeatureMap(
          channels: 3, height: 1, width: 1, lanes: FeatureMap.pixelLanes, rows: 0..<1,
          buffer: AlignedBuffer([Float(index), 0, 0, 0])))
    }

    /// Waits until a thread is about this crop.
    func waitForBeginning(of index: Int) { begun.wait { $0.contains(index) ? () : nil } }

    /// Waits until so many were made.
    func wait(for count: Int) -> [Int] { made.wait { $0.count >= count ? $0 : nil } }
  }

  private let press = Press()

  private func ahead(_ ahead: Int, threads: Int = 1) -> CropsAhead {
    let press = press
    return CropsAhead(ahead: ahead, threads: threads) {
      index, isCancelled throws(CropSourceError) in try press.crop(index, isCancelled)
    }
  }

  @Test func theNextOnesAreMadeBeforeTheyAreAskedForAndNoMore() throws {
    let crops = ahead(3)
    defer { crops.close() }
    #expect(try crops.crop(10).index == 10)
    #expect(press.wait(for: 4).sorted() == [10, 11, 12, 13])
    #expect(try crops.crop(11).index == 11)
    #expect(press.wait(for: 5).sorted() == [10, 11, 12, 13, 14])
    // Whatever else was to come would be made by now, or is not at all.
    usleep(20_000)
    #expect(press.wait(for: 5).count == 5)
  }

  @Test func withoutThreadsTheCallerMakesThem() throws {
    let crops = ahead(3, threads: 0)
    for index in [0, 1, 1, 7] { #expect(try crops.crop(index).index == index) }
    #expect(press.wait(for: 4) == [0, 1, 1, 7])
  }

  /// A caller takes what a thread is making, instead of making it anew.
  @Test func oneThatIsUnderwayIsMadeOnce() throws {
    press.gate.change { $0 = 1 }
    let crops = ahead(1)
    defer { crops.close() }
    #expect(try crops.crop(0).index == 0)
    let press = press
    press.waitForBeginning(of: 1)
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(30)) {
      press.gate.change { $0 = 2 }
    }
    #expect(try crops.crop(1).index == 1)
    // One that was made twice would be done by now.
    usleep(20_000)
    #expect(press.wait(for: 2) == [0, 1])
    press.gate.change { $0 = .max }
  }

  /// What was made ahead and isn't next any more is let go of.
  @Test func goingElsewhereForgetsWhatIsReady() throws {
    let crops = ahead(1)
    defer { crops.close() }
    _ = try crops.crop(10)
    _ = press.wait(for: 2)
    _ = try crops.crop(100)
    _ = press.wait(for: 4)
    #expect(try crops.crop(11).index == 11)
    #expect(press.wait(for: 5).count { $0 == 11 } == 2)
  }

  /// Callers that ask here and there, each for its own and all for the same, get what they ask for.
  @Test(arguments: [0, 1, 5], [0, 1, 3])
  func whoeverAsksGetsIt(_ ahead: Int, _ threads: Int) {
    let crops = self.ahead(ahead, threads: threads)
    defer { crops.close() }
    DispatchQueue.concurrentPerform(iterations: 4) { caller in
      var samples = Samples(seed: UInt64(caller))
      for turn in 0..<200 {
        let index = turn % 3 == 0 ? turn : samples.wholeNumber(upTo: 100)
        #expect((try? crops.crop(index))?.pixels.buffer.samples.first == Float(index))
      }
    }
  }

  @Test func closingEndsAllWhoWait() throws {
    press.gate.change { $0 = 1 }
    let crops = ahead(1)
    _ = try crops.crop(0)
    let press = press
    press.waitForBeginning(of: 1)
    DispatchQueue.global().asyncAfter(deadline: .now() + .milliseconds(30)) {
      crops.close()
    }
    // At once, though the thread that makes it goes on.
    #expect(throws: CropSourceError.closed) { try crops.crop(1) }
    #expect(throws: CropSourceError.closed) { try crops.crop(2) }
    press.gate.change { $0 = .max }
    #expect(press.wait(for: 1) == [0])
  }

  @Test func closingEndsItsThreads() {
    weak var ended: CropsAhead?
    do {
      let crops = ahead(2, threads: 3)
      ended = crops
      _ = try? crops.crop(0)
      crops.close()
    }
    // Until the deadline.
    while ended != nil { usleep(1000) }
  }
}
