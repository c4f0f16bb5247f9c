import Layers
import StyleEngine
import StyleModels

/// A norm that an experiment holds beside others, under the same weights.
struct TriedNorm: Sendable {
  let name: String
  let normalization: Normalization
}

extension Workbench {
  /// The norms that can be tried on these pictures, and what is to be said of those that can't.
  var norms: (tried: [TriedNorm], notes: [ExperimentNote]) {
    let groups = if case .group(.count(let groups)) = network.normalization { groups } else { 4 }
    var notes: [ExperimentNote] = []
    var tried = [
      TriedNorm(name: "instance", normalization: .instance),
      TriedNorm(name: "group (\(groups))", normalization: .group(.count(groups))),
      TriedNorm(name: "layer", normalization: .layer),
      TriedNorm(name: "batch", normalization: .batch),
    ].filter { norm in
      do throws(StyleNetworkError) { try network.check(norm.normalization) } catch {
        notes.append(.leftOut(norm: norm.name, error))
        return false
      }
      return true
    }
    if photographs.count > 1 {
      tried.append(TriedNorm(name: "batch-live", normalization: .batchLive))
    } else {
      notes.append(.singlePicture)
    }
    return (tried, notes)
  }
}
