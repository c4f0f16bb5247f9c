import BatchStylizer
import Layers
import Sheets
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

/// Pictures under several norms, as they come in: a row each, a column a norm.
public struct ComparisonTable {
  public let subjects: [Study.Subject]
  public let showsContrast: Bool
  private var originals: [ContactSheet.Cell?]
  /// `[columns][rows]`, nil where the picture can't be read.
  private var columns: [[ContactSheet.Cell?]] = []
  private var headings: [String] = []
  /// The norms with which weights were trained that another was swapped for.
  private var trained: [Norm] = []
  private let names: DistinctNames
  private var isRefused = false

  public init(_ subjects: [Study.Subject], showsContrast: Bool) {
    self.subjects = subjects
    self.showsContrast = showsContrast
    originals = subjects.map { _ in nil }
    names = DistinctNames(subjects.map(\.path))
  }

  /// The rows that no norm has failed on: an unreadable picture is told but once.
  public var readableRows: [Int] {
    subjects.indices.filter { row in columns.dropLast().allSatisfy { $0[row] != nil } }
  }

  /// Whether a picture or a norm failed.
  public var hasFaults: Bool { isRefused || columns.contains { $0.contains(nil) } }

  /// The explanation of the headings' words, where they need one.
  public var note: String? {
    guard !trained.isEmpty else { return nil }
    let norms = trained.map(\.rawValue).joined(separator: " or ")
    return "swapped: this norm's statistics under weights that were trained with \(norms) norm"
  }

  /// The description of the sheet in words, for those who don't see it.
  public var words: String {
    "\(counted(subjects.count, "row")) of pictures: the original, then under each norm: "
      + headings.joined(separator: ", ")
  }

  /// Begins the column of a norm.
  public mutating func begin(_ choice: NormChoice) {
    var heading = choice.norm.rawValue
    if case .group(let groups) = choice.normalization {
      switch groups {
      case .count(let count): heading += ", \(counted(count, "group"))"
      case .channels: heading += " of each channel"
      }
    }
    if case .swapped(let norm) = choice.weights {
      heading += " (swapped)"
      if !trained.contains(norm) { trained.append(norm) }
    }
    headings.append(heading)
    columns.append(subjects.map { _ in nil })
  }

  public mutating func take(_ finding: Study.Finding, row: Int) {
    originals[row] = originals[row] ?? finding.before.map(ContactSheet.Cell.picture)
    columns[columns.count - 1][row] = finding.after.map(ContactSheet.Cell.picture)
  }

  /// Refuses a norm that the network can't be normalized with.
  public mutating func refuse(_ norm: Norm) {
    let words = norm == .batch ? "no stored statistics" : "not with this style"
    columns[columns.count - 1] = subjects.map { _ in .words(words) }
    isRefused = true
  }

  public func sheet(title: String, cellWidth: Int) -> ContactSheet {
    ContactSheet(
      title: title, note: note, headings: ["original"] + headings,
      rows: subjects.indices.map { row in
        ContactSheet.Row(
          label: names.name(of: subjects[row].path),
          note: showsContrast ? "contrast \(Table.shortest(subjects[row].contrast))" : nil,
          cells: ([originals[row]] + columns.map { $0[row] }).map {
            $0 ?? .words("can't be read")
          })
      }, cellWidth: cellWidth)
  }
}
