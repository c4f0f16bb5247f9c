import ImageFiles
import Sheets
import StyleEngine

/// The effect of a batch's other photographs on a photograph's painting, under each norm.
///
/// The first photograph is painted alone, and in a batch with half of the others, the other half,
/// and all of them.
public struct CompanyExperiment: Experiment {
  public static let leastPictures = 2

  public struct Row: Equatable, Sendable {
    public let norm: String
    /// The differences by set of mates, from the output of the photograph alone.
    public let differences: [FloatPicture.Difference]
    /// The outputs, the first one that of the photograph alone.
    let cells: [ContactSheet.Cell]
  }

  public let rows: [Row]
  public let notes: [ExperimentNote]
  private let photograph: String
  private let companies: [String]

  private static let cellWidth = 180

  public init(on bench: Workbench) throws {
    let (norms, notes) = bench.norms
    let subject = bench.photographs[0]
    let others = 1..<bench.photographs.count
    let middle = (others.lowerBound + others.upperBound) / 2
    let halves = [others.prefix(upTo: middle), others.suffix(from: middle)].filter { !$0.isEmpty }
    let sets = halves.count > 1 ? halves + [others] : [others]
    rows = try norms.map { norm in
      let alone = try bench.paint(subject, norm.normalization)
      var differences: [FloatPicture.Difference] = []
      var cells = [try alone.cell(width: Self.cellWidth)]
      for set in sets {
        let painting = try bench.paint(
          subject, among: Array(bench.photographs[set]), norm.normalization)
        differences.append(painting.difference(from: alone))
        cells.append(try painting.cell(width: Self.cellWidth))
      }
      return Row(norm: norm.name, differences: differences, cells: cells)
    }
    photograph = subject.name
    companies = sets.map { Self.words(for: $0) }
    self.notes = notes
  }

  /// Names a set of mates: `with picture 2`, `with 2 to 4`.
  private static func words(for set: Range<Int>) -> String {
    set.count == 1
      ? "with picture \(set.upperBound)" : "with \(set.lowerBound + 1) to \(set.upperBound)"
  }

  /// Mean and largest differences in levels of 255.
  public var table: Table {
    Table(
      headings: ["mean (largest) difference in levels"] + companies,
      rows: rows.map { row in
        [row.norm] + row.differences.map { "\(Table.cell($0.mean)) (\(Table.cell($0.largest)))" }
      })
  }

  public var explanation: String { FloatPicture.explanation }

  public func figure() throws(ContactSheetError) -> Image {
    try ContactSheet(
      title: "The company of \(photograph)", headings: ["alone"] + companies,
      rows: rows.map { ContactSheet.Row(label: $0.norm, cells: $0.cells) },
      cellWidth: Self.cellWidth
    ).render()
  }
}
