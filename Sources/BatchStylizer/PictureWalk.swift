import Glibc
import ImageFiles
import Synchronization
import SystemFiles
import SystemPackage

/// The pictures that a user means by naming files and directories, one after the other: a file itself,
/// whether it is there or not, and of a directory, in the order of their paths' bytes, the files with a
/// picture's extension, but for names that begin with a dot.
///
/// Directories are listed as the walk comes to them, the largest once for all copies. A copy walks on
/// from where it was made.
public struct PictureWalk: Sequence, IteratorProtocol, Sendable {
  /// A file or directory to begin at.
  public struct Input: Sendable {
    public let path: FilePath
    /// What stands for it in relative paths; nil for a file's name, and for nothing where it is a
    /// directory.
    public let relativePath: FilePath?

    public init(_ path: FilePath, as relativePath: FilePath? = nil) {
      self.path = path
      self.relativePath = relativePath
    }
  }

  /// A picture, or a directory that could not be listed.
  public struct Found: Sendable {
    public let path: FilePath
    /// The path below the directory that was named, or the name of a file that was; or what stands
    /// for these.
    public let relativePath: FilePath
    /// Whether it is a pipe or the like, which reading uses up.
    public var isStream = false
    /// The reason why it can't be one: a directory that could not be listed, for one.
    public var error: ItemError?
  }

  /// What was come across and left.
  public struct PassedOver: Equatable, Sendable {
    /// Files in the directories that are no pictures by their names.
    public var fileCount = 0
    /// The first of them.
    public var files: [FilePath] = []
    /// Directories in the directories that were not entered.
    public var directories = 0
    /// Pictures of other shares.
    public var ofOtherShares = 0

    public init() {}

    fileprivate mutating func append(_ file: @autoclosure () -> FilePath) {
      fileCount += 1
      if files.count < 20 { files.append(file()) }
    }
  }

  /// A directory that the walk is in.
  struct OpenDirectory: Sendable {
    let path: FilePath
    let relativePath: FilePath
    let identity: FileIdentity
    /// Its number among all that were entered.
    let number: Int
    /// At the present entry.
    fileprivate(set) var entries: DirectoryEntries.Iterator
  }

  /// What the walk comes to.
  enum Step {
    /// The present entry of a directory.
    case entry(OpenDirectory)
    case other(Found)

    var found: Found {
      switch self {
      case .entry(let directory):
        Found(path: directory.presentPath, relativePath: directory.presentRelativePath)
      case .other(let found): found
      }
    }
  }

  public private(set) var passedOver = PassedOver()
  private let recursively: Bool
  private let leftOut: FileIdentity?
  private let shard: Shard?
  private var inputs: ArraySlice<Input>
  private var listed: ListedInputs
  /// The directories on the way to the present one: a link to one among them would lead round for
  /// ever.
  private var open: [OpenDirectory] = []
  private var enteredCount = 0
  private let listings = Listings()

  /// - Parameters:
  ///   - inputs: Those that were named one by one.
  ///   - recursively: Whether directories in directories are entered.
  ///   - directory: One that is not, wherever it turns up: the output's.
  ///   - shard: The share of the pictures that is wanted; nil for all.
  public init(
    _ inputs: [Input], recursively: Bool, leavingOut directory: FilePath? = nil,
    shard: Shard? = nil
  ) {
    self.init(
      inputs, ListedInputs(PathList(), below: nil), recursively: recursively,
      leavingOut: directory, shard: shard)
  }

  /// - Parameter listed: More of them; both are in order, and so are all.
  init(
    _ inputs: [Input], _ listed: ListedInputs, recursively: Bool, leavingOut directory: FilePath?,
    shard: Shard?
  ) {
    self.inputs = inputs[...]
    self.listed = listed
    self.recursively = recursively
    self.shard = shard
    leftOut = directory.flatMap(FileIdentity.init(of:))
  }

  public mutating func next() -> Found? {
    step()?.found
  }

  /// Goes on to what `next` gives, without taking memory for it.
  mutating func step() -> Step? {
    while true {
      let step: Step?
      if let present = open.indices.last {
        step = stepInDirectory(present)
      } else if isListedNext, let (entry, relativePath) = listed.popFirst() {
        step = enterInput(Input(entry.path, as: relativePath), entry.kind).map(Step.other)
      } else if let input = inputs.popFirst() {
        step = enterInput(input).map(Step.other)
      } else {
        return nil
      }
      if let step { return step }
    }
  }

  /// Whether the next input is of the list.
  private var isListedNext: Bool {
    guard let next = listed.next else { return false }
    return inputs.first.map { next.path.precedes($0.path) } ?? true
  }

  /// The next input; nil where it is a directory, which is entered, or another share's.
  ///
  /// - Parameter kind: What it was when it was looked at, if it was.
  private mutating func enterInput(_ input: Input, _ kind: FileKind = .unknown) -> Found? {
    var isStream = kind == .other
    if kind == .unknown || kind == .directory {
      let identity: FileIdentity?
      do throws(Errno) { identity = try FileIdentity(lookingUp: input.path) } catch {
        return Found(
          path: input.path, relativePath: input.relativePath ?? FilePath(),
          error: .unreachable(error))
      }
      if let identity, identity.isDirectory { return enter(input, identity) }
      isStream = identity?.isRegularFile == false
    }
    let name = input.path.lastComponent.map { FilePath(root: nil, components: $0) }
    let relativePath = input.relativePath ?? name ?? input.path
    guard isOwn(relativePath) else { return nil }
    return Found(path: input.path, relativePath: relativePath, isStream: isStream)
  }

  private mutating func enter(_ input: Input, _ identity: FileIdentity) -> Found? {
    enter(input.path, identity, as: input.relativePath ?? FilePath())
  }

  /// What comes next in the present directory; nil where that is nothing to be done, or a directory,
  /// which is entered.
  private mutating func stepInDirectory(_ present: Int) -> Step? {
    guard let kind = open[present].entries.advance() else {
      open.removeLast()
      return nil
    }
    let directory = open[present]
    switch kind {
    case .directory:
      let path = directory.presentPath
      var identity: FileIdentity?
      if recursively || leftOut != nil {
        do throws(Errno) { identity = try FileIdentity(lookingUp: path) } catch {
          return .other(
            Found(
              path: path, relativePath: directory.presentRelativePath, error: .unreachable(error)))
        }
      }
      if let identity, identity == leftOut { return nil }
      guard recursively else {
        passedOver.directories += 1
        return nil
      }
      // Gone meanwhile.
      guard let identity else { return nil }
      return enter(path, identity, as: directory.presentRelativePath).map(Step.other)
    // A link that leads nowhere is told as a failure.
    case .file, .unknown:
      if directory.entries.withName(isPictureName) {
        let isOwn = shard == nil || isOwn(directory.presentRelativePath)
        return isOwn ? .entry(directory) : nil
      }
      passedOver.append(directory.presentPath)
    // A pipe or device would keep the run waiting.
    case .other:
      passedOver.append(directory.presentPath)
    }
    return nil
  }

  /// Whether a picture is of this share.
  private mutating func isOwn(_ relativePath: FilePath) -> Bool {
    let isOwn = shard?.contains(relativePath) ?? true
    if !isOwn { passedOver.ofOtherShares += 1 }
    return isOwn
  }

  /// Enters a directory, unless the walk is in it already; gives it where it can't be listed.
  private mutating func enter(
    _ path: FilePath, _ identity: FileIdentity, as relativePath: FilePath
  ) -> Found? {
    guard !open.contains(where: { $0.identity == identity }) else { return nil }
    enteredCount += 1
    do throws(Errno) {
      open.append(
        OpenDirectory(
          path: path, relativePath: relativePath, identity: identity, number: enteredCount,
          entries: try listings.entries(of: path).makeIterator()))
      return nil
    } catch {
      return Found(path: path, relativePath: relativePath, error: .unreadableDirectory(error))
    }
  }
}

extension PictureWalk.OpenDirectory {
  fileprivate var presentPath: FilePath { path.appending(entries.name) }

  fileprivate var presentRelativePath: FilePath { relativePath.appending(entries.name) }
}

/// The largest directory that was listed, of a million names perhaps, so that copies of a walk needn't
/// list it again.
private final class Listings: Sendable {
  private let largest = Mutex<(path: FilePath, entries: DirectoryEntries)?>(nil)

  func entries(of path: FilePath) throws(Errno) -> DirectoryEntries {
    if let known = largest.withLock({ $0?.path == path ? $0?.entries : nil }) { return known }
    let entries = try DirectoryEntries(of: path)
    largest.withLock { largest in
      if entries.count > largest?.entries.count ?? 0 { largest = (path, entries) }
    }
    return entries
  }
}

/// Whether a name, a null byte behind it, ends in a picture's extension, in any case.
private func isPictureName(_ name: UnsafeBufferPointer<CChar>) -> Bool {
  guard let dot = name.lastIndex(of: 0x2E), dot > 0, let start = name.baseAddress else {
    return false
  }
  return pictureExtensions.contains { strcasecmp(start + dot + 1, $0) == 0 }
}

private let pictureExtensions = ImageFormat.allCases.flatMap(\.fileExtensions).map { name in
  Array(name.utf8CString)
}
