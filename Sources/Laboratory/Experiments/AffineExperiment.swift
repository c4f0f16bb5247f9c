import ImageFiles
import Layers
import Sheets
import StyleEngine
import StyleModels
import Tensors

/// The affine pair can undo the norm: with gamma the deviation √(variance + ε) and beta the mean,
/// `gamma · (x − mean) / √(variance + ε) + beta` is x.
///
/// Gamma and beta are rounded to f32, as a style's file holds them, and the norm is computed as the
/// network does, `scale · x + shift` in f32: what is left is rounding. Every sample of every
/// photograph before every norm is looked at, in the statistics of the style's own norm.
public struct AffineExperiment: Experiment {
  public static let leastPictures = 1

  /// The findings on all photographs and a layer's channels; samples are of the convolution's
  /// output.
  public struct Row: Equatable, Sendable {
    public let layer: String
    /// The least and the greatest √(variance + ε).
    public internal(set) var deviations: ClosedRange<Double>
    /// The largest |x|, in deviations of its channel.
    public internal(set) var largest: Double
    /// The largest difference between x and what comes back, in deviations of its channel.
    public internal(set) var difference: Double

    func merged(with other: Row) -> Row {
      let least = min(deviations.lowerBound, other.deviations.lowerBound)
      let most = max(deviations.upperBound, other.deviations.upperBound)
      return Row(
        layer: layer, deviations: least...most, largest: max(largest, other.largest),
        difference: max(difference, other.difference))
    }
  }

  public private(set) var rows: [Row] = []
  private let names: String

  public init(on bench: Workbench) throws {
    names = bench.network.normNames
    for photograph in bench.photographs {
      let found = try bench.undoingNorms(of: photograph)
      rows = rows.isEmpty ? found : zip(rows, found).map { $0.merged(with: $1) }
    }
  }

  public var table: Table {
    Table(
      headings: ["norm", "deviations σ", "largest |x|/σ", "largest difference/σ"],
      rows: rows.map { row in
        [
          row.layer,
          "\(Table.cell(row.deviations.lowerBound)) to \(Table.cell(row.deviations.upperBound))",
          Table.cell(row.largest), Table.cell(row.difference),
        ]
      })
  }

  public var explanation: String {
    "\(names); x is what a channel's convolution makes, σ the deviation that the norm divides by"
  }

  public func figure() throws(ContactSheetError) -> Image {
    var plot = Plot(
      title: "What is left of the norms when gamma and beta undo them",
      columns: rows.map(\.layer), columnTitle: "norm",
      valueTitle: "largest difference of what comes back, in deviations")
    plot.lines = [
      Plot.Line(
        label: "1.2e-07 × largest |x|", color: Plot.paleInk, width: 2,
        values: rows.map { $0.largest * Double(Float.ulpOfOne) }),
      Plot.Line(
        label: "difference", color: Plot.blue, width: 3, values: rows.map(\.difference)),
    ]
    return plot.render()
  }
}

/// A channel's norm whose gamma and beta undo it.
private struct UndoneNorm {
  let deviation: Double
  /// The norm's numbers, as `ChannelAffine` has them.
  let scale, shift: Float

  init(_ statistics: Statistics, epsilon: Double) {
    deviation = (statistics.variance + epsilon).squareRoot()
    let (gamma, beta) = (Float(deviation), Float(statistics.mean))
    let factor = Double(gamma) / deviation
    scale = Float(factor)
    shift = Float(Double(beta) - statistics.mean * factor)
  }

  func value(of sample: Float) -> Float { shift.addingProduct(sample, scale) }
}

extension Workbench {
  /// Runs the network once for the statistics and once more, to the bit the same, for the samples.
  fileprivate func undoingNorms(of photograph: Photograph) throws -> [AffineExperiment.Row] {
    let normalization = network.normalization
    let epsilon = network.epsilon
    var rows: [AffineExperiment.Row] = []
    var layers: [String: (row: Int, norms: [UndoneNorm])] = [:]
    var overflowing: String?
    try run(
      [photograph], normalization,
      observe: { record in
        let norms = record.statistics.map { UndoneNorm($0, epsilon: epsilon) }
        let deviations = norms.map(\.deviation)
        guard deviations.allSatisfy(\.isFinite) else {
          overflowing = record.norm
          return
        }
        guard let least = deviations.min(), let most = deviations.max() else { return }
        layers[record.convolution] = (rows.count, norms)
        rows.append(
          AffineExperiment.Row(
            layer: record.norm, deviations: least...most, largest: 0, difference: 0))
      })
    if let overflowing { throw ExperimentError.notFinite(norm: overflowing) }
    try run(
      [photograph], normalization,
      inspect: { band in
        // After the last convolution there is no norm.
        guard let (row, norms) = layers[band.convolution] else { return }
        for (channel, norm) in norms.enumerated() {
          for y in band.rows {
            for sample in band.samples(ofRow: y, channel: channel) {
              let difference = Double(abs(sample - norm.value(of: sample))) / norm.deviation
              rows[row].largest = max(rows[row].largest, Double(abs(sample)) / norm.deviation)
              rows[row].difference = max(rows[row].difference, difference)
            }
          }
        }
      })
    return rows
  }
}
