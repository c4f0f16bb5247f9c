import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

/// What the network sees of pictures in other spaces than sRGB, beside Little CMS through Pillow, and
/// what comes back. `Fixtures/make_colors.py` makes the pictures.
struct ColorSpaceTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ name: String, _ colors: SampleColors = .sRGB) throws -> any RowSource {
    try ImageFile.open(Fixture.path("colors/" + name), colors: colors)
  }

  @Test(
    arguments: [
      "rgb.png", "p3.png", "prophoto.png", "rec2020.png", "sampled.png", "linear.png", "tables.png",
      "scan.png", "gray.png", "padded.png", "gama_chrm.png", "gama_linear.png", "gama_absurd.png",
      "cicp_p3.png",
      "cicp_before_iccp.png", "cicp_2020.png", "srgb_before_gama.png", "cicp_narrow.png",
      "exif_r03.jpg", "exif_r98.jpg", "exif_2.jpg", "exif_uncalibrated.jpg", "inks.jpg",
    ])
  func theNetworkSeesSRGB(_ name: String) throws {
    let found = try Image(reading: open(name)).bytes
    let expected = try Fixture.bytes("colors/\(name).rows")
    #expect(found.count == expected.count)
    let worst = zip(found, expected).map { abs(Int($0) - Int($1)) }.max() ?? 255
    #expect(worst <= 1)
  }

  @Test(arguments: [("linear16.png", 2), ("pq16.png", 2), ("hlg16.png", 65_535)])
  func sixteenBitsKeepTheirDepth(_ name: String, _ tolerance: Int) throws {
    let found = try Image(reading: open(name))
    let expected = try Fixture.bytes("colors/\(name).rows")
    #expect(found.pixels.depth == .sixteen)
    let worst = (0..<expected.count / 2).map { index in
      abs(
        Int(found.bytes.span.sample(index, as: UInt16.self))
          - Int(expected.span.sample(index, as: UInt16.self)))
    }.max()
    #expect(try #require(worst) <= tolerance, "\(worst ?? 0)")
  }

  /// Writes what was read, as the colours in which it came.
  private func rewritten(
    _ name: String, _ format: ImageFormat, _ colors: SampleColors, _ policy: MetadataPolicy = .keep
  ) throws -> (path: FilePath, notes: [ImageNote]) {
    let source = try open(name, colors)
    let path = folder.path.appending("out")
    let depth: PixelFormat.Depth = format == .jpeg ? .eight : source.info.pixels.depth
    let image = try Image(reading: source).converted(to: depth)
    let options = EncodingOptions(quality: 100, metadata: policy)
    let sink = try ImageFile.create(
      path, format: format, width: image.width, height: image.height, pixels: image.pixels,
      options: options, metadata: source.metadata, colors: colors, replacing: true)
    try image.write(to: sink)
    try sink.finish()
    return (path, sink.notes)
  }

  /// The largest difference of samples, and the mean one, in levels of 255, of two files read as
  /// `colors`.
  private func difference(
    _ path: FilePath, _ name: String, _ colors: SampleColors
  ) throws -> (worst: Int, mean: Double) {
    let one = try Image(reading: ImageFile.open(path, colors: colors)).converted(to: .eight)
    let other = try Image(reading: open(name, colors)).converted(to: .eight)
    let differences = zip(one.bytes, other.bytes).map { abs(Int($0) - Int($1)) }
    return (differences.max() ?? 255, Double(differences.reduce(0, +)) / Double(one.bytes.count))
  }

  static let names = [
    "rgb.png", "p3.png", "prophoto.png", "rec2020.png", "sampled.png", "linear.png", "gray.png",
    "tables.png", "padded.png", "gama_chrm.png", "gama_linear.png", "cicp_p3.png", "cicp_2020.png",
    "cicp_before_iccp.png", "exif_r03.jpg", "exif_2.jpg", "inks.jpg", "linear16.png", "pq16.png",
    "hlg16.png",
  ]

  /// Colours within sRGB come back as they were, in every form that a file can say them in.
  @Test(arguments: names, [MetadataPolicy.keep, .strip])
  func whatIsInSRGBComesBack(_ name: String, _ policy: MetadataPolicy) throws {
    for format in ImageFormat.allCases {
      let (path, _) = try rewritten(name, format, .sRGB, policy)
      let (worst, mean) = try difference(path, name, .sRGB)
      // 8 bits are coarse in the shadows of linear light and of wide spaces, and so is JPEG; and the
      // tables can't say all that sRGB can.
      let isCoarse = format == .jpeg || name == "tables.png"
      #expect(mean <= (isCoarse ? 2.5 : 1), "\(format): \(mean)")
      #expect(worst <= (isCoarse ? 55 : 15), "\(format): \(worst)")
    }
  }

  /// A scanner's profile can't be painted in, but may stay where nothing is painted.
  @Test func withoutAWayBackColoursAreWrittenInSRGB() throws {
    let (painted, notes) = try rewritten("scan.png", .png, .sRGB)
    #expect(
      notes == [.changed("colours", "written in sRGB: the ICC profile has no way back")])
    #expect(try ImageFile.open(painted).metadata.iccProfile == nil)
    #expect(try difference(painted, "scan.png", .sRGB).worst == 0)
    let (untouched, none) = try rewritten("scan.png", .png, .stored)
    #expect(none == [])
    #expect(try ImageFile.open(untouched).metadata.iccProfile != nil)
    #expect(try difference(untouched, "scan.png", .stored).worst == 0)
  }

  @Test(arguments: names) func samplesThatArentPaintedAreUntouched(_ name: String) throws {
    let (path, _) = try rewritten(name, .png, .stored)
    #expect(try difference(path, name, .stored).worst == 0)
    #expect(try difference(path, name, .sRGB).worst <= 1)
  }
}
