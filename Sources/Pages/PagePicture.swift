/// A picture of a run, as a page shows it. Text is shown as it is, so names are printable already.
public struct PagePicture: Equatable, Sendable {
  public let name: String
  /// The remarks on the picture, a sentence each.
  public let notes: [String]
  public let outcome: Outcome

  public enum Outcome: Equatable, Sendable {
    /// The picture's size in pixels, it before and after in a smaller version, and what to mark.
    case painted(
      width: Int, height: Int, before: PageImage, after: PageImage, marks: [PageMark] = [])
    case failed(reason: String)
  }

  public init(name: String, notes: [String] = [], outcome: Outcome) {
    self.name = name
    self.notes = notes
    self.outcome = outcome
  }
}
