import ImageFiles
import SystemFiles
import SystemPackage

/// The work of a run, settled before it begins: which file becomes which.
///
/// Everything that would spoil a run as a whole is found here, before the first picture is decoded:
/// two inputs that want one output, an output that is an input.
public struct BatchPlan: Sendable {
  /// One painting of one picture.
  public struct Item: Equatable, Sendable {
    public enum State: Equatable, Sendable {
      case pending
      /// The output is there already and may not be replaced.
      case skipped
      /// The picture failed before it was begun.
      case failed(ItemError)
    }

    public let input: FilePath
    public let output: FilePath
    /// The format that is written.
    public let format: ImageFormat
    /// The number of its style, where there are several.
    public var style = 0
    public var state: State = .pending
  }

  /// The paintings, sorted by input, byte by byte, and by style.
  public let items: [Item]
  /// Files in the directories that are no pictures by their names.
  public let passedOverFiles: Int
  /// Directories that were not entered.
  public let passedOverDirectories: Int
  /// Whether existing outputs are replaced.
  public let overwrites: Bool

  /// The place where results go.
  public enum Target: Equatable, Sendable {
    case file(FilePath)
    case directory(FilePath)
  }

  /// The format of results.
  public enum Format: String, CaseIterable, Sendable {
    case keep, png, jpeg
  }

  /// Walks the inputs and names their outputs.
  ///
  /// - Parameters:
  ///   - inputs: Files, which are always tried, and directories, in which the files with a
  ///     picture's extension are.
  ///   - target: A file only for a single input that is no directory.
  ///   - recursively: Whether directories in directories are entered.
  ///   - format: `keep` goes by the input's signature.
  ///   - styles: The directories in `target` that each picture's paintings go to, where there are
  ///     several; empty for one painting in `target` itself.
  ///   - overwrites: Whether existing outputs are replaced. Else they are skipped in a directory,
  ///     and refused as `target`.
  /// - Throws: `BatchPlanError`.
  /// - Complexity: O(n log n) for n files, of each of which the first bytes are read.
  public init(
    inputs: [FilePath], target: Target, recursively: Bool, format: Format,
    styles: [FilePath.Component] = [], overwrites: Bool
  ) throws(BatchPlanError) {
    self.overwrites = overwrites
    var outputDirectory: FilePath?
    if case .directory(let path) = target { outputDirectory = path }
    var walk = PictureWalk(recursively: recursively, leavingOut: outputDirectory)
    var found: [PictureWalk.Found] = []
    for input in inputs { found += walk.pictures(at: input) }
    passedOverFiles = walk.passedOverFiles
    passedOverDirectories = walk.passedOverDirectories
    let naming = OutputNaming(target: target, format: format, styles: styles)
    items = try Self.checked(
      found.map(naming.items).sorted { $0[0].input.precedes($1[0].input) }.flatMap(\.self), target,
      overwrites)
    guard !items.isEmpty else {
      throw .noPictures(
        passedOverFiles: passedOverFiles, passedOverDirectories: passedOverDirectories)
    }
  }

  /// The items without repetitions, existing outputs marked.
  private static func checked(_ items: [Item], _ target: Target, _ overwrites: Bool)
    throws(BatchPlanError) -> [Item]
  {
    var inputs: [FileIdentity: FilePath] = [:]
    for item in items {
      if let identity = FileIdentity(of: item.input) { inputs[identity] = item.input }
    }
    var owners: [FilePath: FilePath] = [:]
    var checked: [Item] = []
    for var item in items {
      // What can't be read wants no output.
      if case .failed = item.state {
        let isNew = !checked.lazy.reversed().prefix { $0.input == item.input }.contains(item)
        if isNew { checked.append(item) }
        continue
      }
      if let owner = owners[item.output] {
        // The same file named twice, however, is done once.
        if owner == item.input || isOneFile(owner, item.input) { continue }
        throw .clash(output: item.output, inputs: [owner, item.input])
      }
      owners[item.output] = item.input
      if let identity = FileIdentity(of: item.output) {
        if let input = inputs[identity] { throw .outputIsInput(output: item.output, input: input) }
        if case .file = target, !overwrites { throw .outputExists(item.output) }
        if !overwrites, item.state == .pending { item.state = .skipped }
      }
      checked.append(item)
    }
    return checked
  }

  private static func isOneFile(_ a: FilePath, _ b: FilePath) -> Bool {
    guard let identity = FileIdentity(of: a) else { return false }
    return identity == FileIdentity(of: b)
  }
}

extension BatchPlan.Item.State {
  var isFailed: Bool {
    if case .failed = self { true } else { false }
  }
}

extension ArraySlice<BatchPlan.Item> {
  /// The items of each input, in order.
  var chunkedByInput: [ArraySlice<BatchPlan.Item>] {
    var chunks: [ArraySlice<BatchPlan.Item>] = []
    var start = startIndex
    for index in indices {
      let isLast =
        index + 1 == endIndex || self[index].input != self[index + 1].input
        || self[index].style >= self[index + 1].style
      guard isLast else { continue }
      chunks.append(self[start...index])
      start = index + 1
    }
    return chunks
  }
}
