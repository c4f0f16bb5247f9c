import SystemFiles
import SystemPackage

/// What becomes of outputs that are there already.
public enum ExistingOutputs: Sendable {
  /// They are left alone, and counted as skipped.
  case leave
  case replace
  /// Those that a manifest knows are replaced where they are not what this run would make, and left
  /// alone where they are. Of others none is touched, unless they are to be replaced too.
  case resume(Resumption, replacingOthers: Bool)

  /// Takes down on an item what becomes of what is at its output.
  func mark(_ item: inout BatchPlan.Item, _ entry: OutputEntry) {
    let isThere: Bool
    switch entry {
    // What can't be looked at will tell when it is to be written.
    case .nothing, .obstacle(.unknown): isThere = false
    case .file, .obstacle: isThere = true
    }
    switch self {
    case .leave: break
    // One that appears meanwhile is, too.
    case .replace: item.replaces = true
    case .resume(let resumption, let replacesOthers):
      guard isThere else { break }
      switch resumption.work(on: item) {
      case .none: item.replaces = replacesOthers
      case .same: item.isKnown = true
      case .other: item.replaces = true
      }
    }
    if isThere, !item.replaces { item.state = .skipped }
  }
}
