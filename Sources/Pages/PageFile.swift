import SystemFiles
import SystemPackage

/// A page on its way to its file, which is complete or absent. Why it can't be written is told at
/// the end: the pictures come first.
public final class PageFile {
  private let file: AtomicFile
  private let writer: PageWriter<AtomicFileError>
  private var failure: AtomicFileError?

  /// - Parameters: The same that `PageWriter` takes.
  /// - Throws: `AtomicFileError` where the file can't be begun.
  public init(
    _ path: FilePath, replacing: Bool, title: String, command: String,
    facts: [(name: String, text: String)]
  ) throws(AtomicFileError) {
    let file = try AtomicFile(path: path, replacing: replacing)
    self.file = file
    writer = try PageWriter(
      title: title, command: command, facts: facts, at: path
    ) { bytes throws(AtomicFileError) in try file.write(bytes) }
  }

  public func append(_ picture: PagePicture) {
    attempt { () throws(AtomicFileError) in try writer.append(picture) }
  }

  public func begin(_ photograph: PageList.File) {
    attempt { () throws(AtomicFileError) in try writer.begin(photograph) }
  }

  /// Gives the file its name.
  ///
  /// - Returns: The reason why it couldn't be written, if it couldn't.
  public func finish(
    counting noun: String = "picture", remarks: [String] = [], lists: [PageList] = [],
    sheets: [PageSheet] = [], statistics: PageStatistics? = nil
  ) -> AtomicFileError? {
    attempt { () throws(AtomicFileError) in
      try writer.finish(
        counting: noun, remarks: remarks, lists: lists, sheets: sheets, statistics: statistics)
      try file.commit()
    }
    return failure
  }

  private func attempt(_ work: () throws(AtomicFileError) -> Void) {
    guard failure == nil else { return }
    do throws(AtomicFileError) { try work() } catch { failure = error }
  }
}
