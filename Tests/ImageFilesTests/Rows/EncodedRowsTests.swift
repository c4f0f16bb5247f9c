import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

struct EncodedRowsTests {
  @Test(arguments: ImageFormat.allCases) func writesWhatItReads(_ format: ImageFormat) throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("out")
    let image = try Image(reading: ImageFile.open(Fixture.decodable("444.jpg").path))
    let sink = try ImageFile.create(
      path, format: format, width: image.width, height: image.height, pixels: image.pixels,
      options: EncodingOptions(quality: 100))
    try image.write(to: sink)
    #expect(try folder.entries == [])
    try sink.finish()
    #expect(try folder.entries == ["out"])
    let source = try ImageFile.open(path)
    #expect(source.info.format == format)
    let difference = zip(try Image(reading: source).bytes, image.bytes)
      .map { abs(Int($0) - Int($1)) }
    #expect(try #require(difference.max()) <= (format == .png ? 0 : 3))
  }

  @Test(arguments: ["rgb_8.png", "rgba_8.png", "rgb_16.png", "rgba_16.png"])
  func pngKeepsEverySample(_ name: String) throws {
    let folder = try TemporaryFolder()
    let image = try Image(reading: ImageFile.open(Fixture.decodable(name).path))
    for compression in 0...9 {
      let path = folder.path.appending("\(compression).png")
      let sink = try ImageFile.create(
        path, format: .png, width: image.width, height: image.height, pixels: image.pixels,
        options: EncodingOptions(compression: compression))
      try image.write(to: sink)
      try sink.finish()
      #expect(try Image(reading: ImageFile.open(path)) == image)
    }
  }

  @Test func transparencyIsLaidOverWhiteInJPEG() throws {
    let folder = try TemporaryFolder()
    let path = folder.path.appending("out.jpg")
    // Black at every eighth of opacity, in tiles of 8×8 pixels, which JPEG keeps apart.
    var image = Image(
      width: 72, height: 8, pixels: PixelFormat(hasAlpha: true),
      bytes: [UInt8](repeating: 0, count: 72 * 8 * 4))
    for y in 0..<8 {
      for x in 0..<72 { image.bytes[(y * 72 + x) * 4 + 3] = UInt8(255 * (x / 8) / 8) }
    }
    let sink = try ImageFile.create(
      path, format: .jpeg, width: 72, height: 8, pixels: image.pixels,
      options: EncodingOptions(quality: 100))
    try image.write(to: sink)
    try sink.finish()
    let row = try Image(reading: ImageFile.open(path)).row(3)
    for x in 0..<72 {
      let expected = 255 - 255 * (x / 8) / 8
      #expect(abs(Int(row[row.startIndex + 3 * x]) - expected) <= 1)
    }
  }

  @Test func aSinkLetGoLeavesNothing() throws {
    let folder = try TemporaryFolder()
    do {
      let sink = try ImageFile.create(
        folder.path.appending("out.png"), format: .png, width: 1, height: 2,
        pixels: PixelFormat())
      try sink.writeRow([0, 0, 0].span)
    }
    #expect(try folder.entries == [])
  }

  @Test func whatIsThereStaysUnlessReplaced() throws {
    let folder = try TemporaryFolder()
    let path = try folder.file("out.png", holding: [1, 2, 3])
    func create(replacing: Bool) throws -> any RowSink {
      try ImageFile.create(
        path, format: .png, width: 1, height: 1, pixels: PixelFormat(), replacing: replacing)
    }
    let kept = try create(replacing: false)
    try kept.writeRow([9, 9, 9].span)
    #expect(throws: ImageFileError.exists) { try kept.finish() }
    #expect(try folder.bytes("out.png") == [1, 2, 3])
    let sink = try create(replacing: true)
    try sink.writeRow([9, 9, 9].span)
    #expect(try folder.bytes("out.png") == [1, 2, 3])
    try sink.finish()
    #expect(try Image(reading: ImageFile.open(path)).bytes == [9, 9, 9])
    #expect(try folder.entries == ["out.png"])
  }

  @Test func whatCanNotBeWrittenIsRefused() throws {
    let folder = try TemporaryFolder()
    func create(_ format: ImageFormat, _ width: Int, _ height: Int, _ pixels: PixelFormat) throws {
      _ = try ImageFile.create(
        folder.path.appending("out"), format: format, width: width, height: height,
        pixels: pixels)
    }
    let eight = PixelFormat()
    let sixteen = PixelFormat(depth: .sixteen)
    #expect(throws: ImageFileError.unfit(.jpeg, width: 65501, height: 1, maximumSide: 65500)) {
      try create(.jpeg, 65501, 1, eight)
    }
    #expect(throws: ImageFileError.unfit(.png, width: 0, height: 1, maximumSide: 0x7FFF_FFFF)) {
      try create(.png, 0, 1, eight)
    }
    #expect(throws: ImageFileError.sixteenBitJPEG) { try create(.jpeg, 1, 1, sixteen) }
    #expect(throws: ImageFileError.unwritable(.create, .noSuchFileOrDirectory)) {
      try ImageFile.create(
        "/nonexistent/out.png", format: .png, width: 1, height: 1, pixels: eight)
    }
    #expect(try folder.entries == [])
  }
}
