import Dispatch
import ImageFiles
import SystemPackage
import TestSupport
import Testing

@testable import StyleTraining

@Suite(.deadline(minutes: 2)) struct DecodedPicturesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func decoded(_ names: [String], byteLimit: Int = .max) -> DecodedPictures {
    DecodedPictures(
      names.map { folder[$0] }, side: 16, limits: ImageLimits(), byteLimit: byteLimit)
  }

  @Test func aLargePictureIsShrunkToItsFrame() throws {
    let image = Image(randomWidth: 90, height: 60)
    try image.write(folder["large.png"])
    let found = try #require(decoded(["large.png"]).picture(0) { false })
    #expect(try found == Image(reading: ResizedRows(ImageRows(image), width: 30, height: 20)))
  }

  @Test(arguments: [(30, 20), (20, 20), (19, 200), (1, 1)])
  func oneThatIsNoLargerIsAsItIs(_ width: Int, _ height: Int) throws {
    let image = Image(randomWidth: width, height: height)
    try image.write(folder["small.png"])
    #expect(decoded(["small.png"]).picture(0) { false } == image)
  }

  @Test func sixteenBitsBecomeEight() throws {
    let samples = [0, 65_535, 257, 12_850, 12_978, 12_979] as [UInt16]
    try Image(width: 2, height: 1, hasAlpha: false, sixteenBit: samples).write(folder["16.png"])
    let found = try #require(decoded(["16.png"]).picture(0) { false })
    #expect(found.bytes == [0, 255, 1, 50, 50, 51] && found.pixels == PixelFormat())
  }

  @Test func coloursAreAsTheyAreButWhereNothingIsSeen() throws {
    let bytes = [10, 20, 30, 255, 40, 50, 60, 1, 70, 80, 90, 0] as [UInt8]
    let pixels = PixelFormat(hasAlpha: true)
    try Image(width: 3, height: 1, pixels: pixels, bytes: bytes).write(folder["alpha.png"])
    let found = try #require(decoded(["alpha.png"]).picture(0) { false })
    #expect(found.bytes == [10, 20, 30, 40, 50, 60, 255, 255, 255])
    #expect(found.pixels == PixelFormat())
  }

  @Test func whatIsKeptIsDecodedOnceWhoeverAsks() throws {
    try Image(randomWidth: 400, height: 300).write(folder["a.png"])
    let pictures = decoded(["a.png"])
    DispatchQueue.concurrentPerform(iterations: 8) { _ in
      #expect(pictures.picture(0) { false } != nil)
    }
    #expect(pictures.decodings == 1)
  }

  /// Of ten pictures of 27 bytes three are kept.
  @Test func noMoreIsKeptThanThereIsRoomFor() throws {
    let names = (0..<10).map { "\($0).png" }
    for name in names { try Image(randomWidth: 3, height: 3).write(folder[name]) }
    let pictures = decoded(names, byteLimit: 100)
    for _ in 0..<2 {
      for number in names.indices { #expect(pictures.picture(number) { false } != nil) }
    }
    #expect(pictures.keptBytes == 81)
    #expect(pictures.decodings == 10 + 7)
  }

  @Test func whatCantBeReadIsTriedOnceAndTold() throws {
    try Image(randomWidth: 64, height: 64).write(folder["whole.jpg"], as: .jpeg)
    try Image(randomWidth: 64, height: 64).write(folder["whole.png"])
    for name in ["jpg", "png"] {
      let bytes = try folder.bytes("whole.\(name)")
      try folder.file("half.\(name)", holding: Array(bytes.prefix(bytes.count / 2)))
    }
    try folder.file("empty.png")
    try folder.file("text.png", holding: "a picture")
    let names = ["none.png", "half.jpg", "whole.png", "half.png", "empty.png", "text.png"]
    let pictures = decoded(names)
    for number in [5, 4, 3, 2, 1, 0, 0, 1, 2, 3, 4, 5] {
      #expect((pictures.picture(number) { false } == nil) == (number != 2))
    }
    #expect(pictures.decodings == 6)
    let skipped = pictures.skipped
    #expect(skipped.map(\.path) == [0, 1, 3, 4, 5].map { folder[names[$0]] })
    #expect(skipped[0].reason == .unreadable(.noSuchFileOrDirectory))
    #expect(skipped[3].reason == .empty)
    #expect(skipped[4].reason == .unknownFormat(Array("a pictur".utf8)))
    for index in [1, 2] {
      guard case .damaged = skipped[index].reason else {
        Issue.record("\(skipped[index])")
        continue
      }
    }
  }

  @Test func limitsHold() throws {
    try Image(randomWidth: 20, height: 10).write(folder["a.png"])
    let pictures = DecodedPictures(
      [folder["a.png"]], side: 16, limits: ImageLimits(maximumPixels: 199), byteLimit: .max)
    #expect(pictures.picture(0) { false } == nil)
    #expect(
      pictures.skipped.map(\.reason) == [.tooManyPixels(width: 20, height: 10, maximumPixels: 199)])
  }

  @Test func oneThatWasCancelledIsNotSkippedAndCanBeReadLater() throws {
    try Image(randomWidth: 20, height: 20).write(folder["a.png"])
    let pictures = decoded(["a.png"])
    var rows = 0
    let cancelled = pictures.picture(0) {
      rows += 1
      return rows == 5
    }
    #expect(cancelled == nil && rows == 5)
    #expect(pictures.skipped.isEmpty)
    #expect(pictures.picture(0) { false } != nil)
  }
}
