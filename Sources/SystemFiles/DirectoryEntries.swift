import Glibc
import SystemPackage

/// What is in a directory but for names that begin with a dot, in the order of the paths' bytes: a
/// directory's name counts with the slash that follows it.
///
/// Names are taken as bytes, valid UTF-8 or not. A million that are numbered take some 8 MB.
public struct DirectoryEntries: Sequence, Sendable {
  public struct Entry: Equatable, Sendable {
    public let name: FilePath.Component
    public let kind: FileKind
  }

  private let names: FrontCodedNames

  /// - Parameters:
  ///   - directory: The directory to list.
  ///   - hidden: Whether names that begin with a dot are told, and those alone.
  /// - Throws: The system's reason where the directory can't be listed.
  public init(of directory: FilePath, hidden: Bool = false) throws(Errno) {
    guard let stream = directory.withPlatformString({ opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { closedir(stream) }
    var listed = UnsortedNames()
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw Errno(rawValue: errno) }
        break
      }
      let type = Int32(entry.pointee.d_type)
      withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CChar.self, capacity: 256) { name in
          let isItself = name[1] == 0 || name[1] == 0x2E && name[2] == 0
          guard name[0] == 0x2E ? hidden && !isItself : !hidden else { return }
          listed.append(name, Self.kind(of: name, in: dirfd(stream), type))
        }
      }
    }
    names = listed.sorted()
  }

  public var count: Int { names.count }
  public var underestimatedCount: Int { count }

  public func makeIterator() -> Iterator { Iterator(names: names.start) }

  public struct Iterator: IteratorProtocol, Sendable {
    fileprivate var names: FrontCodedNames.Cursor

    public mutating func next() -> Entry? {
      advance().map { Entry(name: name, kind: $0) }
    }

    /// Goes on to the next entry, whose name is made when it is asked for; nil behind the last.
    public mutating func advance() -> FileKind? { names.advance().flatMap(FileKind.init) }

    /// The name of the present entry.
    public var name: FilePath.Component {
      // It was one when it was taken down.
      withName { FilePath.Component(platformString: $0.baseAddress!) } ?? "."
    }

    /// Gives the name of the present entry as it is, a null byte behind it, without taking memory.
    public func withName<Result>(_ body: (UnsafeBufferPointer<CChar>) -> Result) -> Result {
      names.withName(body)
    }
  }

  /// - Parameter type: What the directory itself says, where its file system keeps that.
  private static func kind(
    of name: UnsafePointer<CChar>, in directory: CInt, _ type: Int32
  ) -> FileKind {
    switch type {
    case Int32(DT_REG): return .file
    case Int32(DT_DIR): return .directory
    case Int32(DT_FIFO), Int32(DT_SOCK), Int32(DT_CHR), Int32(DT_BLK): return .other
    default: break
    }
    var status = stat()
    return fstatat(directory, name, &status, 0) == 0 ? FileKind(status) : .unknown
  }
}
