import Foundation
import Synchronization
import SystemPackage
import TestSupport

/// A headless Chromium, and the pipes that its DevTools protocol goes through: it reads from its
/// descriptor 3 and writes to 4, JSON messages that end in a null byte.
///
/// `@unchecked Sendable`, as one test at a time has it.
final class DevToolsPipe: @unchecked Sendable {
  private let process: pid_t
  private let commands: FileDescriptor
  private let replies: FileDescriptor
  private let profile: TemporaryFolder
  private var received: [UInt8] = []

  /// Far beyond what any step needs: only a hang takes so long.
  private static let patience: Int32 = 120_000

  /// Those that no test has, as many at most as tests ran at a time.
  private static let resting: Mutex<[DevToolsPipe]> = {
    // What is static is never let go of otherwise, and neither were its profile.
    atexit { DevToolsPipe.resting.withLock { $0 = [] } }
    return Mutex([])
  }()

  /// One that is started already and no test has, else a new one.
  static func idle() throws -> DevToolsPipe {
    try resting.withLock { $0.popLast() } ?? DevToolsPipe()
  }

  /// Leaves it to the next test.
  func rest() { Self.resting.withLock { $0.append(self) } }

  private init() throws {
    let program = try Self.program()
    profile = try TemporaryFolder()
    let toBrowser = try FileDescriptor.pipe()
    let fromBrowser = try FileDescriptor.pipe()
    commands = toBrowser.writeEnd
    replies = fromBrowser.readEnd
    for end in [commands, replies] { _ = fcntl(end.rawValue, F_SETFD, FD_CLOEXEC) }
    // Out of the way of 3 and 4 themselves, and of other processes that are started meanwhile.
    let ends = [toBrowser.readEnd, fromBrowser.writeEnd].map { end in
      defer { try? end.close() }
      return fcntl(end.rawValue, F_DUPFD_CLOEXEC, 10)
    }
    defer { for end in ends { close(end) } }

    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 2, "/dev/null", O_WRONLY, 0)
    posix_spawn_file_actions_adddup2(&actions, ends[0], 3)
    posix_spawn_file_actions_adddup2(&actions, ends[1], 4)

    var words = [
      program, "--headless", "--remote-debugging-pipe", "--disable-gpu", "--no-first-run",
      "--hide-scrollbars", "--user-data-dir=\(profile.path)",
    ]
    // Chromium's sandbox can't be set up by root.
    if geteuid() == 0 { words.append("--no-sandbox") }
    var argv = words.map { strdup($0) } + [nil]
    defer { for word in argv { free(word) } }
    var identifier = pid_t()
    let status = posix_spawn(&identifier, program, &actions, nil, &argv, environ)
    guard status == 0 else { throw Errno(rawValue: status) }
    process = identifier
  }

  deinit {
    // Without anyone to listen to, it ends.
    try? commands.close()
    try? replies.close()
    for _ in 0..<100 {
      if waitpid(process, nil, WNOHANG) != 0 { return }
      usleep(50_000)
    }
    kill(process, SIGKILL)
    waitpid(process, nil, 0)
  }

  func send(_ message: [String: Any]) throws {
    let bytes = try JSONSerialization.data(withJSONObject: message) + [0]
    try commands.writeAll(bytes)
  }

  /// The next message, waited for.
  func receive() throws -> [String: Any] {
    while true {
      if let end = received.firstIndex(of: 0) {
        defer { received.removeSubrange(...end) }
        let message = try JSONSerialization.jsonObject(with: Data(received[..<end]))
        return message as? [String: Any] ?? [:]
      }
      var waiting = pollfd(fd: replies.rawValue, events: Int16(POLLIN), revents: 0)
      guard poll(&waiting, 1, Self.patience) > 0 else { throw BrowserError.silent }
      let chunk = try [UInt8](unsafeUninitializedCapacity: 1 << 20) { buffer, count in
        count = try replies.read(into: UnsafeMutableRawBufferPointer(buffer))
      }
      guard !chunk.isEmpty else { throw BrowserError.ended }
      received += chunk
    }
  }

  /// `$CHROMIUM`, else what is on the path.
  private static func program() throws -> String {
    let environment = ProcessInfo.processInfo.environment
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let usual = ["chromium-headless-shell", "chromium", "google-chrome"].flatMap { name in
      folders.map { "\($0)/\(name)" }
    }
    let candidates = environment["CHROMIUM"].map { [$0] } ?? usual
    guard let program = candidates.first(where: { access($0, X_OK) == 0 }) else {
      throw BrowserError.notInstalled
    }
    return program
  }
}

enum BrowserError: Error, CustomStringConvertible {
  case notInstalled
  case silent
  case ended
  case refused(method: String, reason: String)
  case threw(String)

  var description: String {
    switch self {
    case .notInstalled:
      "no Chromium: pages are tested in one. Run `.ci/install chromium-headless-shell`, or name "
        + "one in CHROMIUM"
    case .silent: "Chromium doesn't answer"
    case .ended: "Chromium ended"
    case .refused(let method, let reason): "Chromium refused \(method): \(reason)"
    case .threw(let reason): "the page threw \(reason)"
    }
  }
}
