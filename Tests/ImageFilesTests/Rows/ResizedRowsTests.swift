import Testing

@testable import ImageFiles

struct ResizedRowsTests {
  /// By the script, in Pillow's floats.
  static let sizes = [
    (47, 31), (20, 13), (46, 30), (1, 1), (5, 31), (47, 4), (94, 62), (100, 7),
  ]

  @Test(arguments: ["rgb_8", "rgba_8", "rgb_16", "rgba_16"], sizes)
  func isPillowsLanczos(_ name: String, _ size: (width: Int, height: Int)) throws {
    let source = try ImageFile.open(Fixture.path("resized/\(name).png"))
    let image = try Image(
      reading: ResizedRows(source, width: size.width, height: size.height))
    let expected = try Fixture.bytes("resized/\(name)_\(size.width)x\(size.height).rows")
    #expect(image.width == size.width && image.height == size.height)
    // Floats summed in another order: a half may round the other way, and 16 bits show more of it.
    let difference = largestDifference(image.bytes, expected, depth: image.pixels.depth)
    #expect(difference <= (image.pixels.depth == .eight ? 1 : 2))
  }

  @Test(arguments: ["rgb_8", "rgba_8", "rgb_16", "rgba_16"])
  func theSameSizeIsTheSamePicture(_ name: String) throws {
    let path = Fixture.path("resized/\(name).png")
    let image = try Image(reading: ImageFile.open(path))
    let same = try Image(
      reading: ResizedRows(ImageFile.open(path), width: image.width, height: image.height))
    let size = image.pixels.bytesPerPixel
    for pixel in stride(from: 0, to: image.bytes.count, by: size) {
      let (old, new) = (image.bytes[pixel..<pixel + size], same.bytes[pixel..<pixel + size])
      let alpha = old.suffix(image.pixels.bytesPerSample)
      let isSeen = !image.pixels.hasAlpha || alpha.contains { $0 > 0 }
      #expect(isSeen ? new == old : new.allSatisfy { $0 == 0 })
    }
  }

  @Test func coloursThatAreNotSeenDoNotBleed() throws {
    let (width, height) = (30, 20)
    var image = Image(
      width: width, height: height, pixels: PixelFormat(hasAlpha: true),
      bytes: (0..<width * height * 4).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 9) })
    for pixel in stride(from: 0, to: width * height, by: 3) { image.bytes[4 * pixel + 3] = 0 }
    var other = image
    for pixel in stride(from: 0, to: width * height, by: 3) {
      for channel in 0..<3 { other.bytes[4 * pixel + channel] ^= 0xFF }
    }
    func small(_ image: Image) throws -> Image {
      try Image(reading: ResizedRows(ImageRows(image), width: 11, height: 9))
    }
    #expect(try small(image) == small(other))
  }

  @Test func aPictureOfOneColourStaysSo() throws {
    let pixels = PixelFormat(hasAlpha: true)
    let image = Image(
      width: 17, height: 23, pixels: pixels,
      bytes: (0..<17 * 23).flatMap { _ in [10, 200, 255, 128] as [UInt8] })
    for (width, height) in [(5, 5), (16, 22), (40, 3), (1, 100)] {
      let result = try Image(reading: ResizedRows(ImageRows(image), width: width, height: height))
      #expect(
        result.bytes == (0..<width * height).flatMap { _ in [10, 200, 255, 128] as [UInt8] })
    }
  }

  @Test func startsAgain() throws {
    let source = ResizedRows(
      try ImageFile.open(Fixture.path("resized/rgb_8.png")), width: 20, height: 13)
    let first = try Image(reading: source)
    try source.restart()
    #expect(try Image(reading: source) == first)
  }

  @Test(arguments: [
    (400, 300, 100, 100, 75), (300, 400, 100, 75, 100), (400, 300, 400, 400, 300),
    (400, 300, 1000, 400, 300), (1000, 1, 10, 10, 1), (3, 2, 2, 2, 1), (7, 7, 3, 3, 3),
  ])
  func sizesFit(_ width: Int, _ height: Int, _ maximum: Int, _ w: Int, _ h: Int) {
    let size = ResizedRows.size(width: width, height: height, maximumSide: maximum)
    #expect(size.width == w && size.height == h)
  }

  private func largestDifference(
    _ a: [UInt8], _ b: [UInt8], depth: PixelFormat.Depth
  ) -> Int {
    guard a.count == b.count else { return .max }
    if depth == .eight { return zip(a, b).map { abs(Int($0) - Int($1)) }.max() ?? 0 }
    func sample(_ bytes: [UInt8], _ index: Int) -> Int {
      Int(bytes[2 * index]) | Int(bytes[2 * index + 1]) << 8
    }
    return (0..<a.count / 2).map { abs(sample(a, $0) - sample(b, $0)) }.max() ?? 0
  }
}
