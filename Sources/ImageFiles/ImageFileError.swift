import SystemFiles
import SystemPackage

/// The reason why an image file could not be read or written. The caller names the file.
public enum ImageFileError: Error, Equatable, Sendable, CustomStringConvertible {
  // Reading
  /// The system refused to open or read the file.
  case unreadable(Errno)
  /// The file has no bytes.
  case empty
  /// The file begins like none that is read here; the first bytes, eight at most.
  case unknownFormat([UInt8])
  /// The file is a picture or a document of another kind.
  case otherFormat(OtherFormat)
  /// The file's format is known, but not this kind of it.
  case unsupported(UnsupportedKind)
  /// The file breaks the rules of its format, in the decoder's words.
  case damaged(String)
  case tooLong(width: Int, height: Int, maximumSide: Int)
  case tooManyPixels(width: Int, height: Int, maximumPixels: Int)
  case tooManyScans(maximum: Int)
  /// Behind so many of several pictures stand bytes that begin no other; the first of them, eight at
  /// most.
  case strayBytes([UInt8], offset: Int, pictures: Int)
  /// Where one of several pictures ends can't be told; so many are before it.
  case endNotFound(offset: Int, pictures: Int)
  /// More bytes came through a pipe than a picture has.
  case endless(limit: Int)
  /// There is no room in a directory for what comes through a pipe.
  case uncopied(FilePath, Errno)
  /// The file no longer holds what it held when it was opened.
  case changed
  /// There is not enough memory for a decoder or encoder.
  case outOfMemory
  /// There is no room for what doesn't fit in memory.
  case scratch(ScratchFileError)

  // Writing
  /// There is a file of that name already, and it was not to be replaced.
  case exists
  /// What has that name is no file, and is never replaced.
  case notReplaceable(OutputEntry.Obstacle)
  /// The system refused; nothing is left behind.
  case unwritable(AtomicFileError.Operation, Errno)
  /// The format can't hold a picture of that size.
  case unfit(ImageFormat, width: Int, height: Int, maximumSide: Int)
  /// JPEG files have 8 bits a sample.
  case sixteenBitJPEG
  /// The encoder refused, in its own words.
  case unencodable(String)

  /// A kind of PNG or JPEG that is not read.
  public enum UnsupportedKind: Equatable, Sendable {
    case losslessJPEG
    case hierarchicalJPEG
    case jpegDepth(bits: Int)
    case jpegComponents(Int)
  }

  public var description: String {
    switch self {
    case .unreadable(let reason):
      "can't be read: \(reason)"
    case .empty:
      "the file is empty; expected a PNG or JPEG picture"
    case .unknownFormat(let bytes):
      "neither PNG nor JPEG: begins with \(bytes.map { $0.hexadecimal() }.joined(separator: " ")); convert it to one of them first"
    case .otherFormat(let format):
      "neither PNG nor JPEG but \(format)"
    case .unsupported(let kind):
      "\(kind); convert it first"
    case .damaged(let words):
      "damaged: \(words); get the file anew"
    case .tooLong(let width, let height, let maximum):
      "\(width)x\(height) pixels, but a side may have \(maximum) at most; shrink it first"
    case .tooManyPixels(let width, let height, let maximum):
      "\(width)x\(height) pixels, but at most \(maximum) are allowed"
    case .tooManyScans(let maximum):
      "more than \(maximum) scans, as only files made to keep a decoder busy have; save it anew first"
    case .strayBytes(let bytes, let offset, let pictures):
      "behind \(pictures) pictures, at byte \(offset), stands what is neither PNG nor JPEG: begins with \(bytes.map { $0.hexadecimal() }.joined(separator: " ")); nothing from there on is read"
    case .endNotFound(let offset, let pictures):
      "damaged: picture \(pictures + 1) begins at byte \(offset), and where it ends can't be told; nothing from there on is read"
    case .endless(let limit):
      "more than \(limit >> 20) MB came, and no end; give a picture that is so large as a file"
    case .uncopied(let directory, let reason):
      "what comes through a pipe can't be kept in \(directory): \(reason)"
    case .changed:
      "the file changed while it was being read; run again once it is complete"
    case .outOfMemory:
      "not enough memory to decode or encode; free some, or run fewer at once"
    case .scratch(let error): error.description
    case .exists:
      "the output exists already"
    case .notReplaceable(let obstacle):
      "the output is \(obstacle), and only files are replaced"
    case .unwritable(_, .noSpace):
      "no space left on the disk for the output; free some and run again"
    case .unwritable(let operation, let reason):
      "can't \(operation) the output: \(reason)"
    case .unfit(let format, let width, let height, let maximum):
      "\(width)x\(height) pixels, but a side has 1 to \(maximum) in \(format.rawValue) files"
    case .sixteenBitJPEG:
      "JPEG files have 8 bits a sample, not 16"
    case .unencodable(let words):
      "the encoder refuses: \(words)"
    }
  }
}

extension ImageFileError.UnsupportedKind: CustomStringConvertible {
  public var description: String {
    switch self {
    case .losslessJPEG: "lossless JPEG is not supported"
    case .hierarchicalJPEG: "hierarchical JPEG is not supported"
    case .jpegDepth(let bits): "JPEG with \(bits) bits a sample is not supported, only 8"
    case .jpegComponents(let count):
      "JPEG with \(count) components of unknown meaning is not supported"
    }
  }
}

extension ImageFileError {
  /// The same, without the path that `error` names.
  init(_ error: AtomicFileError) {
    switch error {
    case .exists: self = .exists
    case .notReplaceable(_, let obstacle): self = .notReplaceable(obstacle)
    case .failed(let operation, _, let reason): self = .unwritable(operation, reason)
    }
  }
}
