import SystemPackage

/// The system's small text files.
public enum TextFile {
  /// The lines of a file, none where it can't be read.
  public static func lines(of file: String) -> [Substring] {
    guard let descriptor = try? FileDescriptor.open(file, .readOnly, options: [.closeOnExec]),
      let bytes = try? descriptor.closeAfter({ try descriptor.readToEnd() })
    else { return [] }
    return String(decoding: bytes, as: UTF8.self).split(separator: "\n")
  }

  /// Reads the rest of the first line that begins so.
  public static func line(of file: String, after beginning: String) -> Substring? {
    lines(of: file).first { $0.hasPrefix(beginning) }?.dropFirst(beginning.count)
  }
}
