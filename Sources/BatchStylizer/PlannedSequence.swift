import ImageFiles
import Synchronization
import SystemFiles
import SystemPackage

/// The pictures of a run that are too many to be planned as a whole.
///
/// Before the first is begun their names are looked at, and those whose outputs might clash are planned
/// together. What else a plan tells of a picture, it is found out when its turn comes, and the file
/// that has to be opened for it goes along.
struct PlannedSequence: Sequence, Sendable {
  /// The paintings.
  let count: Int
  let passedOver: PictureWalk.PassedOver
  private let walk: PictureWalk
  private let naming: OutputNaming
  private let existing: ExistingOutputs
  /// What is left out, as it is the same picture by another name.
  private let repeated: Set<PlannedPainting>
  /// What the walk comes to more than once, and is done at the first time.
  private let foundAgain: Set<PlannedPainting>
  private let readFiles: ReadFiles

  /// - Parameter others: Files that are read besides pictures.
  /// - Throws: `BatchPlanError` where outputs clash, or can't be written.
  init(
    _ walk: PictureWalk, naming: OutputNaming, existing: ExistingOutputs,
    reading others: [FilePath], _ outputs: inout PlannedOutputs
  ) throws(BatchPlanError) {
    self.walk = walk
    self.naming = naming
    self.existing = existing
    let survey = OutputSurvey(of: walk, into: naming.directories)
    passedOver = survey.passedOver
    let suspects = survey.suspects.flatMap { naming.items($0).items }
    let paintings = Dictionary(suspects.map { (PlannedPainting($0), 1) }, uniquingKeysWith: +)
    foundAgain = Set(paintings.filter { $0.value > 1 }.keys)
    let kept = try outputs.checked(suspects)
    repeated = Set(paintings.keys).subtracting(kept.map(PlannedPainting.init))
    count = survey.count * naming.directories.count - (suspects.count - kept.count)
    readFiles = ReadFiles(others, walk)
  }

  func makeIterator() -> Iterator { Iterator(self) }

  struct Iterator: IteratorProtocol, Sendable {
    private let sequence: PlannedSequence
    private var walk: PictureWalk
    private var done: Set<PlannedPainting> = []

    fileprivate init(_ sequence: PlannedSequence) {
      self.sequence = sequence
      walk = sequence.walk
    }

    mutating func next() -> PlannedInput? {
      while let found = walk.next() {
        var (items, opened) = sequence.naming.items(found)
        items.removeAll { isRepetition(PlannedPainting($0)) }
        if items.isEmpty { continue }
        for index in items.indices { sequence.mark(&items[index]) }
        return PlannedInput(items: items[...], opened: opened)
      }
      return nil
    }

    private mutating func isRepetition(_ painting: PlannedPainting) -> Bool {
      sequence.repeated.contains(painting)
        || sequence.foundAgain.contains(painting) && !done.insert(painting).inserted
    }
  }

  /// Takes down what becomes of what is at an item's output: nothing that is read is replaced, nor is,
  /// through a link, another's output.
  private func mark(_ item: inout BatchPlan.Item) {
    guard item.state == .pending else { return }
    let entry = OutputEntry(at: item.output)
    existing.mark(&item, entry)
    guard case .file(let identity, let isLink) = entry else { return }
    if identity == item.inputStatus?.identity {
      item.state = .failed(.outputIsInput(item.input))
    } else if item.replaces, let input = readFiles.path(of: identity) {
      item.state = .failed(.outputIsInput(input))
    } else if item.replaces, isLink {
      item.state = .failed(.outputIsLink)
    }
  }
}

extension Set<Int> {
  /// Takes down the identity of a file.
  fileprivate mutating func insert(_ file: FilePath) {
    if let identity = FileIdentity(of: file) { insert(identity.hashValue) }
  }
}

/// The files that a run reads, looked up where one of them might be replaced.
private final class ReadFiles: Sendable {
  private let others: [FilePath]
  private let walk: PictureWalk
  /// The hashes of the files' identities: half of what these would take.
  private let hashes = Mutex<Set<Int>?>(nil)

  init(_ others: [FilePath], _ walk: PictureWalk) {
    self.others = others
    self.walk = walk
  }

  /// A path by which the file is read; nil where it isn't.
  func path(of identity: FileIdentity) -> FilePath? {
    let mayBeRead = hashes.withLock { hashes in
      var known = hashes ?? []
      if hashes == nil {
        for file in others { known.insert(file) }
        for found in walk { known.insert(found.path) }
        hashes = known
      }
      return known.contains(identity.hashValue)
    }
    guard mayBeRead else { return nil }
    func isIt(_ file: FilePath) -> Bool { FileIdentity(of: file) == identity }
    return others.first(where: isIt) ?? walk.lazy.map(\.path).first(where: isIt)
  }
}
