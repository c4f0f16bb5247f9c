import SystemFiles
import SystemPackage

/// The files in which runs into a directory keep their manifests.
public enum ManifestFile {
  /// `.pastiche-manifest.jsonl`, or a shard's.
  public static func path(in directory: FilePath, _ shard: Shard?) -> FilePath {
    directory.appending(
      shard.map { name(ofShare: "\($0.index)", of: $0.count) } ?? "\(prefix)\(ending)")
  }

  /// The file's name for a share whose number may be whatever stands for it, a shell's variable for
  /// one.
  public static func name(ofShare index: String, of count: Int) -> String {
    "\(prefix)-\(index)-of-\(count)\(ending)"
  }

  /// Those in a directory that may know a shard's outputs, in no particular order: of the other shards
  /// of as many, none does.
  static func paths(in directory: FilePath, knowing shard: Shard?) -> [FilePath] {
    let names = (try? DirectoryEntries(of: directory, hidden: true)).map { $0.map(\.name) } ?? []
    let own = path(in: directory, shard).lastComponent
    return names.filter { name in
      let text = name.string
      guard text.hasPrefix(prefix), text.hasSuffix(ending) else { return false }
      return name == own || !(shard.map { text.hasSuffix("-of-\($0.count)\(ending)") } ?? false)
    }.map { directory.appending($0) }
  }

  private static let prefix = ".pastiche-manifest"
  private static let ending = ".jsonl"
}

/// The reason why a manifest can't be kept or read.
public enum ManifestError: Error, Equatable, Sendable, CustomStringConvertible {
  case unreadable(FilePath, Errno)
  case unwritable(FilePath, Errno)
  /// There is none in the directory.
  case none(FilePath)
  /// Its directory can't be made.
  case directory(ItemError)

  public var description: String {
    switch self {
    case .unreadable(let path, let reason):
      "can't read the manifest \(path.printable): \(reason)"
    case .unwritable(let path, let reason):
      "can't write the manifest \(path.printable): \(reason)"
    case .none(let path): "no manifest in \(path.printable)"
    case .directory(let error): error.description
    }
  }
}
