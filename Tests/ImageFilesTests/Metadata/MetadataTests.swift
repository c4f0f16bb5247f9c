import CImageCodecs
import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

/// What goes through a file into another, by fixtures that say much.
struct MetadataTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private func open(_ name: String) throws -> any RowSource {
    try ImageFile.open(Fixture.path("metadata/" + name))
  }

  /// Writes `source` anew; what the new file says, and what the sink remarked.
  private func rewritten(
    _ source: any RowSource, as format: ImageFormat, _ options: EncodingOptions = .init()
  ) throws -> (source: any RowSource, notes: [ImageNote]) {
    let path = folder.path.appending("out")
    let image = try Image(reading: source)
    let sink = try ImageFile.create(
      path, format: format, width: image.width, height: image.height, pixels: image.pixels,
      options: options, metadata: source.metadata, replacing: true)
    try image.write(to: sink)
    try sink.finish()
    return (try ImageFile.open(path), sink.notes)
  }

  @Test func aJPEGSaysAllItHas() throws {
    let source = try open("everything.jpg")
    let metadata = source.metadata
    #expect(try metadata.iccProfile == Fixture.bytes("metadata/rgb.icc"))
    #expect(metadata.density == PixelDensity(x: 300, y: 150, unit: .inch))
    #expect(metadata.texts == [.jpeg(Array("A comment".utf8))])
    #expect(metadata.xmp?.starts(with: Array("<x:xmpmeta".utf8)) == true)
    #expect(metadata.exif?.starts(with: [0x49, 0x49]) == true)
    #expect(source.info.orientation == .rightTop)
    #expect(source.notes == [])
  }

  @Test func aPNGSaysAllItHas() throws {
    let source = try open("everything.png")
    let metadata = source.metadata
    #expect(try metadata.iccProfile == Fixture.bytes("metadata/rgb.icc"))
    #expect(metadata.density == PixelDensity(x: 11811, y: 5906, unit: .metre))
    #expect(metadata.gamma == 45455)
    #expect(
      metadata.chromaticities == [31270, 32900, 64000, 33000, 30000, 60000, 15000, 6000])
    // Without the raw profile, which is a copy of EXIF.
    #expect(metadata.texts.count == 3)
    #expect(metadata.xmp?.starts(with: Array("<x:xmpmeta".utf8)) == true)
    #expect(source.info.orientation == .rightTop)
    #expect(
      source.notes == [
        .outdated("text Raw profile type exif", "such have a place of their own")
      ])
  }

  @Test(arguments: ["everything.jpg", "everything.png"], ImageFormat.allCases)
  func everythingGoesAlongAndNothingIsStale(_ name: String, _ format: ImageFormat) throws {
    let original = try open(name)
    let (copy, notes) = try rewritten(original, as: format)
    #expect(
      notes
        == ["EXIF", "XMP"].map {
          .outdated("thumbnail in \($0)", "it shows the picture as it was")
        })
    #expect(copy.info.orientation == .upright)
    #expect(copy.info.width == original.info.width)
    let (old, new) = (original.metadata, copy.metadata)
    #expect(new.iccProfile == old.iccProfile)
    if format == .png, name.hasSuffix("png") {
      #expect(new.gamma == old.gamma)
      #expect(new.iccProfileName == old.iccProfileName)
      #expect(new.chromaticities == old.chromaticities)
      #expect(new.density == old.density)
      #expect(new.texts == old.texts)
    }
    if format == .jpeg {
      #expect(new.density == PixelDensity(x: 300, y: 150, unit: .inch))
      let comments =
        name.hasSuffix("png")
        ? [
          "Title: Café", "Description: " + String(repeating: "long ", count: 100),
          "Author: Jürgen",
        ] : ["A comment"]
      #expect(new.texts == comments.map { .jpeg(Array($0.utf8)) })
    } else if name.hasSuffix("jpg") {
      #expect(new.density == PixelDensity(x: 11811, y: 5906, unit: .metre))
      #expect(new.texts == [.unicode("Comment", Array("A comment".utf8))])
    }

    let exif = try #require(new.exif.flatMap { TIFFStructure($0) })
    let first = exif.firstDirectory
    func integer(_ tag: Int, _ directory: Int) -> Int? {
      exif.entry(tag, inDirectoryAt: directory).flatMap(exif.integer)
    }
    let details = try #require(exif.directory(0x8769, inDirectoryAt: first))
    let (width, height) = (copy.info.width, copy.info.height)
    #expect(integer(0x0112, first) == 1)
    #expect(integer(0x0100, first) == width)
    #expect(integer(0x0101, first) == height)
    #expect(integer(0xA002, details) == width)
    #expect(integer(0xA003, details) == height)
    let text = String(decoding: exif.bytes, as: UTF8.self)
    #expect(text.contains("Maker of cameras"))
    #expect(!text.contains("a small picture"))

    let xmp = String(decoding: try #require(new.xmp), as: UTF8.self)
    #expect(xmp.contains("tiff:Orientation=\"1\""))
    #expect(xmp.contains("exif:PixelXDimension = '\(width)'"))
    #expect(xmp.contains("<exif:PixelYDimension>\(height)</exif:PixelYDimension>"))
    #expect(!xmp.contains("Thumbnails"))
    #expect(xmp.contains("<dc:title>A title</dc:title></rdf:Description></rdf:RDF></x:xmpmeta>"))
  }

  @Test(arguments: ["everything.jpg", "everything.png"], ImageFormat.allCases)
  func strippedOnlyColourStays(_ name: String, _ format: ImageFormat) throws {
    let original = try open(name)
    let options = EncodingOptions(metadata: .strip, madeBy: "Pastiche")
    let (copy, _) = try rewritten(original, as: format, options)
    var expected = ImageMetadata()
    expected.iccProfile = original.metadata.iccProfile
    expected.size = copy.metadata.size
    if format == .png {
      expected.iccProfileName = original.metadata.iccProfileName ?? Array("ICC profile".utf8)
    }
    if format == .png {
      expected.gamma = original.metadata.gamma
      expected.chromaticities = original.metadata.chromaticities
    }
    #expect(copy.metadata == expected)
  }

  @Test func whoMadeItIsSaidOnce() throws {
    let options = EncodingOptions(madeBy: "Pastiche, great-wave")
    let note = ImageText.unicode("Software", Array("Pastiche, great-wave".utf8))
    let comment = ImageText.jpeg(Array("Software: Pastiche, great-wave".utf8))
    let plain = try ImageFile.open(Fixture.decodable("444.jpg").path)
    let png = try rewritten(plain, as: .png, options).source
    #expect(png.metadata.texts == [note])
    let again = try rewritten(png, as: .png, options).source
    #expect(again.metadata.texts == [note])
    let jpeg = try rewritten(again, as: .jpeg, options).source
    #expect(jpeg.metadata.texts == [comment])
    #expect(try rewritten(jpeg, as: .jpeg, options).source.metadata.texts == [comment])
  }

  @Test func sRGBGoesAlongWhereThereIsNoProfile() throws {
    var metadata = try open("sRGB.png").metadata
    #expect(metadata.srgbIntent == 1)
    var notes: [ImageNote] = []
    _ = metadata.fitColors(format: .png, .sRGB, policy: .keep, notes: &notes)
    #expect(metadata.srgbIntent == 1)
    metadata.iccProfile = try Fixture.bytes("metadata/rgb.icc")
    _ = metadata.fitColors(format: .png, .sRGB, policy: .keep, notes: &notes)
    #expect(metadata.srgbIntent == nil)
    #expect(notes == [])
  }

  @Test(arguments: ["gray_profile.jpg", "gray_profile.png"])
  func aProfileOfGrayIsMadeOneOfRGB(_ name: String) throws {
    let source = try open(name)
    let note = ImageNote.changed(
      "ICC profile of gray", "made one of RGB, as the output is RGB")
    #expect(source.notes == [note])
    #expect(ICCProfile(try #require(source.metadata.iccProfile))?.space == "RGB")
    let (copy, notes) = try rewritten(source, as: .png)
    #expect(copy.metadata.iccProfile == source.metadata.iccProfile)
    #expect(notes == [])
  }

  @Test(arguments: [
    (
      "rgb.icc", ImageMetadata.StoredSamples.cmyk,
      "it is for RGB colours, and the picture has CMYK"
    ),
    ("inks.icc", .rgb, "it is for CMYK colours, and the picture has RGB"),
    ("gray.icc", .rgb, "it is for GRAY colours, and the picture has RGB"),
    ("rgb.png", .rgb, "it is broken"),
  ])
  func aProfileThatDoesNotFitIsLeftOutAndTold(
    _ name: String, _ samples: ImageMetadata.StoredSamples, _ reason: String
  ) throws {
    var metadata = ImageMetadata()
    metadata.iccProfile = try Fixture.bytes("colors/" + name)
    var notes: [ImageNote] = []
    #expect(metadata.resolveProfile(for: samples, notes: &notes) == nil)
    #expect(metadata.iccProfile == nil)
    #expect(notes == [.dropped("ICC profile", reason)])
  }

  @Test(arguments: [
    ("profile_bomb.png", "iCCP", "it is broken or has more than 16707345 bytes"),
    ("text_bomb.png", "zTXt", "it is broken or has more than 16777216 bytes"),
    ("2000_texts.png", "text", "there are more than 1000 of them or 4194304 bytes"),
    ("piece_of_profile_missing.jpg", "ICC profile", "piece 2 of 2 is missing"),
  ])
  func bombsAndPiecesAreLeftOut(_ name: String, _ what: String, _ reason: String) throws {
    let source = try open(name)
    #expect(source.metadata.iccProfile == nil)
    #expect(source.metadata.texts.count == (what == "text" ? 1000 : 0))
    _ = try Image(reading: source)
    #expect(source.notes == [.dropped(what, reason)])
  }

  @Test func brokenChunksAreLeftOutAndThePictureIsRead() throws {
    let source = try open("broken_chunks.png")
    var expected = ImageMetadata()
    expected.exif = Array("neither".utf8)
    expected.size = .init(width: 13, height: 9)
    #expect(source.metadata == expected)
    _ = try Image(reading: source)
    #expect(
      source.notes == [
        .dropped("gAMA", "it is broken"),
        .dropped("cHRM", "it names colours that can't be"),
        .dropped("sRGB", "it is broken"),
        .dropped("pHYs", "it is broken"),
        .dropped("tEXt", "it is broken"),
        .dropped("zTXt", "it is broken"),
        .dropped("iTXt", "it is broken"),
        .dropped("iCCP", "it is broken or has more than 16707345 bytes"),
        .dropped("iCCP", "it is there twice"),
        .dropped("cHRM", "it is there twice"),
        .harmless("tEXt: CRC error"),
      ])
    let (copy, notes) = try rewritten(open("broken_chunks.png"), as: .png)
    expected.exif = nil
    #expect(copy.metadata == expected)
    #expect(notes == [.dropped("EXIF", "it has no TIFF header")])
  }

  /// Among what stands behind the pixels of a damaged picture, that is: ahead of them it is refused.
  @Test func aChunkWithoutANameIsNotCopied() throws {
    let whole = try Fixture.bytes("whole/rgb.png")
    let path = try folder.file(
      "nameless.png", holding: whole.dropLast(12) + chunk("mDC0", [1, 2, 3]) + whole.suffix(12))
    let source = try ImageFile.open(path, damaged: .keep)
    _ = try Image(reading: source)
    #expect(source.metadata.chunks == [])
    #expect(source.notes.count == 1)
  }

  /// Each chunk may have a name of its own, and a remark.
  @Test func remarksOnChunksAreNotWithoutEnd() throws {
    let whole = try Fixture.bytes("whole/rgb.png")
    let letters = "abcdefghijklmnopqrst".map { String($0) }
    let names = letters.flatMap { first in
      letters.flatMap { second in letters.map { first + second + $0.uppercased() } }
    }
    let chunks = names.flatMap { name in letters.flatMap { chunk(name + $0.uppercased(), []) } }
    let path = try folder.file("names.png", holding: whole.dropLast(12) + chunks + whole.suffix(12))
    let notes = try ImageFile.open(path).notes
    #expect(notes.count == 101)
    #expect(notes.first == .dropped("chunk aaAA", "it may be about the picture as it was"))
    #expect(
      notes.last
        == .dropped("chunks of further names", "there are more than 100 remarks on others"))
  }

  private func chunk(_ name: String, _ data: [UInt8]) -> [UInt8] {
    let named = Array(name.utf8) + data
    let check = named.withUnsafeBufferPointer { CImageCodecs_crc32(0, $0.baseAddress, $0.count) }
    func bytes(_ number: UInt32) -> [UInt8] { withUnsafeBytes(of: number.bigEndian, Array.init) }
    return bytes(UInt32(data.count)) + named + bytes(check)
  }

  @Test func exifOfSeveralSegmentsIsOne() throws {
    let source = try open("exif_in_two_segments.jpg")
    for format in ImageFormat.allCases {
      let (copy, notes) = try rewritten(source, as: format)
      #expect(notes == [])
      #expect(copy.metadata.exif == source.metadata.exif)
      #expect(copy.metadata.exif?.suffix(11) == ArraySlice("at the end\0".utf8))
      try source.restart()
    }
  }

  @Test func brokenEntriesOfEXIFAreLeftOut() throws {
    let source = try open("exif_with_broken_entries.jpg")
    #expect(source.info.orientation == .bottomRight)
    let (copy, notes) = try rewritten(source, as: .png)
    #expect(notes == [.dropped("3 entries of EXIF", "they are broken")])
    let exif = try #require(copy.metadata.exif.flatMap { TIFFStructure($0) })
    let entries = exif.entries(inDirectoryAt: exif.firstDirectory)
    #expect(entries == [.init(tag: 0x0112, type: 3, count: 1, valueOffset: 18)])
    #expect(entries.first.flatMap(exif.integer) == 1)
  }

  @Test func bytesRepeat() throws {
    for format in ImageFormat.allCases {
      let options = EncodingOptions(madeBy: "Pastiche")
      _ = try rewritten(open("everything.jpg"), as: format, options)
      let first = try folder.bytes("out")
      _ = try rewritten(open("everything.jpg"), as: format, options)
      #expect(try folder.bytes("out") == first)
    }
  }
}
