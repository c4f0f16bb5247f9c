import Glibc
import SystemFiles
import SystemPackage

/// What the manifests in a directory know, found by output: 16 bytes of memory for a record, the rest
/// is read from the file when it is asked for.
final class ManifestIndex: Sendable {
  private struct Entry {
    /// The hash of the output as its record spells it.
    let hash: UInt64
    /// The file's number in the upper 16 bits, where the line begins in it in the rest.
    private let place: UInt64

    init(hash: UInt64, file: Int, offset: Int) {
      self.hash = hash
      place = UInt64(file) << 48 | UInt64(offset)
    }

    var file: Int { Int(place >> 48) }
    var offset: Int { Int(place & 0xFFFF_FFFF_FFFF) }
  }

  private let directory: FilePath
  private let files: [FileDescriptor]
  private let entries: [Entry]

  /// - Throws: `ManifestError.unreadable`.
  init(_ paths: [FilePath], in directory: FilePath) throws(ManifestError) {
    self.directory = directory
    var files: [FileDescriptor] = []
    var entries: [Entry] = []
    do throws(ManifestError) {
      for path in paths {
        do {
          files.append(try FileDescriptor.open(path, .readOnly, options: [.closeOnExec]))
          let number = files.count - 1
          try FileLines(of: files[number]).read { line, offset, isComplete in
            guard isComplete, let output = Self.output(of: line) else { return }
            entries.append(Entry(hash: Self.hash(output), file: number, offset: offset))
          }
        } catch {
          throw .unreadable(path, error as? Errno ?? .ioError)
        }
      }
    } catch {
      for file in files { try? file.close() }
      throw error
    }
    entries.sort { $0.hash < $1.hash }
    (self.files, self.entries) = (files, entries)
  }

  deinit { for file in files { try? file.close() } }

  /// The records of an output of this directory, the last one last.
  func records(of output: FilePath) -> [ManifestRecord] {
    let path = JSONPath(output.below(directory))
    let hash = Self.hash(Array(encodedJSON(path.text).utf8.dropFirst().dropLast()))
    var (low, high) = (0, entries.count)
    while low < high {
      let middle = (low + high) / 2
      if entries[middle].hash < hash { low = middle + 1 } else { high = middle }
    }
    return entries[low...].prefix { $0.hash == hash }.compactMap(record).filter { record in
      record.output == path.text && record.outputBase64 == path.base64
    }.sorted { $0.ended < $1.ended }
  }

  private func record(_ entry: Entry) -> ManifestRecord? {
    var line: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 1024)
    while true {
      let offset = entry.offset + line.count
      let count = try? piece.withUnsafeMutableBytes {
        try files[entry.file].read(fromAbsoluteOffset: Int64(offset), into: $0)
      }
      guard let count, count > 0 else { return nil }
      let end = piece[..<count].firstIndex(of: 0x0A)
      line += piece[..<(end ?? count)]
      if end != nil { return ManifestRecord(line: line) }
    }
  }

  /// The output that a line names, as it is spelt. No string holds what this looks for: there the
  /// quotation marks have backslashes.
  private static func output(of line: UnsafeRawBufferPointer) -> Slice<UnsafeRawBufferPointer>? {
    guard let bytes = line.baseAddress else { return nil }
    let length = key.utf8CodeUnitCount
    var start = 0
    while start + length <= line.count, memcmp(bytes + start, key.utf8Start, length) != 0 {
      start += 1
    }
    guard start + length <= line.count else { return nil }
    let rest = line[(start + length)...]
    var isEscaped = false
    for (index, byte) in zip(rest.indices, rest) {
      if isEscaped {
        isEscaped = false
      } else if byte == 0x5C {
        isEscaped = true
      } else if byte == 0x22 {
        return rest[..<index]
      }
    }
    return nil
  }

  private static let key: StaticString = #","output":""#

  /// FNV-1a.
  private static func hash(_ bytes: some Sequence<UInt8>) -> UInt64 {
    bytes.reduce(0xCBF2_9CE4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01B3 }
  }
}
