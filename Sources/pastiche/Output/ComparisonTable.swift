import BatchStylizer
import Laboratory
import Layers
import Sheets
import StyleEngine
import StyleModels
import SystemPackage

/// The pictures of `pastiche compare`, as they come in.
struct ComparisonTable {
  let subjects: [Study.Subject]
  let showsContrast: Bool
  private var originals: [ContactSheet.Cell?]
  /// `[columns][rows]`, nil where the picture can't be read.
  private var columns: [[ContactSheet.Cell?]] = []
  private var headings: [String] = []
  private var isRefused = false

  init(_ subjects: [Study.Subject], showsContrast: Bool) {
    self.subjects = subjects
    self.showsContrast = showsContrast
    originals = subjects.map { _ in nil }
  }

  /// Those that no norm has failed on: an unreadable picture is told but once.
  var readableRows: [Int] {
    subjects.indices.filter { row in columns.dropLast().allSatisfy { $0[row] != nil } }
  }

  /// Whether a picture or a norm failed.
  var hasFaults: Bool { isRefused || columns.contains { $0.contains(nil) } }

  /// What is to be seen on the sheet, for those who don't.
  var words: String {
    "\(counted(subjects.count, "row")) of pictures: the original, then under each norm: "
      + headings.joined(separator: ", ")
  }

  /// The column of a norm.
  mutating func begin(_ norm: Norm, _ choice: NormOptions.Choice) {
    var heading = norm.rawValue
    if case .group(let groups) = choice.normalization {
      switch groups {
      case .count(let count): heading += ", \(counted(count, "group"))"
      case .channels: heading += " of each channel"
      }
    }
    headings.append(choice.isSwapped ? "\(heading) (swapped)" : heading)
    columns.append(subjects.map { _ in nil })
  }

  mutating func take(_ finding: Study.Finding, row: Int) {
    originals[row] = originals[row] ?? finding.before.map(ContactSheet.Cell.picture)
    columns[columns.count - 1][row] = finding.after.map(ContactSheet.Cell.picture)
  }

  /// The network can't be normalized so.
  mutating func refuse(_ norm: Norm) {
    let words = norm == .batch ? "no stored statistics" : "not with this style"
    columns[columns.count - 1] = subjects.map { _ in .words(words) }
    isRefused = true
  }

  func sheet(title: String, cellWidth: Int) -> ContactSheet {
    ContactSheet(
      title: title, headings: ["original"] + headings,
      rows: subjects.indices.map { row in
        ContactSheet.Row(
          label: printable(subjects[row].path.lastComponent?.string ?? ""),
          note: showsContrast ? "contrast \(shortest(subjects[row].contrast))" : nil,
          cells: ([originals[row]] + columns.map { $0[row] }).map {
            $0 ?? .words("can't be read")
          })
      }, cellWidth: cellWidth)
  }
}
