import SystemFiles
import SystemPackage

/// Finds what is wrong with the outputs of a run before it begins.
struct PlannedOutputs {
  private let target: BatchPlan.Target
  private let format: BatchPlan.Format
  private let existing: ExistingOutputs
  /// Files that are read besides pictures.
  private let others: [FilePath]
  /// Asks the disk whether two names that differ in case are one.
  private let areOne: (FilePath, FilePath) -> Bool

  private var checked: [BatchPlan.Item] = []
  /// The items whose outputs are the same but for case, by that, each with its place.
  private var owners: [FilePlace.Caseless: [(index: Int, place: FilePlace)]] = [:]
  /// The places of directories.
  private var directories: [FilePath: FilePlace] = [:]
  /// The clashes, by the item that came first.
  private var clashes: [Int: OutputClash] = [:]
  /// The items that replace a file, by the file.
  private var replaced: [FileIdentity: (owner: Int, isLink: Bool)] = [:]
  private var obstructed: [BatchPlanError.ObstructedOutput] = []

  init(
    _ target: BatchPlan.Target, _ format: BatchPlan.Format, existing: ExistingOutputs,
    reading others: [FilePath] = [],
    areOne: @escaping (FilePath, FilePath) -> Bool = CaselessNames.areOne
  ) {
    self.target = target
    self.format = format
    self.existing = existing
    self.others = others
    self.areOne = areOne
  }

  /// The items without repetitions, existing outputs marked.
  ///
  /// - Throws: `BatchPlanError`; clashes and such all together.
  mutating func checked(_ items: [BatchPlan.Item]) throws(BatchPlanError) -> [BatchPlan.Item] {
    var inputs: [FileIdentity: FilePath] = [:]
    for input in others + items.map(\.input) {
      if let identity = FileIdentity(of: input) { inputs[identity] = input }
    }
    var failed: Set<PlannedPainting> = []
    for item in items {
      // What can't be read wants no output.
      if case .failed = item.state {
        if failed.insert(PlannedPainting(item)).inserted { checked.append(item) }
      } else if isUnclaimed(item) {
        checked.append(try marked(item, inputs))
      }
    }
    if !clashes.isEmpty { throw .clashes(clashes.sorted { $0.key < $1.key }.map(\.value)) }
    if !obstructed.isEmpty { throw .notReplaceable(obstructed) }
    let closed = closedPlaces
    if !closed.isEmpty { throw .closed(closed) }
    return checked
  }

  /// Tells whether an item is the first that wants its output, and takes down a clash where it isn't,
  /// unless it is the same picture once more, which is done once.
  private mutating func isUnclaimed(_ item: BatchPlan.Item) -> Bool {
    let place = place(of: item.output)
    let owner = owners[place.caseless]?.first { owner in
      owner.place == place || areOne(checked[owner.index].output, item.output)
    }
    guard let owner = owner?.index else {
      owners[place.caseless, default: []].append((checked.count, place))
      return true
    }
    let (first, second) = (checked[owner].input, item.input)
    let isOnePicture = first == second || isOneFile(first, second)
    if !isOnePicture || checked[owner].style != item.style {
      let isOnePlace = self.place(of: checked[owner].output) == place
      add(item, toClashWith: owner, isOnePlace ? .name : .caseless)
    }
    return false
  }

  /// The place of a file in its directory, whether it is there or not.
  private mutating func place(of path: FilePath) -> FilePlace {
    let above = path.removingLastComponent()
    let directory = directories[above] ?? FilePlace(of: above)
    directories[above] = directory
    return path.lastComponent.map(directory.appending) ?? directory
  }

  /// - Parameter cause: The cause where their outputs aren't the same to the byte.
  private mutating func add(
    _ item: BatchPlan.Item, toClashWith owner: Int, _ cause: OutputClash.Cause
  ) {
    let first = checked[owner]
    var clash = clashes[owner] ?? OutputClash(first.output, [first.input])
    clash.inputs.append(item.input)
    clash.cause = first.output == item.output ? clash.cause(format) : cause
    clashes[owner] = clash
  }

  /// An item whose output is looked at.
  private mutating func marked(_ item: BatchPlan.Item, _ inputs: [FileIdentity: FilePath])
    throws(BatchPlanError) -> BatchPlan.Item
  {
    guard !item.output.isStandardStream else { return item }
    let entry = OutputEntry(at: item.output)
    if case .file(let identity, _) = entry, let input = inputs[identity] {
      throw .outputIsInput(output: item.output, input: input)
    }
    var item = item
    existing.mark(&item, entry)
    let isSingle = if case .file = target { true } else { false }
    switch entry {
    case .nothing: break
    case .file(let identity, let isLink):
      if item.replaces {
        replace(identity, isLink: isLink, by: item)
      } else if isSingle {
        throw .outputExists(item.output)
      }
    case .obstacle(let obstacle):
      if isSingle || item.replaces { obstructed.append(.init(item.output, obstacle)) }
    }
    return item
  }

  /// Takes down which file an item replaces. Of two names one may be a link to the other's file;
  /// other names of one file become files of their own.
  private mutating func replace(_ file: FileIdentity, isLink: Bool, by item: BatchPlan.Item) {
    if let (owner, otherIsLink) = replaced[file] {
      if isLink || otherIsLink { add(item, toClashWith: owner, .name) }
    } else {
      replaced[file] = (checked.count, isLink)
    }
  }

  /// The places that keep outputs from being written, in order.
  private var closedPlaces: [ClosedPlace] {
    var directories: Set<FilePath> = []
    var places: [ClosedPlace] = []
    for item in checked where item.state == .pending && !item.output.isStandardStream {
      let directory = item.output.removingLastComponent()
      guard directories.insert(directory).inserted,
        let place = ClosedPlace(onTheWayTo: directory), !places.contains(place)
      else { continue }
      places.append(place)
    }
    return places
  }

  private func isOneFile(_ a: FilePath, _ b: FilePath) -> Bool {
    guard let identity = FileIdentity(of: a) else { return false }
    return identity == FileIdentity(of: b)
  }
}
