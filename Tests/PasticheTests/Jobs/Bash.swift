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
    let write = O_WRONLY | O_CREAT | O_TRUNC
    let process = try startProcess(
      "/bin/bash", (["bash"] + arguments).map { Array($0.utf8) },
      environment: ["PATH": "/usr/bin:/bin"].merging(environment) { $1 }
    ) { files in
      posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0)
      posix_spawn_file_actions_addopen(&files, 1, folder["output"].string, write, 0o600)
      posix_spawn_file_actions_addopen(&files, 2, folder["errors"].string, write, 0o600)
    }
    body(process)
    var ending: Int32 = 0
    while waitpid(process, &ending, 0) < 0 {}
    status = ending & 0x7F == 0 ? ending >> 8 & 0xFF : -(ending & 0x7F)
    output = try folder.bytes("output")
    errors = String(decoding: try folder.bytes("errors"), as: UTF8.self)
  }
}
