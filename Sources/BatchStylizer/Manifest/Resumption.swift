import SystemFiles
import SystemPackage

/// What earlier runs into a directory have done, and what is still to be done by this one.
public struct Resumption: Sendable {
  /// What manifests know of what is at an item's output.
  enum Work: Equatable, Sendable {
    /// It is none of a run's, or somebody changed it since.
    case none
    /// It is what this run would make.
    case same
    /// It is a run's, but of another state of the picture, another style or other options.
    case other
  }

  private let index: ManifestIndex
  private let recipe: Recipe

  /// - Parameters:
  ///   - directory: That of the outputs.
  ///   - shard: The run's share.
  ///   - recipe: The style and options, by which what was painted otherwise is told.
  /// - Throws: `ManifestError.unreadable`.
  public init(
    into directory: FilePath, _ shard: Shard? = nil, _ recipe: Recipe
  ) throws(ManifestError) {
    index = try ManifestIndex(ManifestFile.paths(in: directory, knowing: shard), in: directory)
    self.recipe = recipe
  }

  /// - Precondition: There is something at the item's output.
  func work(on item: BatchPlan.Item) -> Work {
    let records = index.records(of: item.output)
    guard let last = records.last, let done = records.last(where: { $0.outcome == .done }),
      done.outputBytes == FileStatus(of: item.output)?.size
    else { return .none }
    return last.isOf(item, recipe) ? .same : .other
  }
}
