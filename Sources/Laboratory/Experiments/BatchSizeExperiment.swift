import Glibc
import ImageFiles
import Layers
import Sheets
import StyleEngine
import StyleModels
import Tensors

/// The straying of the statistics of small live batches from the stored ones, layer by layer, and
/// its fall with the batch's size.
///
/// Several batches of each size are drawn from the photographs. With μ and σ² the stored statistics
/// of a channel, a batch's mean m strays by `(m − μ) / √(σ² + ε)`, its variance s² by
/// `ln((s² + ε) / (σ² + ε))`. A layer's are the root of the mean square over its channels and the
/// draws. Of N independent pictures both would be about 1/√N of those of one.
public struct BatchSizeExperiment: Experiment {
  public static let leastPictures = 2
  /// The sizes of batches; those for which there are photographs enough are tried.
  public static let sizes = [1, 2, 4, 8, 16]
  /// Draws of each size; all photographs together are drawn once.
  public static let draws = 16

  /// The straying of a batch: means of squares to begin with, then their roots.
  public struct Stray: Equatable, Sendable {
    /// The straying of means, in stored deviations.
    public internal(set) var mean = 0.0
    /// The straying of variances, a natural logarithm: 0.1 is a tenth too much or too little.
    public internal(set) var variance = 0.0
  }

  public struct Row: Equatable, Sendable {
    public let layer: String
    /// The layer's straying, by size.
    public internal(set) var strays: [Stray]
  }

  public let sizes: [Int]
  /// The rows by layer, and the last of all layers together.
  public let rows: [Row]
  private let style: String
  private let names: String

  public init(on bench: Workbench) throws {
    guard bench.network.parameters.hasStoredStatistics else {
      throw ExperimentError.noStoredStatistics(style: bench.network.name)
    }
    let photographs = bench.photographs
    let sizes = Self.sizes.filter { $0 <= photographs.count }
    var rows: [Row] = []
    // The same draws every time.
    var random = SplitMix64(seed: 16)
    for (place, size) in sizes.enumerated() {
      let draws = size == photographs.count ? 1 : Self.draws
      for _ in 0..<draws {
        let batch = Array(photographs.shuffled(using: &random).prefix(size))
        for (number, (layer, stray)) in try bench.strays(of: batch).enumerated() {
          if number == rows.count {
            rows.append(Row(layer: layer, strays: sizes.map { _ in Stray() }))
          }
          rows[number].strays[place].add(stray, share: 1 / Double(draws))
        }
      }
    }
    var all = Row(layer: "all", strays: sizes.map { _ in Stray() })
    for row in rows {
      for place in sizes.indices {
        all.strays[place].add(row.strays[place], share: 1 / Double(rows.count))
      }
    }
    self.sizes = sizes
    self.rows = (rows + [all]).map { row in
      Row(layer: row.layer, strays: row.strays.map(\.root))
    }
    style = bench.network.name
    names = bench.network.normNames
  }

  public var table: Table {
    Table(
      headings: ["live batch of"] + Self.headings("means", sizes)
        + Self.headings("variances", sizes),
      rows: rows.map { row in
        [row.layer] + row.strays.map { Table.cell($0.mean) }
          + row.strays.map { Table.cell($0.variance) }
      })
  }

  private static func headings(_ first: String, _ sizes: [Int]) -> [String] {
    sizes.enumerated().map { $0 == 0 ? "\(first): \($1)" : "\($1)" }
  }

  public var explanation: String {
    "\(names); means stray in stored deviations, variances by the logarithm of their ratio to the "
      + "stored one, of which 0.1 is a tenth too much or too little"
  }

  public func figure() throws(ContactSheetError) -> Image {
    var plot = Plot(
      title: "How far live statistics stray from those stored in \(style)",
      columns: sizes.map(String.init), columnTitle: "pictures in the batch",
      valueTitle: "means in deviations, variances as ln of the ratio; thin: one layer")
    for row in rows {
      let isAll = row.layer == rows.last?.layer
      plot.lines += [
        Plot.Line(
          label: isAll ? "variances" : nil, color: isAll ? Plot.orange : Plot.paleOrange,
          width: isAll ? 3 : 1, values: row.strays.map(\.variance)),
        Plot.Line(
          label: isAll ? "means" : nil, color: isAll ? Plot.blue : Plot.paleBlue,
          width: isAll ? 3 : 1, values: row.strays.map(\.mean)),
      ]
    }
    let first = rows.last?.strays.first?.variance ?? 1
    plot.lines.append(
      Plot.Line(
        label: "1/√N", color: Plot.paleInk, width: 2,
        values: sizes.map { first / Double($0).squareRoot() }))
    return plot.render()
  }
}

extension Workbench {
  /// Measures how far a live batch's statistics are from the stored ones: mean squares over the
  /// channels of each layer.
  fileprivate func strays(of batch: [Photograph]) throws
    -> [(layer: String, stray: BatchSizeExperiment.Stray)]
  {
    let stored = network.parameters.storedStatistics
    let epsilon = network.epsilon
    var strays: [(layer: String, stray: BatchSizeExperiment.Stray)] = []
    try run(
      batch, .batchLive,
      observe: { record in
        // Every picture has been normalized with the same.
        guard record.picture == 0 else { return }
        var stray = BatchSizeExperiment.Stray()
        for (live, kept) in zip(record.statistics, stored[strays.count]) {
          let distance = (live.mean - kept.mean) / (kept.variance + epsilon).squareRoot()
          let ratio = log((live.variance + epsilon) / (kept.variance + epsilon))
          stray.mean += distance * distance / Double(record.statistics.count)
          stray.variance += ratio * ratio / Double(record.statistics.count)
        }
        strays.append((record.norm, stray))
      })
    return strays
  }
}

extension BatchSizeExperiment.Stray {
  fileprivate mutating func add(_ other: Self, share: Double) {
    mean += share * other.mean
    variance += share * other.variance
  }

  fileprivate var root: Self {
    Self(mean: mean.squareRoot(), variance: variance.squareRoot())
  }
}
