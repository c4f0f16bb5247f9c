import Foundation
import SystemPackage
import TestSupport

/// A run of bash.
struct Bash {
  /// The exit status, or the negated number of the signal that ended it.
  let status: Int32
  let output: [UInt8]
  let errors: String

  static let isThere = FileManager.default.isExecutableFile(atPath: "/bin/bash")

  /// - Parameters:
  ///   - arguments: All of bash's.
  ///   - environment: What is set besides `PATH`.
  ///   - body: What is done meanwhile.
  init(
    _ arguments: [String], environment: [String: String] = [:],
    whileRunning body: (pid_t) -> Void = { _ in }
  ) throws {
    let folder = try TemporaryFolder()
    var actions = posix_spawn_file_actions_t()
    posix_spawn_file_actions_init(&actions)
    defer { posix_spawn_file_actions_destroy(&actions) }
    let write = O_WRONLY | O_CREAT | O_TRUNC
    posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
    posix_spawn_file_actions_addopen(&actions, 1, folder["output"].string, write, 0o600)
    posix_spawn_file_actions_addopen(&actions, 2, folder["errors"].string, write, 0o600)

    // Threads that run tests leave signals alone, and so would what they start.
    var attributes = posix_spawnattr_t()
    posix_spawnattr_init(&attributes)
    defer { posix_spawnattr_destroy(&attributes) }
    var signals = sigset_t()
    sigemptyset(&signals)
    posix_spawnattr_setsigmask(&attributes, &signals)
    sigfillset(&signals)
    posix_spawnattr_setsigdefault(&attributes, &signals)
    posix_spawnattr_setflags(
      &attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

    let variables = ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    var argv = (["bash"] + arguments).map { strdup($0) } + [nil]
    var envp = variables.map { strdup("\($0.key)=\($0.value)") } + [nil]
    defer { for text in argv + envp { free(text) } }
    var process = pid_t()
    let reason = posix_spawn(&process, "/bin/bash", &actions, &attributes, &argv, &envp)
    guard reason == 0 else { throw Errno(rawValue: reason) }
    body(process)
    var ending: Int32 = 0
    while waitpid(process, &ending, 0) < 0 {}
    status = ending & 0x7F == 0 ? ending >> 8 & 0xFF : -(ending & 0x7F)
    output = try folder.bytes("output")
    errors = String(decoding: try folder.bytes("errors"), as: UTF8.self)
  }
}
