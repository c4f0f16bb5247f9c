import ImageFiles
import SystemPackage
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

/// Pictures of one colour each, that of their number, some of them unreadable.
@Suite(.deadline(minutes: 2)) struct CropMakerTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func maker(
    _ count: Int, broken: Set<Int> = [], seed: UInt64 = 1
  ) throws -> CropMaker {
    let paths = (0..<count).map { folder["\($0).png"] }
    let there = try folder.entries
    for (number, path) in paths.enumerated()
    where !broken.contains(number) && !there.contains("\(number).png") {
      try Image(
        width: 1, height: 1, pixels: PixelFormat(),
        bytes: [UInt8](repeating: UInt8(number), count: 3)
      ).write(path)
    }
    return CropMaker(
      DecodedPictures(paths, side: 8, limits: ImageLimits(), byteLimit: .max), side: 8,
      seed: seed, noise: 0)
  }

  private func pictures(_ maker: CropMaker, _ indices: some Sequence<Int>) throws -> [Int] {
    try indices.map { Int(try maker.crop($0) { false }.pixels.buffer.samples[0]) }
  }

  @Test func anEpochHasEveryPictureOnceInItsOrder() throws {
    let maker = try maker(6, seed: 3)
    let order = PictureOrder(count: 6, seed: 3)
    #expect(try pictures(maker, 0..<6) == order.order(ofEpoch: 0))
    #expect(try pictures(maker, 6..<12) == order.order(ofEpoch: 1))
  }

  @Test func theNextReadableOneStandsIn() throws {
    let (count, broken) = (7, [1, 4, 5] as Set)
    let expected = (0..<20 * count).map { index in
      let order = PictureOrder(count: count, seed: 1).order(ofEpoch: index / count)
      let after = order[(index % count)...] + order
      return after.first { !broken.contains($0) }
    }
    let ordered = try maker(count, broken: broken)
    #expect(try pictures(ordered, 0..<20 * count) == expected)
    // Whatever was found unreadable before.
    let reversed = try maker(count, broken: broken)
    #expect(try pictures(reversed, (0..<20 * count).reversed()) == expected.reversed())
    #expect(ordered.pictures.skipped == reversed.pictures.skipped)
    #expect(ordered.pictures.skipped.map(\.path) == [1, 4, 5].map { folder["\($0).png"] })
  }

  @Test func noneThatCanBeReadIsAnError() throws {
    let maker = try maker(3, broken: [0, 1, 2])
    let first = SkippedPicture(
      path: folder["0.png"], reason: .unreadable(.noSuchFileOrDirectory))
    for index in [0, 100] {
      #expect(throws: CropSourceError.noPictures(tried: 3, first: first)) {
        try maker.crop(index) { false }
      }
    }
    #expect(maker.pictures.decodings == 3)
  }

  @Test func cancelledIsClosedWhateverCanBeRead() throws {
    for broken in [[], [0]] as [Set<Int>] {
      #expect(throws: CropSourceError.closed) { try maker(1, broken: broken).crop(0) { true } }
    }
  }
}
