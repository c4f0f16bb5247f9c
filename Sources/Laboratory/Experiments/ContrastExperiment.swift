import ImageFiles
import Layers
import Sheets
import StyleEngine

/// The effect of a photograph's contrast on its painting, under each norm.
///
/// The first photograph is shown to the network as `a · x + b` about its mean colour, unclamped; in a
/// live batch the others stay as they are. A norm with each channel's own statistics takes out both a
/// and b, but for ε. One with those of several channels takes out a alone: out of the first
/// convolution each channel comes with a b of its own. Stored ones take out neither.
///
/// Paper: Ulyanov, Vedaldi and Lempitsky 2016, arXiv:1607.08022.
public struct ContrastExperiment: Experiment {
  public static let leastPictures = 1
  public static let contrasts: [Float] = [0.1, 0.3, 1, 3, 10]

  public struct Row: Equatable, Sendable {
    public let norm: String
    /// The differences by contrast, from the output at contrast 1.
    public let differences: [FloatPicture.Difference]
    let cells: [ContactSheet.Cell]
  }

  public let rows: [Row]
  public let notes: [ExperimentNote]
  private let photograph: String
  private let inputs: [ContactSheet.Cell]

  private static let cellWidth = 150

  public init(on bench: Workbench) throws {
    let (norms, notes) = bench.norms
    let subject = bench.photographs[0]
    let mates = Array(bench.photographs.dropFirst())
    rows = try norms.map { norm in
      func paint(_ contrast: Float) throws -> FloatPicture {
        try bench.paint(
          subject, contrast: contrast, among: norm.normalization == .batchLive ? mates : [],
          norm.normalization)
      }
      let plain = try paint(1)
      var differences: [FloatPicture.Difference] = []
      var cells: [ContactSheet.Cell] = []
      for contrast in Self.contrasts {
        let painting = contrast == 1 ? plain : try paint(contrast)
        differences.append(painting.difference(from: plain))
        cells.append(try painting.cell(width: Self.cellWidth))
      }
      return Row(norm: norm.name, differences: differences, cells: cells)
    }
    inputs = try Self.contrasts.map {
      try bench.input(subject, contrast: $0).cell(width: Self.cellWidth)
    }
    photograph = subject.name
    self.notes = notes
  }

  /// Mean differences in levels of 255.
  public var table: Table {
    Table(
      headings: ["mean difference in levels, at contrast"] + Self.contrasts.map(Table.shortest),
      rows: rows.map { [$0.norm] + $0.differences.map { Table.cell($0.mean) } })
  }

  public func figure() throws(ContactSheetError) -> Image {
    let norms = rows.map { ContactSheet.Row(label: $0.norm, cells: $0.cells) }
    return try ContactSheet(
      title: "The contrast of \(photograph)",
      headings: Self.contrasts.map { "contrast \(Table.shortest($0))" },
      rows: [ContactSheet.Row(label: "input", note: "clamped", cells: inputs)] + norms,
      cellWidth: Self.cellWidth
    ).render()
  }

  public var explanation: String {
    "contrast 1 is the photograph, the others are that times its colours' distance from their mean; "
      + FloatPicture.explanation
  }
}
