import Foundation
import SystemPackage
import TestSupport

/// The executable under test: `$PASTICHE_EXECUTABLE`, else `pastiche` beside the tests' own.
enum Program {
  static let executable: FilePath = {
    if let named = ProcessInfo.processInfo.environment["PASTICHE_EXECUTABLE"] {
      return FilePath(named)
    }
    return built.appending("pastiche")
  }()

  /// The directory of what was built with these tests.
  static let built = FilePath(
    URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().path
  ).removingLastComponent()

  /// An argument, which need not be text.
  struct Argument: ExpressibleByStringInterpolation {
    let bytes: [UInt8]

    init(_ bytes: [UInt8]) { self.bytes = bytes }
    init(stringLiteral text: String) { bytes = Array(text.utf8) }
  }

  /// Where a process's words go.
  enum StandardError {
    case captured
    case closed
    case terminal(FileDescriptor)
  }
}

/// How a process ended, and what it said.
struct Ended {
  /// Its exit status, or the negated number of the signal that ended it.
  let status: Int32
  let output: String
  let errors: String

  var errorLines: [String] { errors.split(separator: "\n").map(String.init) }

  /// The standard error of `--log-format json`, each line of which must be one JSON object.
  func events() throws -> [[String: Any]] {
    try errorLines.map { line in
      let object = try JSONSerialization.jsonObject(with: Data(line.utf8))
      guard let event = object as? [String: Any] else { throw NotAnObject(line: line) }
      return event
    }
  }

  struct NotAnObject: Error {
    let line: String
  }
}

/// A process that was started, and is ended by force if it hangs.
final class Running: @unchecked Sendable {
  private let process: pid_t
  private let output: FilePath
  private let errors: FilePath
  private let lock = NSLock()
  private var isReaped = false

  /// Far beyond what any run needs, and before the tests' own deadline.
  private static let patience = 200.0

  /// - Parameters:
  ///   - folder: Where it runs.
  ///   - log: A name for the files that take its output, outside of `folder`.
  init(
    _ command: FilePath, _ arguments: [Program.Argument], in folder: FilePath, log: FilePath,
    environment: [String: String], standardInput: String = "/dev/null",
    standardOutput: String? = nil, standardError: Program.StandardError = .captured
  ) throws {
    output = FilePath(standardOutput ?? "\(log).output")
    errors = FilePath("\(log).errors")
    let (output, errors) = (output.string, errors.string)
    let write = O_WRONLY | O_CREAT | O_TRUNC
    // The way to another working directory that every C library has.
    let shell = ["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", folder.string, command.string]
    process = try startProcess(
      shell[0], shell.map { Array($0.utf8) } + arguments.map(\.bytes), environment: environment
    ) { files in
      posix_spawn_file_actions_addopen(&files, 0, standardInput, O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&files, 1, output, write, 0o600)
      switch standardError {
      case .captured: posix_spawn_file_actions_addopen(&files, 2, errors, write, 0o600)
      case .closed: posix_spawn_file_actions_addclose(&files, 2)
      case .terminal(let descriptor):
        posix_spawn_file_actions_adddup2(&files, descriptor.rawValue, 2)
      }
    }
    DispatchQueue.global().asyncAfter(deadline: .now() + Self.patience) { [self] in send(SIGKILL) }
  }

  func send(_ signal: Int32) {
    lock.withLock { if !isReaped { kill(process, signal) } }
  }

  /// Waits until `text` is in its standard error, or it has ended.
  func waitForErrors(_ text: String) {
    while !self.text(of: errors).contains(text) {
      var information = siginfo_t()
      waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT | WNOHANG)
      if information.si_signo != 0 { return }
      usleep(2000)
    }
  }

  func wait() throws -> Ended {
    var information = siginfo_t()
    // Reaped under the lock, so that no signal goes to another process of the same number.
    while waitid(P_PID, id_t(process), &information, WEXITED | WNOWAIT) != 0 {}
    var status: Int32 = 0
    lock.withLock {
      waitpid(process, &status, 0)
      isReaped = true
    }
    let signal = status & 0x7F
    return Ended(
      status: signal == 0 ? status >> 8 & 0xFF : -signal,
      output: text(of: output), errors: text(of: errors))
  }

  private func text(of file: FilePath) -> String {
    let data = FileManager.default.contents(atPath: file.string) ?? Data()
    return String(decoding: data, as: UTF8.self)
  }
}
