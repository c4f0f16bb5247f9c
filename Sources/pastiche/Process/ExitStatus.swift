import Glibc

/// The end of the process, where it isn't a good one. What there is to say has been said.
enum ExitStatus: Error {
  /// Some items failed, the rest are done.
  case someFailed
  /// Nothing was done or skipped.
  case nothingDone
  /// The run was ended by a signal.
  case interrupted(signal: CInt)

  var code: CInt {
    switch self {
    case .someFailed: 1
    case .nothingDone: 2
    case .interrupted(let signal): 128 + signal
    }
  }
}
