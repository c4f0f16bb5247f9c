import ImageFiles
import Layers
import Sheets
import StyleEngine
import StyleModels

/// The way from layer norm to instance norm: group norm with one group of all channels, two, four …
/// and one a channel.
///
/// Paper: Wu and He 2018, arXiv:1803.08494.
public struct GroupExperiment: Experiment {
  public static let leastPictures = 1

  public struct Row: Equatable, Sendable {
    /// The number of groups, or `channels`.
    public let groups: String
    /// The means of all photographs, and the largest of any.
    public internal(set) var fromLayer = FloatPicture.Difference()
    public internal(set) var fromInstance = FloatPicture.Difference()
  }

  public private(set) var rows: [Row]
  private var sheet: ContactSheet

  private static let cellWidth = 150
  /// Photographs that the figure shows.
  private static let shown = 3

  public init(on bench: Workbench) throws {
    let sweep = bench.network.groupSweep
    rows = sweep.map { Row(groups: $0.name) }
    sheet = ContactSheet(
      title: "From layer norm to instance norm, by the number of groups",
      headings: sweep.map(\.name), cellWidth: Self.cellWidth)
    let share = 1 / Double(bench.photographs.count)
    for photograph in bench.photographs {
      let layer = try bench.paint(photograph, .layer)
      let instance = try bench.paint(photograph, .instance)
      var cells: [ContactSheet.Cell] = []
      for (index, groups) in sweep.enumerated() {
        let painting = try bench.paint(photograph, groups.normalization)
        rows[index].fromLayer.add(painting.difference(from: layer), share: share)
        rows[index].fromInstance.add(painting.difference(from: instance), share: share)
        if sheet.rows.count < Self.shown {
          cells.append(try painting.cell(width: Self.cellWidth))
        }
      }
      if !cells.isEmpty {
        sheet.rows.append(ContactSheet.Row(label: photograph.name, cells: cells))
      }
    }
  }

  /// Mean and largest differences in levels of 255.
  public var table: Table {
    Table(
      headings: ["groups", "from layer", "(largest)", "from instance", "(largest)"],
      rows: rows.map { row in
        [row.groups]
          + [row.fromLayer, row.fromInstance].flatMap {
            [Table.cell($0.mean), "(\(Table.cell($0.largest)))"]
          }
      })
  }

  public var explanation: String {
    "one group is layer norm, a group a channel is instance norm; " + FloatPicture.explanation
  }

  public func figure() throws(ContactSheetError) -> Image { try sheet.render() }
}

extension StyleNetwork {
  /// Group norm with every number of groups that divides all layers' channels, then with a group a
  /// channel.
  fileprivate var groupSweep: [TriedNorm] {
    let channels = descriptions.filter { $0.norm != nil }.map(\.convolution.outputChannels)
    let counts = (1...(channels.min() ?? 1)).filter { count in
      channels.allSatisfy { $0.isMultiple(of: count) }
    }
    return counts.map { TriedNorm(name: "\($0)", normalization: .group(.count($0))) }
      + [TriedNorm(name: "channels", normalization: .group(.channels))]
  }
}

extension FloatPicture.Difference {
  /// Adds a picture's to those of several, of whose mean it has a share.
  fileprivate mutating func add(_ other: FloatPicture.Difference, share: Double) {
    mean += share * other.mean
    largest = max(largest, other.largest)
  }
}
