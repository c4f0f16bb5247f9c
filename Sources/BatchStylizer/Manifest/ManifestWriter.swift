import Glibc
import SystemFiles
import SystemPackage

/// The manifest of a run while it is written: a line for each item that was done or failed, on the
/// disk before the next one is.
public final class ManifestWriter: Sendable {
  public let path: FilePath
  private let directory: FilePath
  private let recipe: Recipe
  private let began: Double
  private let file: FileDescriptor

  /// Opens the manifest of a directory of outputs, which is made where it isn't there; a last line that
  /// was torn is taken off.
  ///
  /// - Throws: `ManifestError`.
  public init(
    into directory: FilePath, _ shard: Shard? = nil, _ recipe: Recipe
  ) throws(ManifestError) {
    self.directory = directory
    self.recipe = recipe
    path = ManifestFile.path(in: directory, shard)
    began = now()
    do throws(ItemError) { try makeDirectory(directory) } catch { throw .directory(error) }
    do {
      file = try FileDescriptor.open(
        path, .readWrite, options: [.create, .append, .closeOnExec],
        permissions: FilePermissions(rawValue: 0o666))
      try repair()
    } catch {
      throw .unwritable(path, error as? Errno ?? .ioError)
    }
  }

  deinit { try? file.close() }

  /// Takes down what became of an item.
  ///
  /// - Parameters:
  ///   - event: What became of it.
  ///   - reason: The words for why it failed.
  /// - Throws: `ManifestError.unwritable`.
  public func append(_ event: BatchEvent, reason: (ItemError) -> String) throws(ManifestError) {
    let record = ManifestRecord(
      event, recipe, in: directory, began: began, ended: now(), reason: reason)
    guard let record else { return }
    do {
      // In one piece: the same shard may run twice at the same time.
      try file.writeAll(Array("\(record.line)\n".utf8))
      guard fdatasync(file.rawValue) == 0 else { throw Errno(rawValue: errno) }
    } catch {
      throw .unwritable(path, error as? Errno ?? .ioError)
    }
  }

  /// Takes off a last line without end; where another run is writing, ends it instead.
  private func repair() throws {
    let size = Int(try file.seek(offset: 0, from: .end))
    var start = size
    var last: [UInt8] = []
    while start > 0 {
      let count = Swift.min(start, 1 << 16)
      last = [UInt8](repeating: 0, count: count)
      let read = try last.withUnsafeMutableBytes {
        try file.read(fromAbsoluteOffset: Int64(start - count), into: $0)
      }
      if let end = last[..<read].lastIndex(of: 0x0A) {
        start = start - count + end + 1
        break
      }
      start -= count
    }
    // Held until the run ends.
    let isAlone = flock(file.rawValue, LOCK_EX | LOCK_NB) == 0
    guard start < size else { return }
    if isAlone {
      try file.resize(to: Int64(start))
    } else {
      try file.writeAll([0x0A])
    }
  }
}

/// Seconds since 1970, to the millisecond.
private func now() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Double(time.tv_sec) + (Double(time.tv_nsec) / 1e6).rounded() / 1000
}
