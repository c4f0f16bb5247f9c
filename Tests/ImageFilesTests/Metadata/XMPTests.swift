import Testing

@testable import ImageFiles

struct XMPTests {
  /// Namespaces by the prefixes that they have here.
  private static let namespaces = """
    <rdf:RDF xmlns:tiff="http://ns.adobe.com/tiff/1.0/" xmlns:exif='http://ns.adobe.com/exif/1.0/'
    xmlns:xmp="http://ns.adobe.com/xap/1.0/" xmlns:G="http://ns.google.com/photos/1.0/panorama/"
    xmlns:mwg-rs="http://www.metadataworkinggroup.com/schemas/regions/"
    xmlns:MP = "http://ns.microsoft.com/photo/1.2/"
    xmlns:stDim="http://ns.adobe.com/xap/1.0/sType/Dimensions#"
    xmlns:hdrgm="http://ns.adobe.com/hdr-gain-map/1.0/"
    xmlns:Container="http://ns.google.com/photos/1.0/container/"
    xmlns:Item="http://ns.google.com/photos/1.0/container/item/"
    xmlns:GCamera="http://ns.google.com/photos/1.0/camera/"
    xmlns:xmpNote="http://ns.adobe.com/xmp/note/"
    >
    """

  private func change(isTurned: Bool = true, from width: Int = 1280) -> PictureChange {
    PictureChange(
      before: .init(width: width, height: width * 48 / 640), after: .init(width: 640, height: 48),
      hasOrientation: true, isTurned: isTurned)
  }

  private func mended(_ packet: String, _ change: PictureChange) -> (text: String?, [ImageNote]) {
    var notes: [ImageNote] = []
    let bytes = XMP.mended(Array((Self.namespaces + packet).utf8), change, notes: &notes)
    let text = bytes.map {
      String(decoding: $0.dropFirst(Self.namespaces.utf8.count), as: UTF8.self)
    }
    return (text, notes)
  }

  @Test(arguments: [
    ("<a tiff:Orientation=\"6\" b='2'/>", "<a tiff:Orientation=\"1\" b='2'/>"),
    ("<tiff:Orientation>8</tiff:Orientation>", "<tiff:Orientation>1</tiff:Orientation>"),
    ("<a\ntiff:Orientation = '3'>", "<a\ntiff:Orientation = '1'>"),
    (" tiff:Orientation=\"\"", " tiff:Orientation=\"\""),
    (" exif:PixelXDimension=\"4000\"", " exif:PixelXDimension=\"640\""),
    ("<tiff:ImageLength>3000</tiff:ImageLength>", "<tiff:ImageLength>48</tiff:ImageLength>"),
    ("<xmp:Thumbnails>x</xmp:Thumbnails>y", "y"),
    ("<xmp:Thumbnails>not closed", "<xmp:Thumbnails>not closed"),
    ("tiff:Orientation", "tiff:Orientation"),
    (" tiff:Orientation=\"", " tiff:Orientation=\""),
    (" dc:title tiff:Make=\"6\"", " dc:title tiff:Make=\"6\""),
    (" tiff:OrientationOfOld=\"6\"", " tiff:OrientationOfOld=\"6\""),
    ("<a>tiff:Orientation=\"6\"</a>", "<a>tiff:Orientation=\"6\"</a>"),
    ("<exif:SubjectArea><rdf:Seq/></exif:SubjectArea>z", "z"),
    (" GCamera:MotionPhoto=\"1\" GCamera:Other='1'", " GCamera:Other='1'"),
    ("<mwg-rs:Regions rdf:parseType=\"a>b\"><mwg-rs:Regions/></mwg-rs:Regions>z", "z"),
    ("<MP:RegionInfo><MPRI:Regions/></MP:RegionInfo >z", "z"),
    ("<a hdrgm:Version=\"1\"\nhdrgm:GainMapMax='2'/>z", "<a/>z"),
    (
      "<Container:Directory><rdf:li><Container:Item Item:Mime='a'/></rdf:li></Container:Directory>z",
      "z"
    ),
  ])
  func onlyWhatIsStaleChanges(_ before: String, _ after: String) {
    #expect(mended(before, change()).text == after)
  }

  @Test func withoutRDFItIsNothing() {
    var notes: [ImageNote] = []
    let packet = Array("<?xpacket?> tiff:Orientation".utf8)
    #expect(XMP.mended(packet, change(), notes: &notes) == nil)
    #expect(XMP.mended([], change(), notes: &notes) == nil)
  }

  @Test func anOrientationThatNobodyTurnedByStays() {
    var change = change(isTurned: false)
    change.hasOrientation = false
    #expect(mended("<a tiff:Orientation='6'/>", change).text == "<a tiff:Orientation='6'/>")
  }

  @Test func panoramasAreScaled() {
    let before = "<a G:FullPanoWidthPixels=\"1280\" G:CroppedAreaTopPixels='31'/>"
    let after = "<a G:FullPanoWidthPixels=\"640\" G:CroppedAreaTopPixels='16'/>"
    let (text, notes) = mended(before, change(isTurned: false))
    #expect(text == after && notes == [])
    let (turned, said) = mended(before, change())
    #expect(turned == "<a/>")
    #expect(said == [.dropped("GPano in XMP", "the picture was turned")])
  }

  @Test func facesStayWhereThePictureIsOnlyScaled() {
    let before = "<mwg-rs:Regions><a stDim:w='1280' stDim:h='96'/></mwg-rs:Regions>"
    let after = "<mwg-rs:Regions><a stDim:w='640' stDim:h='48'/></mwg-rs:Regions>"
    let (text, notes) = mended(before, change(isTurned: false))
    #expect(text == after && notes == [])
    #expect(mended(before, change()).1 == [.dropped("regions in XMP", "the picture was turned")])
  }

  @Test(arguments: [
    ("<a hdrgm:Version='1'/><Container:Directory/>", "gain map's claim in XMP"),
    ("<a GCamera:MicroVideo='1'/><Container:Directory/>", "motion photo's claim in XMP"),
    ("<Container:Directory/>", "list of the file's parts in XMP"),
  ])
  func whatIsGoneIsNoLongerClaimedAndSaid(_ packet: String, _ what: String) {
    let (text, notes) = mended(packet, change(isTurned: false, from: 640))
    #expect(text == (packet.hasPrefix("<a") ? "<a/>" : ""))
    #expect(notes.count == 1 && notes[0].description.hasPrefix(what))
  }

  @Test func anExtensionIsMerged() throws {
    let main = XMPPacket(Array("<x:xmpmeta><rdf:RDF><rdf:Description/></rdf:RDF></x:xmpmeta>".utf8))
    let extra =
      "<x:xmpmeta xmlns:x='x'><rdf:RDF xmlns:rdf='r'><rdf:Description xmlns:a='a' a:b='c'/></rdf:RDF>"
    let merged = try #require(main.merged(with: Array(extra.utf8)))
    #expect(
      String(decoding: merged.bytes, as: UTF8.self)
        == "<x:xmpmeta><rdf:RDF><rdf:Description/><rdf:Description xmlns:a='a' a:b='c'/></rdf:RDF></x:xmpmeta>"
    )
    #expect(
      main.merged(with: Array("<rdf:RDF xmlns:q='q'><rdf:Description/></rdf:RDF>".utf8)) == nil)
  }

  /// So many that a pass for each would take minutes.
  @Test func veryManyPropertiesGoInOnePass() {
    let count = 100_000
    let flat = String(repeating: "<hdrgm:a/>", count: count)
    #expect(mended(flat + "z", change()).text == "z")
    let nested =
      String(repeating: "<hdrgm:a>", count: count) + String(repeating: "</hdrgm:a>", count: count)
    #expect(mended(nested + "z", change()).text == "z")
    let numbers = String(repeating: " tiff:Orientation='16'", count: count)
    #expect(
      mended(numbers, change()).text == String(repeating: " tiff:Orientation='1'", count: count))
  }

  /// Packets of which each property or prefix made a search look at all that is behind it.
  @Test(arguments: [
    "xmlns:", " xmlns:a='xmlns:b=\"", "hdrgm:", "tiff:ImageWidth", "xmp:Thumbnails", " hdrgm:",
    "<hdrgm:a></hdrgm:b>", "<a hdrgm:a='", "<hdrgm:", "<tiff:ImageWidth", "<xmp:Thumbnails ",
  ])
  func timeGrowsWithTheSizeAlone(_ piece: String) {
    let packet = String(repeating: piece, count: (1 << 20) / piece.utf8.count)
    #expect(mended(packet, change()).text != nil)
  }

  /// The same for elements, each of another name.
  @Test func elementsOfManyNamesGoInOnePass() {
    let elements = (0..<50_000).map { "<hdrgm:a\($0)></hdrgm:a\($0)>" }
    #expect(mended(elements.joined() + "z", change()).text == "z")
  }
}
