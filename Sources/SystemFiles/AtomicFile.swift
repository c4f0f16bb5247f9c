import CSystemFiles
import Glibc
import SystemPackage

/// A file being written that is complete or absent, whatever happens.
///
/// Bytes go to a file without a name (`O_TMPFILE`) in the directory of the final name, or, where
/// the file system has none, to one named `.pastiche-…`. `commit()` syncs it and gives it its
/// name; a process that ends before that, by `kill -9` even, leaves nothing behind on the former
/// and a hidden file on the latter. Without `replacing`, a file of that name that appears
/// meanwhile is left as it is. A file that is replaced passes on who may read and write it, and
/// where a symbolic link has the name, the file that it leads to is the one replaced. What other
/// processes left in the directory when they were killed is removed first.
///
/// One thread at a time uses it. Letting it go without `commit()` discards what was written.
public final class AtomicFile {
  /// A way to give a file a name that nothing has: not every disk knows them all.
  enum Way: CaseIterable {
    /// `RENAME_NOREPLACE`, which many network and FUSE file systems refuse.
    case rename
    /// A hard link, which FAT, exFAT and many others have none of.
    case link
    /// An empty file that holds the name until it is renamed over: known everywhere, and last, as a
    /// process that is killed in between leaves the empty one.
    case claim
  }

  /// The final name.
  public let path: FilePath

  /// Where it is put: `path`, or where a link of that name leads.
  private let destination: FilePath
  private let replacing: Bool
  private let ways: [Way]
  private let descriptor: FileDescriptor
  /// The name that the file has meanwhile, where it has one.
  private var temporary: FilePath?
  /// The copy that has that name, where the file itself can't have it: open for as long as it does.
  private var copy: FileDescriptor?
  private var isCommitted = false

  /// Begins a file.
  ///
  /// - Parameters:
  ///   - path: The name that `commit()` gives it.
  ///   - replacing: Whether `commit()` replaces a file that has the name already.
  /// - Throws: `AtomicFileError.notReplaceable` where `path` is to be replaced and is no file, `.failed`
  ///   where its directory can't be written to.
  public convenience init(path: FilePath, replacing: Bool) throws(AtomicFileError) {
    try self.init(path: path, replacing: replacing, naming: Way.allCases)
  }

  /// - Parameter ways: The ways to name a file that had to have a name meanwhile, each tried where
  ///   those before failed; where one is missing, so are files without a name.
  init(path: FilePath, replacing: Bool, naming ways: [Way]) throws(AtomicFileError) {
    self.path = path
    self.replacing = replacing
    self.ways = ways
    // Without replacing, giving the name tells whether it is taken.
    let entry = replacing ? OutputEntry(at: path) : .nothing
    if case .obstacle(let obstacle) = entry { throw .notReplaceable(path, obstacle) }
    do throws(Errno) {
      TemporaryNames.sweep(directory(of: path))
      destination = if case .file(_, isLink: true) = entry { try resolved(path) } else { path }
      // Without /proc a file that has no name could never be given one.
      let file = try TemporaryFile(
        in: directory(of: destination), .readWrite, permissions: FilePermissions(rawValue: 0o666),
        mayBeUnnamed: ways == Way.allCases && entryExists(at: "/proc/self/fd"))
      descriptor = file.descriptor
      temporary = file.name
    } catch {
      throw .failed(.create, path, error)
    }
    // A disk that keeps no such bits, or others, is no reason to lose a picture.
    if case .file(let old, _) = entry { fchmod(descriptor.rawValue, old.permissions) }
  }

  deinit {
    if let temporary, !isCommitted { TemporaryNames.remove(temporary) }
    try? copy?.close()
    try? descriptor.close()
  }

  /// Appends `bytes`.
  ///
  /// - Throws: `AtomicFileError.failed` with the system's reason, a full disk for one.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(AtomicFileError) {
    do { try descriptor.writeAll(bytes) } catch {
      throw .failed(.write, path, error as? Errno ?? .ioError)
    }
  }

  /// Syncs the file, gives it its name, and syncs its directory. Nothing may be written afterwards.
  ///
  /// - Throws: `AtomicFileError.exists` where something has the name and must stay,
  ///   `AtomicFileError.failed` with the system's reason; the file is gone then.
  public func commit() throws(AtomicFileError) {
    precondition(!isCommitted, "commit() is called once")
    guard fsync(descriptor.rawValue) == 0 else { throw failure(.sync) }
    try name()
    isCommitted = true
    if let temporary { TemporaryNames.forget(temporary) }
    do throws(Errno) { try syncDirectory(directory(of: destination)) } catch {
      throw failure(.sync, error)
    }
  }

  private func name() throws(AtomicFileError) {
    if temporary == nil, !replacing {
      if path.withPlatformString(linkUnnamed) == 0 { return }
      if errno == EEXIST { throw .exists(path) }
    }
    let source: FilePath
    if let temporary { source = temporary } else { source = try nameTemporarily() }
    if replacing {
      guard renameEntry(source, to: destination) == 0 else { throw failure(.rename) }
      return
    }
    var reason: Errno?
    for way in ways {
      reason = way.name(source, path)
      // What hinders one way may not hinder the next; a name that is taken does.
      if reason == nil || reason == .fileExists { break }
    }
    if let reason { throw failure(.rename, reason) }
  }

  /// Gives the unnamed file a name of its own, from which it can be renamed; or a copy of it, where
  /// the disk knows files without a name, but no links.
  private func nameTemporarily() throws(AtomicFileError) -> FilePath {
    _ = flock(descriptor.rawValue, LOCK_EX | LOCK_NB)
    let (name, result) = TemporaryNames.create(in: directory(of: destination), linkUnnamed)
    if result == 0 {
      temporary = name
      return name
    }
    do throws(Errno) {
      let file = try TemporaryFile(
        in: directory(of: destination), .writeOnly, permissions: .ownerReadWrite,
        mayBeUnnamed: false)
      (temporary, copy) = (file.name, file.descriptor)
      do { try copyAll(to: file.descriptor) } catch { throw error as? Errno ?? .ioError }
    } catch {
      throw .failed(.rename, path, error)
    }
    return temporary ?? name
  }

  private func copyAll(to copy: FileDescriptor) throws {
    var piece = [UInt8](repeating: 0, count: 1 << 16)
    var offset: Int64 = 0
    while true {
      let count = try piece.withUnsafeMutableBytes {
        try descriptor.read(fromAbsoluteOffset: offset, into: $0)
      }
      if count == 0 { break }
      try copy.writeAll(piece[..<count])
      offset += Int64(count)
    }
    var status = stat()
    if fstat(descriptor.rawValue, &status) == 0 {
      fchmod(copy.rawValue, FileIdentity(status).permissions)
    }
    guard fsync(copy.rawValue) == 0 else { throw Errno(rawValue: errno) }
  }

  private func linkUnnamed(to name: UnsafePointer<CChar>) -> CInt {
    FilePath("/proc/self/fd/\(descriptor.rawValue)").withPlatformString {
      linkat(AT_FDCWD, $0, AT_FDCWD, name, AT_SYMLINK_FOLLOW)
    }
  }

  private func failure(
    _ operation: AtomicFileError.Operation, _ reason: Errno = Errno(rawValue: errno)
  ) -> AtomicFileError {
    reason == .fileExists ? .exists(path) : .failed(operation, path, reason)
  }
}

extension AtomicFile.Way {
  /// Gives the file at `source` the name `path`, unless that is taken.
  ///
  /// - Returns: The reason why it couldn't; nil where it did.
  fileprivate func name(_ source: FilePath, _ path: FilePath) -> Errno? {
    source.withPlatformString { source -> Errno? in
      path.withPlatformString { path -> Errno? in
        switch self {
        case .rename:
          guard CSystemFiles_renameUnlessTaken(source, path) == 0 else { break }
          return nil
        case .link:
          guard Glibc.link(source, path) == 0 else { break }
          Glibc.unlink(source)
          return nil
        case .claim:
          return TemporaryNames.uninterrupted {
            let claimed = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
            guard claimed >= 0 else { return Errno(rawValue: errno) }
            close(claimed)
            if Glibc.rename(source, path) == 0 { return nil }
            let reason = Errno(rawValue: errno)
            Glibc.unlink(path)
            return reason
          }
        }
        return Errno(rawValue: errno)
      }
    }
  }
}

private func directory(of path: FilePath) -> FilePath {
  let parent = path.removingLastComponent()
  return parent.isEmpty ? "." : parent
}

/// The path of the file that a link leads to.
private func resolved(_ link: FilePath) throws(Errno) -> FilePath {
  guard let path = link.withPlatformString({ realpath($0, nil) }) else {
    throw Errno(rawValue: errno)
  }
  defer { free(path) }
  return FilePath(platformString: path)
}

private func entryExists(at path: FilePath) -> Bool {
  var status = stat()
  return path.withPlatformString { lstat($0, &status) } == 0
}

private func renameEntry(_ source: FilePath, to destination: FilePath) -> CInt {
  source.withPlatformString { from in destination.withPlatformString { rename(from, $0) } }
}
