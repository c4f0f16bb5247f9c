import Glibc
import SystemPackage

/// What is in a directory but for names that begin with a dot, in the order of the paths' bytes: a
/// directory's name counts with the slash that follows it.
///
/// Names are taken as bytes, valid UTF-8 or not. A million take some 25 MB.
public struct DirectoryEntries: RandomAccessCollection, Sendable {
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

  private struct Record {
    var offset: UInt32
    var length: UInt16
    var kind: Kind
  }

  /// The names one after the other, each with a null byte.
  private var bytes: [CChar] = []
  private var records: [Record] = []

  public var startIndex: Int { 0 }
  public var endIndex: Int { records.count }

  public subscript(index: Int) -> Entry {
    let name = withName(at: index) { FilePath.Component(platformString: $0.baseAddress!) }
    // A name was one when it was taken down.
    return Entry(name: name ?? ".", kind: records[index].kind)
  }

  /// The kind of an entry alone.
  public func kind(at index: Int) -> Kind { records[index].kind }

  /// Gives a name as it is, a null byte behind it, without taking memory for it.
  public func withName<Result>(
    at index: Int, _ body: (UnsafeBufferPointer<CChar>) -> Result
  ) -> Result {
    let record = records[index]
    return bytes.withUnsafeBufferPointer { all in
      let start = Int(record.offset)
      return body(UnsafeBufferPointer(rebasing: all[start..<start + Int(record.length)]))
    }
  }

  /// - Parameter hidden: Whether names that begin with a dot are told, and those alone.
  /// - Throws: The system's reason where the directory can't be listed.
  public init(of directory: FilePath, hidden: Bool = false) throws(Errno) {
    guard let stream = directory.withPlatformString({ opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { closedir(stream) }
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
          append(name, Self.kind(of: name, in: dirfd(stream), type))
        }
      }
    }
    bytes.withUnsafeBufferPointer { names in
      records.sort { Self.precedes($0, $1, names.baseAddress!) }
    }
  }

  private mutating func append(_ name: UnsafePointer<CChar>, _ kind: Kind) {
    let length = strlen(name)
    records.append(Record(offset: UInt32(bytes.count), length: UInt16(length), kind: kind))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name, count: length + 1))
  }

  private static func precedes(
    _ a: Record, _ b: Record, _ names: UnsafePointer<CChar>
  ) -> Bool {
    let (first, second) = (names + Int(a.offset), names + Int(b.offset))
    let common = Int(Swift.min(a.length, b.length))
    let order = memcmp(first, second, common)
    if order != 0 { return order < 0 }
    func next(_ record: Record, _ name: UnsafePointer<CChar>) -> UInt8 {
      Int(record.length) == common ? record.kind.terminator : UInt8(bitPattern: name[common])
    }
    return next(a, first) < next(b, second)
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

extension DirectoryEntries.Kind {
  /// The byte that follows a name in a path.
  fileprivate var terminator: UInt8 { self == .directory ? 0x2F : 0 }
}
