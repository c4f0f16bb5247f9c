/// XMP packets: RDF in XML, changed only where it speaks of how pixels lie, or of what is gone.
enum XMP {
  /// The bytes before a packet in JPEG's APP1.
  static let header = Array("http://ns.adobe.com/xap/1.0/\0".utf8)
  /// The bytes before a piece of a packet's extension there.
  static let extensionHeader = Array("http://ns.adobe.com/xmp/extension/\0".utf8)
  /// The keyword of the iTXt chunk that holds a packet.
  static let keyword = "XML:com.adobe.xmp"
  /// The namespace in which a packet names its extension.
  static let noteNamespace = "http://ns.adobe.com/xmp/note/"

  /// The digest by which a packet names its extension, 32 digits.
  static func extensionDigest(of packet: [UInt8]) -> [UInt8]? {
    guard let digest = XMPPacket(packet).text(noteNamespace, "HasExtendedXMP"), digest.count == 32
    else { return nil }
    return digest
  }

  /// A packet for a picture that was changed: with its sizes, and with nothing that claims what is
  /// gone; nil where there is no RDF in it.
  ///
  /// - Parameter notes: Gets a remark for each thing left out.
  static func mended(
    _ packet: [UInt8], _ change: PictureChange, notes: inout [ImageNote]
  ) -> [UInt8]? {
    guard packet.firstRange(of: Array("RDF".utf8), from: 0) != nil else { return nil }
    var result = XMPPacket(packet)
    let (tiff, exif) = ("http://ns.adobe.com/tiff/1.0/", "http://ns.adobe.com/exif/1.0/")
    // Where XMP alone has one nobody has turned the picture by it.
    if change.hasOrientation { result.changeNumber(tiff, "Orientation") { _ in 1 } }
    for (namespace, name) in [(tiff, "ImageWidth"), (exif, "PixelXDimension")] {
      result.changeNumber(namespace, name) { _ in change.after.width }
    }
    for (namespace, name) in [(tiff, "ImageLength"), (exif, "PixelYDimension")] {
      result.changeNumber(namespace, name) { _ in change.after.height }
    }
    if result.remove("http://ns.adobe.com/xap/1.0/", "Thumbnails") {
      notes.append(.outdated("thumbnail in XMP", "it shows the picture as it was"))
    }
    mendPanorama(&result, change, &notes)
    mendRegions(&result, change, &notes)
    removeCompanions(&result, &notes)
    return result.bytes
  }

  /// Google's photo sphere: sizes in pixels.
  private static func mendPanorama(
    _ packet: inout XMPPacket, _ change: PictureChange, _ notes: inout [ImageNote]
  ) {
    let namespace = "http://ns.google.com/photos/1.0/panorama/"
    if change.isTurned, packet.remove(namespace) {
      notes.append(.dropped("GPano in XMP", "the picture was turned"))
    }
    for name in ["FullPanoWidthPixels", "CroppedAreaImageWidthPixels", "CroppedAreaLeftPixels"] {
      packet.changeNumber(namespace, name) { change.scaledX($0) }
    }
    for name in ["FullPanoHeightPixels", "CroppedAreaImageHeightPixels", "CroppedAreaTopPixels"] {
      packet.changeNumber(namespace, name) { change.scaledY($0) }
    }
  }

  /// Faces, as the Metadata Working Group and Microsoft write them, in parts of the picture's sides;
  /// and EXIF's subject, in pixels.
  private static func mendRegions(
    _ packet: inout XMPPacket, _ change: PictureChange, _ notes: inout [ImageNote]
  ) {
    let group = "http://www.metadataworkinggroup.com/schemas/regions/"
    if change.isTurned {
      let isFound = [
        packet.remove(group, "Regions"),
        packet.remove("http://ns.microsoft.com/photo/1.2/", "RegionInfo"),
      ]
      if isFound.contains(true) {
        notes.append(.dropped("regions in XMP", "the picture was turned"))
      }
    } else if packet.contains(group, "Regions") {
      let dimensions = "http://ns.adobe.com/xap/1.0/sType/Dimensions#"
      packet.changeNumber(dimensions, "w") { _ in change.after.width }
      packet.changeNumber(dimensions, "h") { _ in change.after.height }
    }
    guard change.isTurned || change.isScaled else { return }
    let exif = "http://ns.adobe.com/exif/1.0/"
    if [packet.remove(exif, "SubjectArea"), packet.remove(exif, "SubjectLocation")].contains(true) {
      notes.append(.dropped("subject area in XMP", change.reason))
    }
  }

  /// What stood in the file beside the picture, of which the output has nothing.
  private static func removeCompanions(_ packet: inout XMPPacket, _ notes: inout [ImageNote]) {
    let gainMaps = [
      packet.remove("http://ns.adobe.com/hdr-gain-map/1.0/"),
      packet.remove("http://ns.apple.com/HDRGainMap/1.0/"),
    ]
    if gainMaps.contains(true) {
      notes.append(.dropped("gain map's claim in XMP", "the output has no gain map"))
    }
    let camera = "http://ns.google.com/photos/1.0/camera/"
    let films = [
      "MotionPhoto", "MotionPhotoVersion", "MotionPhotoPresentationTimestampUs", "MicroVideo",
      "MicroVideoVersion", "MicroVideoOffset", "MicroVideoPresentationTimestampUs",
    ].map { packet.remove(camera, $0) }
    if films.contains(true) {
      notes.append(.dropped("motion photo's claim in XMP", "the output has no film"))
    }
    if packet.remove("http://ns.google.com/photos/1.0/container/"),
      !gainMaps.contains(true), !films.contains(true)
    {
      notes.append(.dropped("list of the file's parts in XMP", "the output has the picture alone"))
    }
    if packet.remove("http://purl.org/dc/terms/", "provenance") {
      notes.append(
        .dropped("content credentials' address in XMP", "they vouch for the file as it was"))
    }
  }
}
