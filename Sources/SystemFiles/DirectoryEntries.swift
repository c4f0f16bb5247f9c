import Glibc
import SystemPackage

/// What is in a directory but for names that begin with a dot, in the order of the paths' bytes: a
/// directory's name counts with the slash that follows it.
///
/// Names are taken as bytes, valid UTF-8 or not. A million that are numbered take some 8 MB.
public struct DirectoryEntries: Sequence, Sendable {
  public struct Entry: Equatable, Sendable {
    public let name: FilePath.Component
    public let kind: Kind
  }

  /// What an entry is, where it is a link what that leads to.
  public enum Kind: UInt8, Sendable {
    case file, directory
    /// A pipe, a socket or a device.
    case other
    /// What can't be looked at: a link that leads nowhere, for one.
    case unknown
  }

  private let names: FrontCodedNames

  /// - Parameter hidden: Whether names that begin with a dot are told, and those alone.
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
    public mutating func advance() -> Kind? { names.advance().flatMap(Kind.init) }

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
  ) -> Kind {
    switch type {
    case Int32(DT_REG): return .file
    case Int32(DT_DIR): return .directory
    case Int32(DT_FIFO), Int32(DT_SOCK), Int32(DT_CHR), Int32(DT_BLK): return .other
    default: break
    }
    var status = stat()
    guard fstatat(directory, name, &status, 0) == 0 else { return .unknown }
    let identity = FileIdentity(status)
    return identity.isDirectory ? .directory : identity.isRegularFile ? .file : .other
  }
}

/// Names as a directory gives them, to be put in order.
private struct UnsortedNames {
  private struct Record {
    /// The bytes behind what all names begin with, as one number.
    var key: UInt64 = 0
    let offset: UInt32
    let length: UInt8
    let kind: DirectoryEntries.Kind
  }

  /// The names one after the other, each with a null byte.
  private var bytes: [CChar] = []
  private var records: [Record] = []
  /// How many bytes all names begin with.
  private var common = Int(UInt8.max)

  mutating func append(_ name: UnsafePointer<CChar>, _ kind: DirectoryEntries.Kind) {
    let length = strlen(name)
    var shared = min(common, length)
    for index in 0..<(records.isEmpty ? 0 : shared) where bytes[index] != name[index] {
      shared = index
      break
    }
    common = shared
    records.append(Record(offset: UInt32(bytes.count), length: UInt8(length), kind: kind))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name, count: length + 1))
  }

  consuming func sorted() -> FrontCodedNames {
    var names = FrontCodedNames()
    let common = common
    bytes.withUnsafeBufferPointer { bytes in
      func name(_ record: Record) -> UnsafeBufferPointer<CChar> {
        UnsafeBufferPointer(rebasing: bytes[Int(record.offset)...].prefix(Int(record.length)))
      }
      for index in records.indices {
        var key: UInt64 = 0
        let rest = name(records[index])[common...].prefix(8)
        for byte in rest { key = key << 8 | UInt64(UInt8(bitPattern: byte)) }
        if rest.count < 8 {
          key = key << 8 | UInt64(records[index].kind.terminator)
          key <<= 8 * UInt64(7 - rest.count)
        }
        records[index].key = key
      }
      records.sort { a, b in
        if a.key != b.key { return a.key < b.key }
        let (first, second) = (name(a), name(b))
        let shorter = min(first.count, second.count)
        let order = memcmp(first.baseAddress!, second.baseAddress!, shorter)
        if order != 0 { return order < 0 }
        func next(_ name: UnsafeBufferPointer<CChar>, _ kind: DirectoryEntries.Kind) -> UInt8 {
          name.count == shorter ? kind.terminator : UInt8(bitPattern: name[shorter])
        }
        return next(first, a.kind) < next(second, b.kind)
      }
      for record in records {
        names.append(UnsafeRawBufferPointer(name(record)), tag: record.kind.rawValue)
      }
    }
    return names
  }
}

extension DirectoryEntries.Kind {
  /// The byte that follows a name in a path.
  fileprivate var terminator: UInt8 { self == .directory ? 0x2F : 0 }
}
