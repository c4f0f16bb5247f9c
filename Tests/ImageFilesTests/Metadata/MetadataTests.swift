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
    ("2000_texts.png", "text", "there are more than 1000 of them or 8388608 bytes"),
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

/// What stands in files of public reports, by payloads made here (`shared/data/reports`).
struct MetadataOfReportsTests {
  private let folder: TemporaryFolder
  private let whole: [UInt8]

  init() throws {
    folder = try TemporaryFolder()
    whole = try Fixture.bytes("whole/baseline.jpg")
  }

  private func segment(_ marker: UInt8, _ data: [UInt8]) -> [UInt8] {
    [0xFF, marker, UInt8((data.count + 2) >> 8), UInt8((data.count + 2) & 0xFF)] + data
  }

  /// A JPEG file with segments, and bytes behind it, written anew.
  private func rewritten(
    _ segments: [UInt8], behind: [UInt8] = [], as format: ImageFormat = .jpeg, halved: Bool = false
  ) throws -> (metadata: ImageMetadata, notes: [ImageNote], bytes: [UInt8]) {
    let path = try folder.file(
      "in.jpg", holding: Array(whole[..<2]) + segments + whole[2...] + behind)
    var source = try ImageFile.open(path)
    let original = source
    if halved {
      source = ResizedRows(
        source, width: source.info.width / 2, height: source.info.height / 2)
    }
    let image = try Image(reading: source)
    let output = folder.path.appending("out")
    let sink = try ImageFile.create(
      output, format: format, width: image.width, height: image.height, pixels: image.pixels,
      metadata: original.metadata, replacing: true)
    try image.write(to: sink)
    try sink.finish()
    return (
      try ImageFile.open(output).metadata, original.notes + sink.notes, try output.bytes
    )
  }

  private func xmp(_ body: String) -> [UInt8] {
    let packet = """
      <x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="r"><rdf:Description \(body)\
      </rdf:Description></rdf:RDF></x:xmpmeta>
      """
    return segment(0xE1, XMP.header + Array(packet.utf8))
  }

  private static let iptc: [UInt8] =
    Array("8BIM".utf8) + [4, 4, 0, 0, 0, 0, 0, 13] + [0x1C, 2, 5, 0, 8] + Array("A harbor".utf8) + [
      0
    ]
  private static let thumbnail: [UInt8] =
    Array("8BIM".utf8) + [4, 12, 0, 0, 0, 0, 0, 2, 7, 7]

  @Test func captionsGoAlongInBothFormats() throws {
    let given = segment(0xED, PhotoshopResources.header + Self.thumbnail + Self.iptc)
    let jpeg = try rewritten(given)
    #expect(jpeg.metadata.photoshop == Self.iptc)
    #expect(
      jpeg.notes == [.outdated("thumbnail of Photoshop", "it shows the picture as it was")])
    let png = try rewritten(given, as: .png)
    #expect(png.metadata.photoshop == Self.iptc)
  }

  @Test func anExtensionOfXMPIsWholeOrGone() throws {
    let digest = String(repeating: "0123456789ABCDEF", count: 2)
    let main = xmp(
      "xmlns:xmpNote=\"http://ns.adobe.com/xmp/note/\" xmpNote:HasExtendedXMP=\"\(digest)\">")
    let body = String(repeating: "long ", count: 14_000)
    let extra = Array(
      "<rdf:RDF xmlns:rdf='r'><rdf:Description xmlns:a='a'>\(body)</rdf:Description></rdf:RDF>".utf8
    )
    func piece(_ range: Range<Int>) -> [UInt8] {
      let numbers = [extra.count, range.lowerBound].flatMap {
        withUnsafeBytes(of: UInt32($0).bigEndian, Array.init)
      }
      return segment(0xE1, XMP.extensionHeader + Array(digest.utf8) + numbers + extra[range])
    }
    let pieces = [piece(60_000..<extra.count), piece(0..<60_000)]
    let jpeg = try rewritten(main + pieces[0] + pieces[1])
    #expect(jpeg.metadata.extendedXMP == extra && jpeg.notes == [])
    let png = try rewritten(main + pieces[0] + pieces[1], as: .png)
    #expect(String(decoding: png.metadata.xmp ?? [], as: UTF8.self).contains(body))
    let torn = try rewritten(main + pieces[0])
    #expect(torn.notes == [.dropped("extension of XMP", "it isn't all there")])
    #expect(!String(decoding: torn.metadata.xmp ?? [], as: UTF8.self).contains("HasExtended"))
  }

  @Test func bombsAreExpandedSoFarTogether() throws {
    let path = folder["bombs.png"]
    var metadata = ImageMetadata()
    let bomb = try Zlib.deflated([UInt8](repeating: 0x41, count: 10 << 20))
    metadata.texts = (1...3).map { number in
      .png(chunk: "zTXt", Array("Text \(number)".utf8) + [0, 0] + bomb)
    }
    let sink = try ImageFile.create(
      path, format: .png, width: 1, height: 1, pixels: PixelFormat(), metadata: metadata)
    try sink.writeRow([1, 2, 3].span)
    try sink.finish()
    let source = try ImageFile.open(path)
    #expect(source.metadata.texts == Array(metadata.texts.prefix(1)))
    #expect(
      source.notes == [
        .dropped("zTXt", "it is broken or has more than \(PNGText.maximumBytes) bytes")
      ])
  }

  @Test func nobodyTurnsByEXIFInAText() throws {
    let exif: [UInt8] =
      [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0] + [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
      + [0, 0, 0, 0]
    let digits = exif.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    let text = ImageText.latin(
      "Raw profile type exif", Array("\nexif\n  \(exif.count)\n\(digits)\n".utf8))
    let path = folder["raw.png"]
    var metadata = ImageMetadata()
    metadata.texts = [text]
    let sink = try ImageFile.create(
      path, format: .png, width: 3, height: 1, pixels: PixelFormat(), metadata: metadata)
    try sink.writeRow([UInt8](0..<9).span)
    try sink.finish()
    let source = try ImageFile.open(path)
    #expect(source.info.width == 3)
    #expect(source.metadata.exif == EXIF.upright(exif))
    #expect(source.metadata.exif != exif)
    #expect(source.notes.count == 2)
  }

  @Test func anOrientationInXMPAloneStays() throws {
    let result = try rewritten(
      xmp("xmlns:tiff=\"http://ns.adobe.com/tiff/1.0/\" tiff:Orientation=\"6\">"))
    #expect(
      String(decoding: result.metadata.xmp ?? [], as: UTF8.self).contains("tiff:Orientation=\"6\""))
  }

  @Test func gainMapsAndFilmsAreNoLongerClaimed() throws {
    let claim = xmp(
      "xmlns:hdrgm=\"http://ns.adobe.com/hdr-gain-map/1.0/\" hdrgm:Version=\"1.0\">")
    let list = segment(0xE2, Array("MPF\0".utf8) + [0x49, 0x49, 42, 0])
    let result = try rewritten(claim + list, behind: whole)
    #expect(!String(decoding: result.metadata.xmp ?? [], as: UTF8.self).contains("hdrgm:V"))
    let reason = "the output has the picture alone"
    #expect(
      result.notes == [
        .dropped("list of further pictures (MPF)", "the output has one picture"),
        .dropped(
          "further pictures (a gain map, a preview or a depth map), \(whole.count) bytes", reason),
        .dropped("gain map's claim in XMP", "the output has no gain map"),
      ])
    let film = [0, 0, 0, 24] + Array("ftypmp42 and so on".utf8)
    #expect(
      try rewritten([], behind: film).notes == [
        .dropped("a film (a motion photo's), \(film.count) bytes", reason)
      ])
  }

  @Test func panoramasAreScaledAndSaid() throws {
    let given = xmp(
      "xmlns:GPano=\"http://ns.google.com/photos/1.0/panorama/\" GPano:FullPanoWidthPixels=\"1000\">"
    )
    let text = String(
      decoding: try rewritten(given, halved: true).metadata.xmp ?? [], as: UTF8.self)
    let width = try Image(reading: ImageFile.open(folder.path.appending("in.jpg"))).width
    let expected = Int((1000 * Double(width / 2) / Double(width)).rounded())
    #expect(text.contains("FullPanoWidthPixels=\"\(expected)\""))
  }

  @Test func makersSegmentsGoAlongOrAreNamed() throws {
    let given = segment(0xE4, Array("Maker\0".utf8) + [1, 2, 3])
    let jpeg = try rewritten(given + segment(0xEB, Array("JP and claims".utf8)))
    #expect(jpeg.bytes.firstRange(of: given, from: 0) != nil)
    #expect(
      jpeg.notes == [
        .dropped("content credentials (JUMBF)", "they vouch for the file as it was")
      ])
    #expect(
      try rewritten(given, as: .png).notes == [
        .dropped("APP4 (Maker)", "a PNG file has no place for it")
      ])
  }
}
