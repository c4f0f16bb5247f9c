/// The contents of a picture's file besides its pixels, in no format's own shape.
///
/// Its colours are those of the file, whatever those are that rows came in (`SampleColors`).
public struct ImageMetadata: Equatable, Sendable {
  /// An ICC profile for RGB, whole.
  public var iccProfile: [UInt8]?
  /// The name that a PNG file has for its profile, in Latin-1.
  var iccProfileName: [UInt8]?
  /// EXIF's TIFF structure, without a header of JPEG's. As the file had it: its orientation is
  /// mended when it is written.
  public var exif: [UInt8]?
  /// An XMP packet.
  public var xmp: [UInt8]?
  /// The extension of it that was too long for a JPEG file's segment.
  public var extendedXMP: [UInt8]?
  /// Photoshop's image resources, IPTC among them.
  public var photoshop: [UInt8]?
  /// JPEG's application segments that nothing here knows, by their markers, as they stand.
  public var segments: [CarriedPiece] = []
  /// PNG's chunks that nothing here knows and that say of themselves that they may be copied.
  public var chunks: [CarriedPiece] = []
  /// The size of the picture that all this was written for, as it was stored.
  var size: PictureChange.Size?
  public var density: PixelDensity?
  /// PNG's gAMA: the file's gamma times 100,000.
  public var gamma: UInt32?
  /// PNG's cHRM: x and y of white, red, green and blue, times 100,000.
  public var chromaticities: [UInt32]?
  /// PNG's sRGB: samples are in that space, and this is the rendering intent, 0…3.
  public var srgbIntent: UInt8?
  /// PNG's cICP: primaries, transfer, matrix and range by H.273's numbers.
  public var cicp: [UInt8]?
  /// PNG's mDCV and cLLI, as they stand.
  public var masteringDisplay, contentLight: [UInt8]?
  public var texts: [ImageText] = []

  public init() {}

  /// Bytes of memory that it takes, about.
  public var byteCount: Int {
    var count = 0
    for whole in [iccProfile, exif, xmp, extendedXMP, photoshop] { count += whole?.count ?? 0 }
    for piece in segments { count += piece.bytes.count + CarriedPiece.besideBytes }
    for piece in chunks { count += piece.bytes.count + CarriedPiece.besideBytes }
    for text in texts { count += text.byteCount + CarriedPiece.besideBytes }
    return count
  }

  /// The part that colour needs, and nothing that speaks of people, places or devices.
  public var colourOnly: ImageMetadata {
    var kept = ImageMetadata()
    kept.iccProfile = iccProfile
    kept.iccProfileName = iccProfileName
    kept.gamma = gamma
    kept.chromaticities = chromaticities
    kept.srgbIntent = srgbIntent
    kept.cicp = cicp
    kept.masteringDisplay = masteringDisplay
    kept.contentLight = contentLight
    return kept
  }

  /// Picks what belongs in an output of `width`×`height` upright RGB pixels: without what doesn't
  /// fit it, and with nothing stale.
  ///
  /// - Parameter notes: Gets a remark for each thing left out.
  func fitted(
    width: Int, height: Int, policy: MetadataPolicy, madeBy: String?, notes: inout [ImageNote]
  ) -> ImageMetadata {
    var result = policy == .keep ? self : colourOnly
    let orientation = exif.flatMap(EXIF.orientation)
    let after = PictureChange.Size(width: width, height: height)
    var before = size ?? after
    if let orientation, orientation.swapsSides, size != nil {
      swap(&before.width, &before.height)
    }
    let change = PictureChange(
      before: before, after: after, hasOrientation: orientation != nil,
      isTurned: orientation ?? .upright != .upright)
    if let exif = result.exif { result.exif = EXIF.mended(exif, change, notes: &notes) }
    if let xmp = result.xmp {
      result.xmp = XMP.mended(xmp, change, notes: &notes)
      if result.xmp == nil {
        result.extendedXMP = nil
        notes.append(.dropped("XMP", "there is no RDF in it"))
      }
    }
    if let photoshop = result.photoshop {
      result.photoshop = PhotoshopResources.mended(photoshop, notes: &notes)
      if result.photoshop == nil { notes.append(.dropped("IPTC", "it is broken")) }
    }
    if policy == .keep, let madeBy { result.texts.note(software: madeBy) }
    return result
  }
}

/// A piece of a file that goes along as it stands.
public struct CarriedPiece: Equatable, Sendable {
  /// A chunk's name, or "APP0" to "APP15".
  public var name: String
  public var bytes: [UInt8]

  /// Bytes that a piece takes beside its own, about, so that a million empty ones are something.
  static let besideBytes = 64
}

/// The part of a picture's metadata that goes into the file that is written.
public enum MetadataPolicy: String, CaseIterable, Sendable {
  /// All metadata that fits.
  case keep
  /// The part alone that colour needs.
  case strip
}
