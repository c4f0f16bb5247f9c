import ImageFiles
import SystemFiles
import SystemPackage

/// The work of a run, settled before it begins: which file becomes which.
///
/// Everything that would spoil a run as a whole is found here, before the first picture is decoded:
/// inputs that want one output, an output that is an input, a place that can't be written to.
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

    /// The file; `-#2` for the second of a stream's pictures.
    public let input: FilePath
    public let output: FilePath
    /// The format that is written.
    public let format: ImageFormat
    /// The number of its style, where there are several.
    public var style = 0
    public var state: State = .pending
    /// Whether a file that is there already is replaced.
    public var replaces = false
    /// Whether a manifest shows it as done.
    public var isKnown = false
    /// The state of the input when it was looked at; nil where that couldn't be.
    public var inputStatus: FileStatus?
  }

  /// The place where results go.
  public enum Target: Equatable, Sendable {
    case file(FilePath)
    case directory(FilePath)
  }

  /// The format of results.
  public enum Format: String, CaseIterable, Sendable {
    case keep, png, jpeg
  }

  /// The most pictures that are planned as a whole. Of more, the names are looked at, and each is
  /// opened once, when its turn comes.
  public static let maximumPlanned = 20_000

  /// The paintings, sorted by input, byte by byte, and by style, where they are planned as a whole;
  /// of a stream's first picture alone, as nobody knows how many there are; empty where there are too
  /// many.
  public let items: [Item]
  /// The paintings, as far as they can be counted; nil for a stream's.
  public let count: Int?
  /// The pictures on standard input, where there are several.
  public let stream: PictureStream?
  /// What the directories hold besides.
  public let passedOver: PictureWalk.PassedOver
  /// Those of too many pictures to be planned as a whole.
  let sequence: PlannedSequence?
  private let naming: OutputNaming
  private let existing: ExistingOutputs

  /// Walks the inputs and names their outputs.
  ///
  /// - Parameters:
  ///   - inputs: Files, which are always tried, and directories, in which the files with a
  ///     picture's extension are.
  ///   - listed: More of them, whose paths are kept from the directory on that holds them all.
  ///   - base: The directory from which the paths of all inputs are kept; nil for the inputs' own:
  ///     a directory's pictures are kept from there on, a file has its name alone.
  ///   - target: A file only for a single input that is no directory.
  ///   - recursively: Whether directories in directories are entered.
  ///   - shard: The share of the pictures that is done; nil for all.
  ///   - format: `keep` goes by the input's signature.
  ///   - styles: The directories in `target` that each picture's paintings go to, where there are
  ///     several; empty for one painting in `target` itself.
  ///   - existing: What becomes of outputs that are there already in a directory; as `target` they
  ///     are refused unless they are replaced.
  ///   - others: Files that are read besides pictures, to which no output goes either.
  ///   - maximumPlanned: The most pictures that are planned as a whole.
  /// - Throws: `BatchPlanError`.
  /// - Complexity: O(n log n) for n files. Of up to `maximumPlanned` files the first bytes are read; of
  ///   more, names alone, but for those whose outputs could clash.
  public init(
    inputs: [FilePath], listed: PathList = PathList(), base: FilePath? = nil, target: Target,
    recursively: Bool, shard: Shard? = nil, format: Format, styles: [FilePath.Component] = [],
    existing: ExistingOutputs = .leave, reading others: [FilePath] = [],
    maximumPlanned: Int = maximumPlanned
  ) throws(BatchPlanError) {
    self.existing = existing
    let base = base.map { BaseDirectory($0) }
    let listedInputs = ListedInputs(listed, below: base ?? BaseDirectory(above: listed))
    let named = try Self.named(inputs, listedInputs, base)
    let naming = OutputNaming(target: target, format: format, styles: styles)
    self.naming = naming
    var walk = PictureWalk(
      named, listedInputs, recursively: recursively, leavingOut: naming.directory, shard: shard)
    stream = nil
    let start = walk
    var found: [PictureWalk.Found] = []
    while found.count <= maximumPlanned, let next = walk.next() { found.append(next) }
    var outputs = PlannedOutputs(target, format, existing: existing, reading: others)
    if found.count > maximumPlanned {
      let sequence = try PlannedSequence(
        start, naming: naming, existing: existing, reading: others, &outputs)
      self.sequence = sequence
      items = []
      (count, passedOver) = (sequence.count, sequence.passedOver)
      found = []
      FreedMemory.giveBack()
      return
    }
    sequence = nil
    items = try outputs.checked(found.flatMap { naming.items($0).items })
    count = items.count
    passedOver = walk.passedOver
    guard !items.isEmpty || passedOver.ofOtherShares > 0 else {
      throw .noPictures(
        passedOverFiles: passedOver.fileCount, passedOverDirectories: passedOver.directories)
    }
  }

  /// Names the outputs of pictures that come one after the other: `000001.png` and so on in a
  /// directory, or standard output.
  ///
  /// - Throws: `BatchPlanError`, `.severalPictures` where `target` is a file.
  public init(
    stream: PictureStream, target: Target, format: Format, styles: [FilePath.Component] = [],
    existing: ExistingOutputs = .leave, reading others: [FilePath] = []
  ) throws(BatchPlanError) {
    if case .file(let path) = target, !path.isStandardStream {
      throw .severalPictures(output: path)
    }
    self.stream = stream
    self.existing = existing
    (sequence, count, passedOver) = (nil, nil, PictureWalk.PassedOver())
    naming = OutputNaming(target: target, format: format, styles: styles)
    var outputs = PlannedOutputs(target, format, existing: existing, reading: others)
    items = try outputs.checked(naming.items(streamed: 1, stream.firstFormat))
  }

  /// The directory that outputs go to, where one that is there already is no failure.
  public var outputDirectory: FilePath? { naming.directory }

  /// The paintings of the picture of this number in a stream, those marked that are there already.
  func items(streamed number: Int, _ format: ImageFormat) -> [Item] {
    naming.items(streamed: number, format).map { item in
      var item = item
      if !item.output.isStandardStream { existing.mark(&item, OutputEntry(at: item.output)) }
      return item
    }
  }

  /// The inputs that were named one by one, in order, with what stands for them in relative paths.
  ///
  /// - Throws: `BatchPlanError.notBelow`, where one of them or of those listed isn't below the base.
  private static func named(
    _ inputs: [FilePath], _ listed: ListedInputs, _ base: BaseDirectory?
  ) throws(BatchPlanError) -> [PictureWalk.Input] {
    let named = inputs.map { PictureWalk.Input($0, as: base?.relativePath(of: $0)) }
    if let base {
      var outside = named.filter { $0.relativePath == nil }.map(\.path)
      var listed = listed
      while let (entry, relativePath) = listed.popFirst() {
        if relativePath == nil { outside.append(entry.path) }
      }
      guard outside.isEmpty else { throw .notBelow(base: base.path, inputs: outside) }
    }
    return named.sorted { $0.path.precedes($1.path) }
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
