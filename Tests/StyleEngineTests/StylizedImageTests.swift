import ImageFiles
import Layers
import TestSupport
import Testing

@testable import StyleEngine

@Suite struct StylizedImageTests {
  /// What the network sees of a photograph, `[H][W][3]`.
  private func seen(_ photograph: Image) throws -> [Float] {
    let image = try StylizedImage(
      StoredImage(photograph), Stylization(normalization: .instance))
    let picture = image.picture
    #expect(picture.width == photograph.width && picture.height == photograph.height)
    var rows: [Float] = []
    try withExtendedLifetime(image) {
      for y in 0..<photograph.height {
        var row = [Float](repeating: .nan, count: 3 * photograph.width)
        var samples = row.mutableSpan
        try picture.readRow(y, &samples)
        rows += row
      }
    }
    return rows
  }

  /// The picture that comes of `rows`, `[H][W][3]`.
  private func written(
    _ rows: [Float], over photograph: Image, strength: Float = 1, keepsColor: Bool = false,
    depth: PixelFormat.Depth = .eight
  ) throws -> Image {
    let stored = try StoredImage(photograph, depth: depth)
    let image = try StylizedImage(
      stored, Stylization(normalization: .instance, strength: strength, keepsColor: keepsColor),
      result: PixelFormat(hasAlpha: photograph.pixels.hasAlpha, depth: depth))
    let picture = image.picture
    let count = 3 * photograph.width
    for y in 0..<photograph.height {
      try picture.writeRow(y, Array(rows[y * count..<(y + 1) * count]).span)
    }
    return try withExtendedLifetime(image) { try Image(stored) }
  }

  private func image(_ bytes: [UInt8], hasAlpha: Bool = false) -> Image {
    let pixels = PixelFormat(hasAlpha: hasAlpha)
    return Image(width: bytes.count / pixels.channels, height: 1, pixels: pixels, bytes: bytes)
  }

  @Test func networkSeesSamplesAsTheyAre() throws {
    let photograph = Image(randomWidth: 5, height: 3)
    #expect(try seen(photograph) == photograph.bytes.map { Float($0) })
  }

  /// Not 16 bits cut to 8: 65535 is 255 and 1 is 1/257.
  @Test func networkSeesSixteenBitsInFull() throws {
    let samples: [UInt16] = [0, 1, 256, 257, 32_768, 65_535]
    let photograph = Image(width: 2, height: 1, hasAlpha: false, sixteenBit: samples)
    #expect(try seen(photograph) == samples.map { Float($0) / 257 })
    #expect(try seen(photograph).last == 255)
  }

  @Test func resultsAreClampedAndRounded() throws {
    let photograph = image([UInt8](repeating: 9, count: 12))
    let rows: [Float] = [-20, -0.4, 0.49, 0.5, 1.5, 127.49, 127.5, 254.4, 254.5, 255.4, 300, 1e30]
    let expected: [UInt8] = [0, 0, 0, 1, 2, 127, 128, 254, 255, 255, 255, 255]
    #expect(try written(rows, over: photograph).bytes == expected)
  }

  /// Mixed first and clamped and rounded once: 0.5 · 300 + 0.5 · 100 is 200, not 178.
  @Test func strengthMixesBeforeClampingAndRounding() throws {
    let photograph = image([100, 50, 255, 0, 10, 200])
    let found = try written([300, 101, -100, -1, 11, 200], over: photograph, strength: 0.5)
    #expect(found.bytes == [200, 76, 78, 0, 11, 200])
  }

  /// Cb and Cr within the rounding of three samples, Y that of the result.
  @Test func keepingColourChangesLightnessAlone() throws {
    let photograph = image([120, 90, 150, 60, 140, 100])
    let rows: [Float] = [200, 30, 110, 90, 160, 40]
    let found = try written(rows, over: photograph, keepsColor: true).bytes.map { Float($0) }
    let before = photograph.bytes.map { Float($0) }
    for pixel in [0, 3] {
      func lightness(_ samples: [Float]) -> Float {
        0.299 * samples[pixel] + 0.587 * samples[pixel + 1] + 0.114 * samples[pixel + 2]
      }
      #expect(abs(lightness(found) - lightness(rows)) <= 0.5)
      // Cb and Cr are multiples of B − Y and R − Y.
      for channel in [0, 2] {
        let kept = before[pixel + channel] - lightness(before)
        #expect(abs(found[pixel + channel] - lightness(found) - kept) <= 1)
      }
    }
  }

  @Test func alphaIsKeptSampleForSample() throws {
    let photograph = Image(randomWidth: 7, height: 5, hasAlpha: true)
    let rows = [Float](repeating: 33, count: 7 * 5 * 3)
    let found = try written(rows, over: photograph)
    #expect(found.pixels == photograph.pixels)
    for index in found.bytes.indices {
      #expect(found.bytes[index] == (index % 4 == 3 ? photograph.bytes[index] : 33))
    }
  }

  /// As 8 bits, rounded: the result has no more.
  @Test func sixteenBitAlphaIsKept() throws {
    let alphas: [UInt16] = [0, 128, 129, 257, 32_768, 65_406, 65_407, 65_535]
    let photograph = Image(
      width: 8, height: 1, hasAlpha: true, sixteenBit: alphas.flatMap { [1000, 2000, 3000, $0] })
    let found = try written([Float](repeating: 33, count: 24), over: photograph)
    #expect(found.pixels == PixelFormat(hasAlpha: true))
    let expected = alphas.map { UInt8((Double($0) / 257).rounded()) }
    #expect(stride(from: 3, to: 32, by: 4).map { found.bytes[$0] } == expected)
  }

  /// Rows become longer in their places.
  @Test(arguments: [false, true])
  func eightBitsBecomeSixteen(_ hasAlpha: Bool) throws {
    let photograph = Image(randomWidth: 5, height: 4, hasAlpha: hasAlpha)
    let rows = (0..<5 * 4 * 3).map { Float($0) + 0.25 }
    let found = try written(rows, over: photograph, depth: .sixteen)
    #expect(found.pixels == PixelFormat(hasAlpha: hasAlpha, depth: .sixteen))
    let samples = found.bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
    let channels = photograph.pixels.channels
    for (pixel, color) in stride(from: 0, to: samples.count, by: channels).enumerated() {
      for channel in 0..<3 {
        #expect(samples[color + channel] == UInt16((rows[3 * pixel + channel] * 257).rounded()))
      }
      if hasAlpha { #expect(samples[color + 3] == UInt16(photograph.bytes[color + 3]) * 257) }
    }
  }

  /// Whatever stands where nothing is visible, the network sees the mean of what is.
  @Test func hiddenColourDoesNotBleed() throws {
    let visible: [UInt8] = [10, 20, 30, 255, 40, 80, 120, 85]
    let black = image(visible + [0, 0, 0, 0], hasAlpha: true)
    let magenta = image(visible + [255, 0, 255, 0], hasAlpha: true)
    let found = try seen(magenta)
    #expect(try seen(black) == found)
    #expect(found == [10, 20, 30, 40, 80, 120, 17.5, 35, 52.5])
    let rows: [Float] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    #expect(
      try written(rows, over: black, strength: 0.5).bytes.prefix(8)
        == written(rows, over: magenta, strength: 0.5).bytes.prefix(8))
  }

  @Test func whollyHiddenPictureIsSeenGray() throws {
    let photograph = image([9, 200, 3, 0, 7, 7, 255, 0], hasAlpha: true)
    #expect(try seen(photograph) == [Float](repeating: 127.5, count: 6))
  }
}
