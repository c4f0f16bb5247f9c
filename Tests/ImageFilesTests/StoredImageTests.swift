import Foundation
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

struct StoredImageTests {
  enum Place: CaseIterable {
    case memory, scratch
  }

  private func stored(
    _ info: ImageInfo, replacedBy widest: PixelFormat? = nil, in place: Place
  ) throws -> StoredImage {
    let byteCount = StoredImage.byteCount(
      width: info.width, height: info.height, pixels: info.pixels,
      replacedBy: widest ?? info.pixels)
    return try StoredImage(
      width: info.width, height: info.height, pixels: info.pixels,
      replacedBy: widest ?? info.pixels,
      scratch: place == .scratch
        ? ScratchFile(in: ScratchDirectory.standard(), byteCount: byteCount) : nil)
  }

  /// Of every kind, turned and interlaced ones among them, as reading row by row gives it.
  @Test(arguments: Fixture.decodable, Place.allCases)
  func picturesAreStoredAsTheyAreRead(_ fixture: Fixture, _ place: Place) throws {
    let source = try ImageFile.open(fixture.path)
    let image = try stored(source.info, in: place)
    #expect(try source.store(in: image) { _ in false })
    #expect(try Image(reading: StoredRows(image)).bytes == fixture.expected)
  }

  /// EXIF's eight, of a picture higher than a band of stored rows.
  @Test(arguments: Orientation.allCases, Place.allCases)
  func turnedPicturesAreStoredUpright(_ orientation: Orientation, _ place: Place) throws {
    let (width, height) = (5, 601)
    let bytes = (0..<width * height * 3).map { UInt8(truncatingIfNeeded: $0 &* 7919 >> 3) }
    let image = Image(width: width, height: height, pixels: PixelFormat(), bytes: bytes)
    func upright() -> UprightRows { UprightRows(ImageRows(image), orientation: orientation) }
    let expected = try Image(reading: upright())
    let source = upright()
    let found = try stored(source.info, in: place)
    var asked: [Int] = []
    #expect(
      try source.store(in: found) {
        asked.append($0)
        return false
      })
    #expect(asked == Array(0..<height))
    #expect(try Image(reading: StoredRows(found)) == expected)
  }

  /// To the system, not to a heap that keeps it.
  @Test func memoryGoesBackWithThePicture() throws {
    // Mapped, not touched; other tests map less.
    var image: StoredImage? = try stored(
      ImageInfo(format: .png, width: 20_000, height: 16_384, pixels: PixelFormat()), in: .memory)
    let mapped = try withExtendedLifetime(image) { try mappedBytes() }
    image = nil
    #expect(try mappedBytes() < mapped - 1 << 29)
  }

  /// A turned picture is held but once: beside it there is a band.
  @Test func turningTakesNoSecondPicture() {
    let image = Image(
      width: 40, height: 3000, pixels: PixelFormat(),
      bytes: [UInt8](repeating: 1, count: 40 * 3000 * 3))
    let rows = UprightRows(ImageRows(image), orientation: .rightTop)
    #expect(rows.info.heldBytes >= 2 * 40 * 3000 * 3)
    #expect(rows.storingBytes < rows.info.heldBytes - 40 * 2500 * 3)
  }

  /// All that is read: rows one by one where they are only mirrored, else a band and a line of it,
  /// beside what the decoder holds.
  @Test(arguments: Orientation.allCases)
  func storingBytesAreThoseOfItsBuffers(_ orientation: Orientation) throws {
    let image = Image(
      width: 40, height: 300, pixels: PixelFormat(),
      bytes: [UInt8](repeating: 1, count: 40 * 300 * 3))
    let rows = UprightRows(ImageRows(image), orientation: orientation)
    let band = orientation.keepsRows ? 1 : 256
    let line = orientation.swapsSides ? band : 40
    #expect(rows.storingBytes == image.bytes.count + band * 40 * 3 + line * 3)
    let stored = try stored(rows.info, in: .memory)
    #expect(try !rows.store(in: stored) { $0 == 5 })
    // What was read and is in no buffer is in the picture.
    let (x, y) = orientation.upright(x: 0, y: 4, width: 40, height: 300)
    var row = [UInt8](repeating: 0, count: stored.bytesPerRow)
    try stored.readRow(y, into: &row)
    #expect(row[3 * x] == (orientation.keepsRows ? 1 : 0))
  }

  @Test(arguments: [Orientation.upright, .bottomLeft])
  func storingEndsWhereItIsCancelled(_ orientation: Orientation) throws {
    let image = Image(width: 2, height: 9, pixels: PixelFormat(), bytes: Array(0..<54))
    let source = UprightRows(ImageRows(image), orientation: orientation)
    let stored = try stored(source.info, in: .memory)
    #expect(try !source.store(in: stored) { $0 == 5 })
  }

  /// 8-bit rows in the places of 16-bit ones, and the other way round.
  @Test(arguments: Place.allCases, [PixelFormat.Depth.eight, .sixteen])
  func rowsMakeWayForOthers(_ place: Place, _ depth: PixelFormat.Depth) throws {
    let (before, after) = (
      PixelFormat(depth: depth), PixelFormat(depth: depth == .eight ? .sixteen : .eight)
    )
    let info = ImageInfo(format: .png, width: 3, height: 4, pixels: before)
    let image = try stored(info, replacedBy: after, in: place)
    func row(_ y: Int, _ pixels: PixelFormat) -> [UInt8] {
      [UInt8](repeating: UInt8(10 * y + pixels.bytesPerSample), count: pixels.bytesPerRow(width: 3))
    }
    for y in 0..<4 { try image.writeRow(y, row(y, before).span) }
    for y in 0..<4 {
      var read = [UInt8](repeating: 0, count: info.bytesPerRow)
      try image.readRow(y, into: &read)
      #expect(read == row(y, before))
      try image.withRow(y) { bytes in #expect(bytes.indices.map { bytes[$0] } == read) }
      try image.replaceRow(y, by: after) { target in target.copy(row(y, after).span) }
    }
    #expect(image.pixels == before)
    image.finishReplacing(by: after)
    #expect(image.pixels == after)
    let expected = (0..<4).flatMap { row($0, after) }
    let rows = StoredRows(image)
    #expect(try Image(reading: rows).bytes == expected)
    rows.restart()
    #expect(try Image(reading: rows).bytes == expected)
  }
}
