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
    var row = [UInt8](repeating: 0, count: source.info.bytesPerRow)
    let expected = try fixture.expected
    for count in [0, 1, fixture.height / 2, fixture.height] {
      for _ in 0..<count { try source.readRow(into: &row) }
      try source.restart()
      #expect(try Image(reading: source).bytes == expected)
      try source.restart()
    }
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

  /// As a file of the picture holds them.
  @Test(arguments: [ImageFormat.png, .jpeg])
  func encodedBytesAreThoseOfAFile(_ format: ImageFormat) throws {
    let image = Image(
      width: 21, height: 9, pixels: PixelFormat(), bytes: (0..<567).map { UInt8($0 % 251) })
    let path = FilePath(NSTemporaryDirectory()).appending("encoded-\(UUID().uuidString)")
    defer { try? FileManager.default.removeItem(atPath: path.string) }
    let sink = try ImageFile.create(
      path, format: format, width: 21, height: 9, pixels: image.pixels)
    try image.write(to: sink)
    try sink.finish()
    let bytes = try ImageFile.encoded(image, as: format)
    #expect(try Data(contentsOf: URL(fileURLWithPath: path.string)).elementsEqual(bytes))
  }
}
