import CImageCodecs
import SystemPackage

extension CImageCodecs_Status {
  /// Does nothing on success.
  ///
  /// - Throws: The `ImageFileError` of a decoder's failure.
  func throwIfDecodingFailed(_ report: OpaquePointer) throws(ImageFileError) {
    switch self {
    case .success: return
    case .damaged: throw .damaged(String(cString: CImageCodecs_message(report)))
    case .tooManyScans: throw .tooManyScans(maximum: Int(CImageCodecs_maximumScans))
    case .unreadable: throw .unreadable(Errno(rawValue: CImageCodecs_systemError(report)))
    case .outOfMemory: throw .outOfMemory
    }
  }

  /// Does nothing on success.
  ///
  /// - Throws: The `ImageFileError` of an encoder's failure.
  func throwIfEncodingFailed(_ report: OpaquePointer) throws(ImageFileError) {
    switch self {
    case .success: return
    case .outOfMemory: throw .outOfMemory
    case .damaged, .tooManyScans, .unreadable:
      throw .unencodable(String(cString: CImageCodecs_message(report)))
    }
  }
}

/// Gives the remarks of a decoder's report.
func decoderNotes(_ report: OpaquePointer) -> [ImageNote] {
  func lines(_ words: UnsafePointer<CChar>) -> [String] {
    String(cString: words).split(separator: "\n").map(String.init)
  }
  return lines(CImageCodecs_damage(report)).map(ImageNote.damaged)
    + lines(CImageCodecs_warnings(report)).map(ImageNote.harmless)
}
