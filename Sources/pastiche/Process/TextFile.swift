import Glibc

/// The system's small text files.
enum TextFile {
  /// The rest of the first line that begins so.
  static func line(of file: String, after beginning: String) -> Substring? {
    guard let file = fopen(file, "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 4096)
    while fgets(&buffer, CInt(buffer.count), file) != nil {
      let bytes = buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }
      let line = String(decoding: bytes, as: UTF8.self)
      if line.hasPrefix(beginning) { return line.dropFirst(beginning.count) }
    }
    return nil
  }
}
