import Glibc

/// How the process ends, where it doesn't end well. What there is to say has been said.
enum ExitStatus: Error {
  /// Some items failed, the rest are done.
  case someFailed
  /// Nothing was done or skipped.
  case nothingDone
  /// Ended by a signal.
  case interrupted(signal: CInt)

  var code: CInt {
    switch self {
    case .someFailed: 1
    case .nothingDone: 2
    case .interrupted(let signal): 128 + signal
    }
  }
}
