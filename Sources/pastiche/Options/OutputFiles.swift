import BatchStylizer
import SystemFiles
import SystemPackage

/// The files that a command writes, looked at together before any work is done.
struct OutputFiles {
  /// Each with what it is called: "output", "page".
  private let files: [(kind: String, path: FilePath)]

  init(output: FilePath? = nil, page: PathArgument? = nil) {
    self.init(
      (output.map { [("output", $0)] } ?? []) + (page.map { [("page", $0.path)] } ?? []))
  }

  init(_ files: [(kind: String, path: FilePath)]) {
    self.files = files
  }

  /// - Parameters:
  ///   - inputs: All that the command reads, whatever it is and however it was named.
  ///   - replacing: Whether what is there already may be replaced.
  ///   - makesDirectories: Whether directories that aren't there are made.
  /// - Throws: `Refusal` where one of them is an input or another of them, may not or can't be replaced,
  ///   or lies where nothing can be written.
  func refuse(amongst inputs: [FilePath], replacing: Bool, makesDirectories: Bool = false)
    throws(Refusal)
  {
    var read: [FileIdentity: FilePath] = [:]
    for input in inputs {
      if let identity = FileIdentity(of: input) { read[identity] = input }
    }
    for (number, file) in files.enumerated() {
      let (kind, path) = file
      if let input = FileIdentity(of: path).flatMap({ read[$0] }) {
        throw Refusal(
          "the \(kind) \(printable(path)) is the input \(printable(input)); "
            + "inputs are never written to, choose another \(kind)")
      }
      if let other = files[..<number].first(where: { FilePlace(of: $0.path) == FilePlace(of: path) }
      ) {
        throw Refusal(
          "the \(other.kind) and the \(kind) are to be one file, \(printable(path)); choose another "
            + kind)
      }
      if !replacing, FileIdentity(of: path) != nil {
        throw Refusal(BatchPlanError.outputExists(path))
      }
      if case .obstacle(let obstacle) = OutputEntry(at: path) {
        throw Refusal(AtomicFileError.notReplaceable(path, obstacle))
      }
    }
    guard !makesDirectories else { return }
    for file in files { try Self.refuseClosedPlace(of: file.path) }
  }

  /// - Throws: `Refusal` where the directory of a file isn't there or can't be written to.
  private static func refuseClosedPlace(of path: FilePath) throws(Refusal) {
    let directory = path.removingLastComponent()
    if let place = ClosedPlace(onTheWayTo: directory) {
      throw Refusal(BatchPlanError.closed([place]))
    }
    if !directory.isEmpty, FileIdentity(of: directory) == nil {
      let closed = BatchPlanError.closed([ClosedPlace(directory, .noSuchFileOrDirectory)])
      throw Refusal("\(closed); make the directory first")
    }
  }
}
