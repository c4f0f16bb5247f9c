import Glibc
import SystemFiles
import SystemPackage

/// Words for people, and logs: what is no data goes here.
enum StandardError {
  /// Whether somebody may be looking on.
  static let isTerminal = isatty(STDERR_FILENO) == 1

  /// Columns of the terminal.
  static var columns: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func write(_ text: String) {
    // Where words can't be written, that can't be said either.
    _ = StandardStreams.write(text, to: STDERR_FILENO)
  }

  /// Writes words, of which nothing but the ends of lines can do anything, whatever names are in them.
  static func writeLine(_ line: String) {
    write(line.printableLines + "\n")
  }

  /// Tells somebody who looks on what was written; to a script no news is good news.
  static func tellWritten(_ file: FilePath) {
    if isTerminal { writeLine("wrote \(printable(file))") }
  }

  /// Writes why a command is refused. A message of several lines stays one.
  static func write(refusal message: String) {
    let lines = message.split(separator: "\n", omittingEmptySubsequences: false)
    writeLine("pastiche: " + lines.map { printable(String($0)) }.joined(separator: "\n"))
  }
}
