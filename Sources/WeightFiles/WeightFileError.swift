import SystemFiles
import SystemPackage

/// The reason why a weight file could not be read or written.
///
/// Only `unwritable` names the file: whoever reads one knows its name, or has none.
public enum WeightFileError: Error, Equatable, Sendable, CustomStringConvertible {
  /// The system can't open or read it, for the given reason.
  case unreadable(Errno)
  /// A directory, a pipe, a device.
  case notARegularFile
  /// More bytes than weights ever have.
  case tooLarge(bytes: Int, limit: Int)
  /// The values take more memory than there may be.
  case memoryTooSmall(needed: Int, given: Int)
  /// Weights in another shape than safetensors.
  case otherFormat(OtherWeightFormat)
  /// The faults inside: all of them, as far as they could be understood. Never empty.
  case faults([Fault])
  /// The contents are sound and the file could not be written.
  case unwritable(AtomicFileError)

  public var description: String {
    switch self {
    case .unreadable(let reason): "can't be read: \(reason)"
    case .notARegularFile: "isn't a regular file"
    case .tooLarge(let bytes, let limit): "\(bytes) bytes; weight files have at most \(limit)"
    case .memoryTooSmall(let needed, let given):
      "its values take \((needed + 1 << 20 - 1) >> 20)M of memory, of the \(given >> 20)M that are left"
    case .otherFormat(let format): "not a safetensors file but \(format)"
    case .faults(let faults): list(faults)
    case .unwritable(let error): error.description
    }
  }
}

/// The faults, one a line, as many as a person reads.
private func list(_ faults: [WeightFileError.Fault]) -> String {
  let shown = 100
  let lines = faults.prefix(shown).map(\.description)
  let rest = faults.count > shown ? ["and \(faults.count - shown) more faults"] : []
  return (lines + rest).joined(separator: "\n")
}
