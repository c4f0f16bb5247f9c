import Glibc
import SystemFiles
import SystemPackage

enum StandardStreams {
  /// Fills the places of streams that the process was started without. Else the next file that is
  /// opened, a picture for one, would stand there and get the words meant for the stream.
  static func fill() {
    for stream in [STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO] where fcntl(stream, F_GETFD) < 0 {
      // Opened the wrong way round: using it is still an error. The lowest free number is given.
      _ = open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY)
    }
  }

  /// Writes all of `text`, or tells why it can't.
  static func write(_ text: String, to stream: CInt) -> Errno? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while !rest.isEmpty {
        let written = Glibc.write(stream, rest.baseAddress, rest.count)
        if written < 0, errno == EINTR { continue }
        guard written > 0 else { return Errno(rawValue: errno) }
        rest = UnsafeRawBufferPointer(rebasing: rest.dropFirst(written))
      }
      return nil
    }
  }
}

/// Data goes here, and nothing else; no name in it can do harm.
enum StandardOutput {
  /// - Throws: `Refusal` where it can't be written; `ExitStatus` where nobody reads any more.
  static func writeLine(_ line: String) throws {
    let line = line.printableLines + "\n"
    guard let reason = StandardStreams.write(line, to: STDOUT_FILENO) else { return }
    if reason == .brokenPipe { throw ExitStatus.interrupted(signal: SIGPIPE) }
    throw Refusal("can't write to standard output: \(reason)")
  }
}
