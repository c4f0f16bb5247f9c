import Foundation
import SystemPackage
import Testing

@testable import ImageFiles

struct ImageFileTests {
  @Test func theListOfFixturesIsThere() { #expect(Fixture.decodable.count > 100) }

  @Test(arguments: Fixture.decodable) func decodesToTheExpectedSamples(_ fixture: Fixture) throws {
    let source = try ImageFile.open(fixture.path)
    let image = try Image(reading: source)
    #expect(image.width == fixture.width)
    #expect(image.height == fixture.height)
    #expect(image.pixels == fixture.pixels)
    #expect(try image.bytes == fixture.expected)
  }

  @Test(arguments: Fixture.decodable) func startsAgainFromAnyRow(_ fixture: Fixture) throws {
    let source = try ImageFile.open(fixture.path)
    let bytesPerRow = source.info.bytesPerRow
    let row = UnsafeMutableRawBufferPointer.allocate(byteCount: bytesPerRow, alignment: 16)
    defer { row.deallocate() }
    for count in [0, 1, fixture.height / 2, fixture.height] {
      for _ in 0..<count { try source.readRow(into: row) }
      try source.restart()
      let image = try Image(reading: source)
      #expect(try image.bytes == fixture.expected)
      try source.restart()
    }
  }

  @Test(arguments: refusals) func refusesByPayload(
    _ name: String, _ expected: ImageFileError
  ) throws {
    #expect(throws: expected) {
      _ = try Image(reading: ImageFile.open(Fixture.path("refused/" + name)))
    }
  }

  @Test(arguments: refusals) func aFailedSourceFailsAgain(
    _ name: String, _ expected: ImageFileError
  ) throws {
    guard let source = try? ImageFile.open(Fixture.path("refused/" + name)) else { return }
    for _ in 0..<2 {
      #expect(throws: expected) { _ = try Image(reading: source) }
      let row = UnsafeMutableRawBufferPointer.allocate(
        byteCount: source.info.bytesPerRow, alignment: 16)
      defer { row.deallocate() }
      if source.info.orientation == .upright {
        #expect(throws: expected) { try source.readRow(into: row) }
      }
      try source.restart()
    }
  }

  @Test func everyRefusedFixtureIsInTheTable() throws {
    let names = try FileManager.default
      .contentsOfDirectory(atPath: Fixture.path("refused").string)
    #expect(Set(names) == Set(Self.refusals.map(\.0)))
  }

  static let refusals: [(String, ImageFileError)] = [
    ("empty.png", .empty),
    ("text.jpg", .unknownFormat([0x54, 0x68, 0x69, 0x73, 0x20, 0x69, 0x73, 0x20])),
    ("gif.png", .unknownFormat([0x47, 0x49, 0x46, 0x38, 0x39, 0x61, 1, 0])),
    ("short.png", .unknownFormat([0x89, 0x50, 0x4E, 0x47, 0x0D])),

    ("signature_only.png", .damaged("the file ends too early")),
    ("truncated_in_IHDR.png", .damaged("the file ends too early")),
    ("truncated_in_IDAT.png", .damaged("the file ends too early")),
    ("truncated_in_IDAT_interlaced.png", .damaged("the file ends too early")),
    ("no_IEND.png", .damaged("the file ends too early")),
    ("no_IDAT.png", .damaged("IEND: out of place")),
    ("wrong_CRC_in_IHDR.png", .damaged("IHDR: CRC error")),
    ("wrong_CRC_in_IDAT.png", .damaged("IDAT: CRC error")),
    ("wrong_Adler_in_IDAT.png", .damaged("IDAT: incorrect data check")),
    ("too_few_rows.png", .damaged("Not enough image data")),
    ("bad_filter.png", .damaged("bad adaptive filter value")),
    ("unknown_critical_chunk.png", .damaged("ABCD: unhandled critical chunk")),
    ("palette_missing.png", .damaged("IDAT: Missing PLTE before IDAT")),
    ("bad_bit_depth.png", .damaged("Invalid IHDR data")),
    ("zero_width.png", .damaged("Invalid IHDR data")),
    ("zero_height.png", .damaged("Invalid IHDR data")),
    ("65501x1.png", .tooLong(width: 65501, height: 1, maximumSide: 65500)),
    ("1x65501.png", .tooLong(width: 1, height: 65501, maximumSide: 65500)),
    (
      "2147483647x2147483647.png",
      .tooLong(width: 0x7FFF_FFFF, height: 0x7FFF_FFFF, maximumSide: 65500)
    ),
    ("4294967295x1.png", .tooLong(width: 0xFFFF_FFFF, height: 1, maximumSide: 65500)),
    (
      "20000x20000.png",
      .tooManyPixels(width: 20000, height: 20000, maximumPixels: 268_402_689)
    ),

    ("signature_only.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_in_header.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_before_scan.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_in_scan.jpg", .damaged("Premature end of JPEG file")),
    ("truncated_progressive.jpg", .damaged("Premature end of JPEG file")),
    ("no_EOI.jpg", .damaged("Premature end of JPEG file")),
    ("marker_in_scan.jpg", .damaged("Corrupt JPEG data: premature end of data segment")),
    ("bytes_zeroed_in_scan.jpg", .damaged("Corrupt JPEG data: premature end of data segment")),
    ("no_quantization_table.jpg", .damaged("Quantization table 0x00 was not defined")),
    ("zero_height.jpg", .damaged("Empty JPEG image (DNL not supported)")),
    ("lossless.jpg", .unsupported(.losslessJPEG)),
    ("lossless_arithmetic.jpg", .unsupported(.losslessJPEG)),
    ("hierarchical.jpg", .unsupported(.hierarchicalJPEG)),
    ("12_bits.jpg", .unsupported(.jpegDepth(bits: 12))),
    ("two_components.jpg", .unsupported(.jpegComponents(2))),
    ("103_scans.jpg", .tooManyScans(maximum: 100)),
    ("65535x65535.jpg", .tooLong(width: 65535, height: 65535, maximumSide: 65500)),
    (
      "20000x20000.jpg",
      .tooManyPixels(width: 20000, height: 20000, maximumPixels: 268_402_689)
    ),
  ]

  @Test func missingFilesAndFoldersAreUnreadable() throws {
    #expect(throws: ImageFileError.unreadable(.noSuchFileOrDirectory)) {
      try ImageFile.open("/nonexistent.png")
    }
    #expect(throws: ImageFileError.unreadable(.isDirectory)) { try ImageFile.open("/tmp") }
  }

  @Test func limitsAreTheCallers() throws {
    let path = try Fixture.decodable("444.jpg").path
    #expect(throws: ImageFileError.tooLong(width: 29, height: 19, maximumSide: 28)) {
      try ImageFile.open(path, limits: ImageLimits(maximumSide: 28))
    }
    #expect(throws: ImageFileError.tooManyPixels(width: 29, height: 19, maximumPixels: 550)) {
      try ImageFile.open(path, limits: ImageLimits(maximumPixels: 550))
    }
    _ = try ImageFile.open(path, limits: ImageLimits(maximumPixels: 551, maximumSide: 29))
  }

  @Test func pipesAreReadToo() throws {
    let fixture = try Fixture.decodable("rgb_8.png")
    let ends = try FileDescriptor.pipe()
    try ends.writeEnd.closeAfter { _ = try ends.writeEnd.writeAll(Fixture.bytes(fixture.name)) }
    let source = try ImageFile.open(owning: ends.readEnd)
    _ = try Image(reading: source)
    try source.restart()
    #expect(try Image(reading: source).bytes == fixture.expected)
  }

  @Test func pipesOfOtherThingsAreRefused() throws {
    for bytes in [[], [1, 2, 3], [UInt8](repeating: 7, count: 1000)] {
      let ends = try FileDescriptor.pipe()
      try ends.writeEnd.closeAfter { _ = try ends.writeEnd.writeAll(bytes) }
      let expected: ImageFileError =
        bytes.isEmpty ? .empty : .unknownFormat(Array(bytes.prefix(8)))
      #expect(throws: expected) { try ImageFile.open(owning: ends.readEnd) }
    }
    #expect(throws: ImageFileError.unknownFormat([UInt8](repeating: 0, count: 8))) {
      try ImageFile.open("/dev/zero")
    }
  }

  @Test func aFileThatChangesMeanwhileIsTold() throws {
    let folder = try TemporaryFolder()
    let small = try Fixture.bytes("decodes/rgb_8_1x7.png")
    let large = try Fixture.bytes("decodes/rgb_8.png")
    let source = try ImageFile.open(folder.file("x", holding: large))
    _ = try Image(reading: source)
    // In place: a file that is replaced goes on under its descriptor.
    let file = try FileDescriptor.open(folder.path.appending("x"), .writeOnly)
    try file.closeAfter { _ = try file.writeAll(small) }
    #expect(throws: ImageFileError.changed) { try source.restart() }
  }

  @Test func heldBytesAreThoseOfThePicture() throws {
    func held(_ name: String) throws -> Int {
      try ImageFile.open(Fixture.decodable(name).path).info.heldBytes
    }
    #expect(try held("rgb_8.png") == 0)
    #expect(try held("444.jpg") == 0)
    #expect(try held("orientation_2.jpg") == 0)
    #expect(try held("rgb_8_interlaced.png") == 13 * 9 * 3)
    #expect(try held("orientation_6.jpg") == 29 * 19 * 3)
    // 4×3 MCUs of three blocks of 64 coefficients of two bytes.
    #expect(try held("progressive.jpg") == 4 * 3 * 3 * 64 * 2)
    // 2×2 MCUs of 4 + 1 + 1 blocks.
    #expect(try held("progressive_420.jpg") == 2 * 2 * 6 * 64 * 2)
  }

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
      try [UInt8](repeating: 0, count: 3).withUnsafeBytes { try sink.writeRow($0) }
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
    #expect(throws: ImageFileError.exists) { try create(replacing: false) }
    #expect(try folder.bytes("out.png") == [1, 2, 3])
    let sink = try create(replacing: true)
    try [UInt8](repeating: 9, count: 3).withUnsafeBytes { try sink.writeRow($0) }
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
