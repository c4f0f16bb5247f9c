import Glibc
import SystemPackage

/// A file being written that is complete or absent, whatever happens.
///
/// Bytes go to a file without a name (`O_TMPFILE`) in the directory of the final name, or, where
/// the file system has none, to one named `.pastiche-…`. `commit()` syncs it and gives it its
/// name; a process that ends before that, by `kill -9` even, leaves nothing behind on the former
/// and a hidden file on the latter. Without `replacing`, a file of that name that appears
/// meanwhile is left as it is.
///
/// One thread at a time uses it. Letting it go without `commit()` discards what was written.
public final class AtomicFile {
  /// The final name.
  public let path: FilePath

  private let replacing: Bool
  private let descriptor: FileDescriptor
  /// The name that the file has meanwhile, where it has one.
  private var temporary: FilePath?
  private var isCommitted = false

  /// Begins a file that `commit()` names `path`.
  ///
  /// - Parameter replacing: Whether `commit()` replaces a file that has the name already.
  /// - Throws: `AtomicFileError.exists` where `path` is there and must stay,
  ///   `AtomicFileError.failed` where its directory can't be written to.
  public init(path: FilePath, replacing: Bool) throws(AtomicFileError) {
    self.path = path
    self.replacing = replacing
    if !replacing, entryExists(at: path) { throw .exists(path) }
    do throws(Errno) {
      // Without /proc a file that has no name could never be given one.
      let file = try TemporaryFile(
        in: directory(of: path), .writeOnly, permissions: FilePermissions(rawValue: 0o666),
        mayBeUnnamed: entryExists(at: "/proc/self/fd"))
      descriptor = file.descriptor
      temporary = file.name
    } catch {
      throw .failed(.create, path, error)
    }
  }

  deinit {
    try? descriptor.close()
    if let temporary, !isCommitted { unlink(temporary) }
  }

  /// Appends `bytes`.
  ///
  /// - Throws: `AtomicFileError.failed` with the system's reason, a full disk for one.
  public func write(_ bytes: UnsafeRawBufferPointer) throws(AtomicFileError) {
    do { try descriptor.writeAll(bytes) } catch {
      throw .failed(.write, path, error as? Errno ?? .ioError)
    }
  }

  /// Syncs the file and gives it its name. Nothing may be written afterwards.
  ///
  /// - Throws: `AtomicFileError.exists` where a file took the name meanwhile and must stay,
  ///   `AtomicFileError.failed` with the system's reason; the file is gone then.
  public func commit() throws(AtomicFileError) {
    precondition(!isCommitted, "commit() is called once")
    guard fsync(descriptor.rawValue) == 0 else { throw failure(.sync) }
    if replacing {
      let source: FilePath
      if let temporary { source = temporary } else { source = try nameTemporarily() }
      guard renameEntry(source, to: path) == 0 else { throw failure(.rename) }
      temporary = nil
    } else if let temporary {
      guard link(temporary, to: path) == 0 else { throw failure(.rename) }
    } else {
      guard linkUnnamed(to: path) == 0 else { throw failure(.rename) }
    }
    isCommitted = true
    if let temporary { unlink(temporary) }
  }

  /// Gives the unnamed file a name of its own, from which it can be renamed over another.
  private func nameTemporarily() throws(AtomicFileError) -> FilePath {
    let name = TemporaryFile.freshName(in: directory(of: path))
    guard linkUnnamed(to: name) == 0 else { throw failure(.rename) }
    temporary = name
    return name
  }

  private func linkUnnamed(to name: FilePath) -> CInt {
    let handle = FilePath("/proc/self/fd/\(descriptor.rawValue)")
    return handle.withPlatformString { from in
      name.withPlatformString { linkat(AT_FDCWD, from, AT_FDCWD, $0, AT_SYMLINK_FOLLOW) }
    }
  }

  private func failure(_ operation: AtomicFileError.Operation) -> AtomicFileError {
    let reason = Errno(rawValue: errno)
    return reason == .fileExists ? .exists(path) : .failed(operation, path, reason)
  }
}

private func directory(of path: FilePath) -> FilePath {
  let parent = path.removingLastComponent()
  return parent.isEmpty ? "." : parent
}

private func entryExists(at path: FilePath) -> Bool {
  var status = stat()
  return path.withPlatformString { lstat($0, &status) } == 0
}

private func renameEntry(_ source: FilePath, to destination: FilePath) -> CInt {
  source.withPlatformString { from in destination.withPlatformString { rename(from, $0) } }
}

private func link(_ source: FilePath, to destination: FilePath) -> CInt {
  source.withPlatformString { from in destination.withPlatformString { link(from, $0) } }
}

private func unlink(_ path: FilePath) {
  _ = path.withPlatformString { unlink($0) }
}
