import Laboratory
import Pages
import SystemFiles
import SystemPackage

/// A page on its way to its file, which is complete or absent. Why it can't be written is told at
/// the end: the pictures come first.
final class PageFile {
  private let file: AtomicFile
  private let writer: PageWriter<AtomicFileError>
  private var failure: AtomicFileError?

  /// - Throws: `Refusal` where the file can't be begun.
  init(
    _ path: FilePath, replacing: Bool, title: String, facts: [(name: String, text: String)]
  ) throws(Refusal) {
    do throws(AtomicFileError) {
      let file = try AtomicFile(path: path, replacing: replacing)
      self.file = file
      writer = try PageWriter(
        title: title, command: TypedCommand.text, facts: facts
      ) { bytes throws(AtomicFileError) in try file.write(bytes) }
    } catch {
      throw Refusal(error)
    }
  }

  func append(_ picture: PagePicture) {
    attempt { () throws(AtomicFileError) in try writer.append(picture) }
  }

  /// Gives the file its name.
  ///
  /// - Returns: Why it couldn't be written, if it couldn't.
  func finish(remarks: [String] = [], sheet: PageSheet? = nil, statistics: PageStatistics)
    -> AtomicFileError?
  {
    attempt { () throws(AtomicFileError) in
      try writer.finish(remarks: remarks, sheet: sheet, statistics: statistics)
      try file.commit()
    }
    return failure
  }

  private func attempt(_ work: () throws(AtomicFileError) -> Void) {
    guard failure == nil else { return }
    do throws(AtomicFileError) { try work() } catch { failure = error }
  }
}
