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
  }

  /// The paintings, sorted by input, byte by byte, and by style; of a stream's first picture alone,
  /// as nobody knows how many there are.
  public let items: [Item]
  /// The pictures on standard input, where there are several.
  public let stream: PictureStream?
  /// Files in the directories that are no pictures by their names.
  public let passedOverFiles: [FilePath]
  /// Directories that were not entered.
  public let passedOverDirectories: Int
  /// Whether existing outputs are replaced.
  public let overwrites: Bool
  private let naming: OutputNaming

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
  ///   - listed: More of them, whose paths are kept from the directory on that holds them all.
  ///   - base: The directory from which the paths of all inputs are kept; nil for the inputs' own:
  ///     a directory's pictures are kept from there on, a file has its name alone.
  ///   - target: A file only for a single input that is no directory.
  ///   - recursively: Whether directories in directories are entered.
  ///   - format: `keep` goes by the input's signature.
  ///   - styles: The directories in `target` that each picture's paintings go to, where there are
  ///     several; empty for one painting in `target` itself.
  ///   - overwrites: Whether existing outputs are replaced. Else they are skipped in a directory,
  ///     and refused as `target`.
  ///   - others: Files that are read besides pictures, to which no output goes either.
  /// - Throws: `BatchPlanError`.
  /// - Complexity: O(n log n) for n files, of each of which the first bytes are read.
  public init(
    inputs: [FilePath], listed: [FilePath] = [], base: FilePath? = nil, target: Target,
    recursively: Bool, format: Format, styles: [FilePath.Component] = [], overwrites: Bool,
    reading others: [FilePath] = []
  ) throws(BatchPlanError) {
    self.overwrites = overwrites
    var outputDirectory: FilePath?
    if case .directory(let path) = target { outputDirectory = path }
    var walk = PictureWalk(recursively: recursively, leavingOut: outputDirectory)
    var found: [PictureWalk.Found] = []
    let base = base.map { BaseDirectory($0) }
    let listBase = base ?? BaseDirectory(above: listed)
    var outside: [FilePath] = []
    for (input, base) in inputs.map({ ($0, base) }) + listed.map({ ($0, listBase) }) {
      let relativePath = base?.relativePath(of: input)
      if base != nil, relativePath == nil { outside.append(input) }
      found += walk.pictures(at: input, as: relativePath)
    }
    if let base, !outside.isEmpty { throw .notBelow(base: base.path, inputs: outside) }
    passedOverFiles = walk.passedOverFiles.sorted { $0.precedes($1) }
    passedOverDirectories = walk.passedOverDirectories
    naming = OutputNaming(target: target, format: format, styles: styles)
    stream = nil
    var outputs = PlannedOutputs(target, format, overwrites: overwrites, reading: others)
    items = try outputs.checked(
      found.map(naming.items).sorted { $0[0].input.precedes($1[0].input) }.flatMap(\.self))
    guard !items.isEmpty else {
      throw .noPictures(
        passedOverFiles: passedOverFiles.count, passedOverDirectories: passedOverDirectories)
    }
  }

  /// Names the outputs of pictures that come one after the other: `000001.png` and so on in a
  /// directory, or standard output.
  ///
  /// - Throws: `BatchPlanError`, `.severalPictures` where `target` is a file.
  public init(
    stream: PictureStream, target: Target, format: Format, styles: [FilePath.Component] = [],
    overwrites: Bool, reading others: [FilePath] = []
  ) throws(BatchPlanError) {
    if case .file(let path) = target, !path.isStandardStream {
      throw .severalPictures(output: path)
    }
    self.stream = stream
    self.overwrites = overwrites
    (passedOverFiles, passedOverDirectories) = ([], 0)
    naming = OutputNaming(target: target, format: format, styles: styles)
    var outputs = PlannedOutputs(target, format, overwrites: overwrites, reading: others)
    items = try outputs.checked(naming.items(streamed: 1, stream.firstFormat))
  }

  /// The paintings of the picture of this number in a stream, those marked that are there already.
  func items(streamed number: Int, _ format: ImageFormat) -> [Item] {
    naming.items(streamed: number, format).map { item in
      var item = item
      let isFree = item.output.isStandardStream || OutputEntry(at: item.output) == .nothing
      if !overwrites, !isFree { item.state = .skipped }
      return item
    }
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
