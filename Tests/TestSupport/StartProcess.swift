import Glibc
import SystemPackage

/// Starts a process that takes signals as at a prompt, however the tests themselves were started.
///
/// - Parameters:
///   - words: The process's own name and its arguments, each without a null byte.
///   - files: Makes the process's descriptors, from those of the tests.
/// - Throws: The system's reason.
public func startProcess(
  _ command: String, _ words: [[UInt8]], environment: [String: String],
  files: (inout posix_spawn_file_actions_t) -> Void
) throws(Errno) -> pid_t {
  var actions = posix_spawn_file_actions_t()
  posix_spawn_file_actions_init(&actions)
  defer { posix_spawn_file_actions_destroy(&actions) }
  files(&actions)

  var attributes = posix_spawnattr_t()
  posix_spawnattr_init(&attributes)
  defer { posix_spawnattr_destroy(&attributes) }
  var signals = sigset_t()
  sigemptyset(&signals)
  posix_spawnattr_setsigmask(&attributes, &signals)
  sigfillset(&signals)
  posix_spawnattr_setsigdefault(&attributes, &signals)
  posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK))

  var argv = words.map { strdup($0.map(CChar.init(bitPattern:)) + [0]) } + [nil]
  var variables = environment.map { strdup("\($0.key)=\($0.value)") } + [nil]
  defer { for text in argv + variables { free(text) } }
  var process = pid_t()
  let reason = posix_spawn(&process, command, &actions, &attributes, &argv, &variables)
  guard reason == 0 else { throw Errno(rawValue: reason) }
  return process
}
