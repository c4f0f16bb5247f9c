import CImageCodecs
import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

/// Files of which some bytes are others, cut short or put together wrongly: they are read or refused
/// with a reason, and what is read is as large as it says.
struct MutationTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  @Test(
    arguments: [
      "rgb_8.png", "rgba_16_interlaced.png", "palette_2_tRNS.png", "444.jpg", "progressive_420.jpg",
      "arithmetic_progressive.jpg", "orientation_6.jpg", "cmyk.jpg",
    ], DamagePolicy.allCases)
  func pictures(_ name: String, _ damaged: DamagePolicy) throws {
    let bytes = try Fixture.bytes("decodes/" + name)
    var read = 0
    for mutation in Mutations(of: bytes, seed: 1).some(80) {
      if try isRead(mutation, damaged) { read += 1 }
    }
    #expect(read > 0 || damaged == .fail)
  }

  /// The chunks' checks are right, so that what is in them is looked at.
  @Test(arguments: ["broken_chunks.png", "sRGB.png", "gray_profile.png", "small.png"])
  func chunks(_ name: String) throws {
    let bytes = try name == "small.png" ? file(.png) : Fixture.bytes("metadata/" + name)
    for mutation in Mutations(of: bytes, seed: 2).some(200) {
      _ = try isRead(sealed(mutation), .keep)
    }
  }

  @Test(arguments: ["exif_with_broken_entries.jpg", "gray_profile.jpg", "small.jpg"])
  func markers(_ name: String) throws {
    let bytes = try name == "small.jpg" ? file(.jpeg) : Fixture.bytes("metadata/" + name)
    for mutation in Mutations(of: bytes, seed: 3).some(200) {
      _ = try isRead(mutation, .keep)
    }
  }

  @Test(arguments: ["everything.jpg", "everything.png", "exif_with_broken_entries.jpg"])
  func exif(_ name: String) throws {
    let bytes = try #require(ImageFile.open(Fixture.path("metadata/" + name)).metadata.exif)
    for mutation in Mutations(of: bytes, seed: 4).some(1000) {
      var notes: [ImageNote] = []
      guard let mended = EXIF.mended(mutation, change, notes: &notes) else {
        #expect(notes.count == 1)
        continue
      }
      #expect(mended.count <= mutation.count)
      #expect([nil, .upright].contains(EXIF.orientation(of: mended)))
    }
  }

  private let change = PictureChange(
    before: .init(width: 3, height: 70_000), after: .init(width: 70_000, height: 3),
    hasOrientation: true, isTurned: true)

  @Test func xmp() throws {
    var notes: [ImageNote] = []
    let bytes = try #require(ImageFile.open(Fixture.path("metadata/everything.png")).metadata.xmp)
    for mutation in Mutations(of: bytes, seed: 5).some(1000) {
      let mended = XMP.mended(mutation, change, notes: &notes)
      #expect((mended?.count ?? 0) <= 2 * mutation.count)
      _ = mended.map(XMPPacket.init)?.merged(with: mutation)
    }
  }

  @Test func profiles() throws {
    for name in ["rgb.icc", "tables.icc", "inks.icc", "gray.icc"] {
      let bytes = try Fixture.bytes("colors/" + name)
      for mutation in Mutations(of: bytes, seed: 6).some(40) {
        var metadata = ImageMetadata()
        for samples in [ImageMetadata.StoredSamples.rgb, .gray, .cmyk] {
          metadata.iccProfile = mutation
          var notes: [ImageNote] = []
          let inks = metadata.resolveProfile(for: samples, notes: &notes)
          var row = [UInt8](0..<24)
          var span = row.mutableSpan
          ColorTransform.between(metadata.colorSpace, .sRGB, PixelFormat())?.apply(to: &span)
          ColorTransform.between(.sRGB, metadata.colorSpace, PixelFormat())?.apply(to: &span)
          inks?.apply([UInt8](0..<32).span, into: &span)
        }
      }
    }
  }

  @Test(arguments: ["tEXt", "zTXt", "iTXt"]) func texts(_ chunk: String) throws {
    let deflated = try Zlib.deflated(Array("a text, a text, a text".utf8))
    let head = Array("Title\0".utf8)
    let bytes =
      switch chunk {
      case "tEXt": head + Array("a text".utf8)
      case "zTXt": head + [0] + deflated
      default: head + [1, 0] + Array("en\0Title\0".utf8) + deflated
      }
    #expect(PNGText(chunk: chunk, bytes)?.utf8(maximumBytes: 100) != nil)
    for mutation in Mutations(of: bytes, seed: 7).some(2000) {
      guard let text = PNGText(chunk: chunk, mutation) else { continue }
      #expect((1...79).contains(text.keyword.unicodeScalars.count))
      #expect((text.utf8(maximumBytes: 1000)?.count ?? 0) <= 2000)
    }
  }

  /// Whether a picture is read; its metadata then goes into both formats.
  private func isRead(_ bytes: [UInt8], _ damaged: DamagePolicy) throws -> Bool {
    let path = try folder.file("mutation", holding: bytes)
    let limits = ImageLimits(maximumPixels: 1 << 12, maximumSide: 1 << 10)
    do throws(ImageFileError) {
      let source = try ImageFile.open(path, limits: limits, damaged: damaged)
      let image = try Image(reading: source)
      #expect(image.width * image.height <= limits.maximumPixels)
      #expect(source.notes.allSatisfy { !$0.description.isEmpty })
      try carry(source.metadata)
      return true
    } catch {
      #expect(!error.description.isEmpty)
      return false
    }
  }

  private func carry(_ metadata: ImageMetadata) throws(ImageFileError) {
    var notes: [ImageNote] = []
    let fitted = metadata.fitted(
      width: 3, height: 2, policy: .keep, madeBy: "a test", notes: &notes)
    #expect((fitted.iccProfile?.count ?? 0) <= ICCProfile.maximumBytes)
    #expect((fitted.exif?.count ?? 0) <= EXIF.maximumBytes)
    let chunks = try fitted.pngChunks(notes: &notes)
    #expect(!chunks.isEmpty)
    for segment in fitted.jpegSegments(notes: &notes) { #expect(segment.bytes.count <= 65_533) }
  }

  /// A small picture that says much.
  private func file(_ format: ImageFormat) throws -> [UInt8] {
    var metadata = try ImageFile.open(Fixture.path("metadata/everything.png")).metadata
    let profile = try #require(ColorSpace.adobeRGB.iccProfile)
    metadata.iccProfile = profile
    let path = folder["small"]
    let sink = try ImageFile.create(
      path, format: format, width: 4, height: 1, pixels: PixelFormat(), metadata: metadata)
    try sink.writeRow([UInt8](0..<12).span)
    try sink.finish()
    #expect(try ImageFile.open(path).metadata.iccProfile == profile)
    return try folder.bytes("small")
  }

  /// A PNG file with right checks, as far as its chunks can be told apart.
  private func sealed(_ file: [UInt8]) -> [UInt8] {
    var result = file
    var offset = ImageFormat.pngSignature.count
    while let length = result.span.integer(at: offset, size: 4),
      offset + 12 + length <= result.count
    {
      let end = offset + 8 + length
      let check = result[(offset + 4)..<end].withUnsafeBufferPointer {
        CImageCodecs_crc32(0, $0.baseAddress, $0.count)
      }
      result.replaceSubrange(
        end..<(end + 4), with: withUnsafeBytes(of: check.bigEndian, Array.init))
      offset = end + 4
    }
    return result
  }
}
