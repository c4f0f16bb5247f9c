import SystemPackage

/// A picture of a run, as a page shows it. Text is shown as it is, so names are printable already.
public struct PagePicture: Equatable, Sendable {
  public let name: String
  /// The file that the name leads to, the painting where there is one.
  public let file: FilePath?
  /// The photograph, where that is another file.
  public let original: FilePath?
  /// The remarks on the picture, a sentence each.
  public let notes: [String]
  public let outcome: Outcome

  public enum Outcome: Equatable, Sendable {
    /// The picture's size in pixels, it before and after in a smaller version, and what to mark.
    case painted(
      width: Int, height: Int, before: PageImage, after: PageImage, marks: [PageMark] = [])
    case failed(reason: String)
  }

  public init(
    name: String, file: FilePath? = nil, original: FilePath? = nil, notes: [String] = [],
    outcome: Outcome
  ) {
    self.name = name
    self.file = file
    self.original = original
    self.notes = notes
    self.outcome = outcome
  }
}
