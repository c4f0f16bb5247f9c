import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

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

  /// The first counts, as readers have it; the same again is no loss.
  @Test func aSecondOfWhatThereIsOneOfIsSaid() throws {
    func exif(_ byte: UInt8) -> [UInt8] {
      let entry: [UInt8] = [0, 1, 0x01, 0x0E, 0, 2, 0, 0, 0, 2, byte, 0, 0, 0, 0, 0, 0, 0]
      return segment(0xE1, EXIF.header + Array("MM".utf8) + [0, 42, 0, 0, 0, 8] + entry)
    }
    func profile(_ byte: UInt8) -> [UInt8] {
      segment(0xE2, Array("ICC_PROFILE\0".utf8) + [1, 1, byte])
    }
    let kinds: [(String, [UInt8], [UInt8])] = [
      ("EXIF", exif(65), exif(66)), ("XMP", xmp("a='1'>"), xmp("a='2'>")),
      ("ICC profile", profile(1), profile(2)),
    ]
    for (name, first, second) in kinds {
      let path = try folder.file(
        "two.jpg", holding: Array(whole[..<2]) + first + second + whole[2...])
      let notes = try ImageFile.open(path).notes
      #expect(
        notes.filter { "\($0)".contains("second") } == [
          .dropped("second \(name)", "a picture has one, and readers take the first")
        ], "\(notes)")
      let twice = try folder.file(
        "twice.jpg", holding: Array(whole[..<2]) + first + first + whole[2...])
      #expect(try !ImageFile.open(twice).notes.contains { "\($0)".contains("second") }, "\(name)")
    }
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
