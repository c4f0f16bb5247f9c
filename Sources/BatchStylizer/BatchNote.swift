import ImageFiles
import SystemFiles
import SystemPackage

/// A remark on a picture that was done all the same.
public enum BatchNote: Equatable, Sendable, CustomStringConvertible {
  /// A note that the picture's file, or its output's, gave cause for.
  case image(ImageNote)
  /// An output of 16 bits a sample was wanted, and it is a JPEG file.
  case eightBitJPEG
  /// The statistics of its live batch are of so many pictures alone, as these failed.
  case missingCompany(pictures: Int, without: [FilePath])

  /// Whether it is of no interest but to those who ask for everything.
  public var isMinor: Bool {
    if case .image(.outdated) = self { true } else { false }
  }

  public var description: String {
    switch self {
    case .image(let note): note.description
    case .eightBitJPEG: "JPEG has 8 bits a sample"
    case .missingCompany(let pictures, let missing):
      "statistics of \(counted(pictures, "picture")), without "
        + missing.map(\.printable).joined(separator: ", ")
    }
  }
}
