import Testing

@testable import ImageFiles

struct XMPTests {
  private func mended(_ packet: String) -> String? {
    XMP.mended(Array(("<rdf:RDF>" + packet).utf8), width: 640, height: 48)
      .map { String(decoding: $0.dropFirst(9), as: UTF8.self) }
  }

  @Test(arguments: [
    ("a tiff:Orientation=\"6\" b", "a tiff:Orientation=\"1\" b"),
    ("<tiff:Orientation>8</tiff:Orientation>", "<tiff:Orientation>1</tiff:Orientation>"),
    ("tiff:Orientation = '3'", "tiff:Orientation = '1'"),
    ("tiff:Orientation=\"\"", "tiff:Orientation=\"\""),
    ("exif:PixelXDimension=\"4000\"", "exif:PixelXDimension=\"640\""),
    ("<tiff:ImageLength>3000</tiff:ImageLength>", "<tiff:ImageLength>48</tiff:ImageLength>"),
    ("<xmp:Thumbnails>x</xmp:Thumbnails>y", "y"),
    ("<xmp:Thumbnails>not closed", "<xmp:Thumbnails>not closed"),
    ("tiff:Orientation", "tiff:Orientation"),
    ("tiff:Orientation=\"", "tiff:Orientation=\""),
    ("dc:title tiff:Make=\"6\"", "dc:title tiff:Make=\"6\""),
  ])
  func onlyWhatIsStaleChanges(_ before: String, _ after: String) {
    #expect(mended(before) == after)
  }

  @Test func withoutRDFItIsNothing() {
    #expect(XMP.mended(Array("<?xpacket?> tiff:Orientation".utf8), width: 1, height: 1) == nil)
    #expect(XMP.mended([], width: 1, height: 1) == nil)
  }
}
