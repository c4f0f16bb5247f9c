import ImageFiles
import StyleEngine
import SystemFiles
import SystemPackage

/// The reason why one picture was not done. The others are.
public enum ItemError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The file can't be read or written.
  case image(ImageFileError)
  /// The network can't repaint the picture.
  case network(StyleNetworkError)
  /// A file or directory that can't be looked at.
  case unreachable(Errno)
  /// A directory that can't be listed.
  case unreadableDirectory(Errno)
  /// The output's directory can't be made.
  case outputDirectory(FilePath, Errno)
  /// The output is there and is read itself, under this name.
  case outputIsInput(FilePath)
  /// The output is a link, perhaps to another's.
  case outputIsLink

  /// Makes of a network's error what it is to the picture: the picture's own where it is one.
  public init(_ error: StyleNetworkError) {
    self = if case .picture(let error) = error { .image(error) } else { .network(error) }
  }

  /// Does what a network may refuse, and throws its error as the picture's.
  static func of<Result>(_ body: () throws(StyleNetworkError) -> Result) throws(ItemError)
    -> Result
  {
    do throws(StyleNetworkError) { return try body() } catch { throw ItemError(error) }
  }

  /// Does what a picture's file may refuse, and throws its error as the picture's.
  public static func reading<Result>(_ body: () throws(ImageFileError) -> Result)
    throws(ItemError) -> Result
  {
    do throws(ImageFileError) { return try body() } catch { throw .image(error) }
  }

  public var description: String {
    switch self {
    case .image(let error): error.description
    case .network(let error): error.description
    case .unreachable(let reason): "it can't be looked at: \(reason)"
    case .unreadableDirectory(let reason): "the directory can't be listed: \(reason)"
    case .outputDirectory(let path, let reason):
      "can't make the directory \(path.printable): \(reason)"
    case .outputIsInput(let input):
      "its output is the input \(input.printable); inputs are never written to"
    case .outputIsLink: "its output is a link, which is not followed among very many pictures"
    }
  }
}
