import Layers
import StyleEngine

/// Gathers what the norms of a network make of pictures, one by one, in the few bytes that a page's
/// plots take.
public struct StatisticsCollection: Sendable {
  /// The statistics that a view's activations are normalized with, gamma and beta left out.
  private enum Basis {
    /// No statistics: the activations are as they come from the convolution.
    case nothing
    /// The chosen norm's statistics.
    case used
    /// The statistics of the picture's own channels.
    case own
    /// The style's stored statistics.
    case stored
  }

  private let bases: [(name: String, basis: Basis)]
  private let stored: [[Statistics]]
  private let epsilon: Double
  private var names: [String] = []
  private var layers: [PageStatistics.Layer] = []
  /// The values, `[view][layer]`.
  private var values: [[PageStatistics.Values]] = []

  /// - Parameters:
  ///   - norm: The chosen one, as `--norm` calls it.
  ///   - stored: `StyleNetwork.storedStatistics`.
  ///   - epsilon: The network's epsilon.
  public init(norm: String, stored: [[Statistics]], epsilon: Double) {
    self.stored = stored
    self.epsilon = epsilon
    let ofStored = "after batch norm (stored statistics)"
    var bases: [(name: String, basis: Basis)] = [
      ("before the norm", .nothing), (norm == "batch" ? ofStored : "after \(norm) norm", .used),
    ]
    if norm != "batch", stored.contains(where: { !$0.isEmpty }) {
      bases.append((ofStored, .stored))
    }
    if norm != "instance" { bases.append(("after instance norm", .own)) }
    self.bases = bases
  }

  /// The number of pictures.
  public var count: Int { names.count }

  /// Adds a picture; all are of one network.
  ///
  /// - Parameters:
  ///   - picture: What the norms measured in it.
  ///   - name: The picture's name, printable.
  public mutating func append(_ picture: PictureStatistics, name: String) {
    if names.isEmpty {
      layers = picture.layers.map {
        .init(name: $0.name, convolution: $0.convolution, channels: $0.mean.count)
      }
      values = bases.map { _ in layers.map { _ in .init(means: [], deviations: []) } }
    }
    names.append(name)
    for (view, basis) in bases.map(\.basis).enumerated() {
      for (index, layer) in picture.layers.enumerated() {
        let channels =
          switch basis {
          case .nothing:
            zip(layer.mean, layer.variance).map { (mean: $0, deviation: $1.squareRoot()) }
          case .used: layer.normalized(with: layer.used, epsilon: epsilon)
          case .own: layer.normalized(with: layer.own, epsilon: epsilon)
          case .stored: layer.normalized(with: stored[index], epsilon: epsilon)
          }
        values[view][index].means += channels.map { Float($0.mean) }
        values[view][index].deviations += channels.map { Float($0.deviation) }
      }
    }
  }

  /// The statistics of the pictures so far, for a page.
  public var statistics: PageStatistics {
    PageStatistics(
      images: names, layers: layers,
      views: zip(bases, values).map { base, layers in
        .init(name: base.name, hasOwnAxes: base.basis == .nothing, layers: layers)
      })
  }
}

extension PageStatistics {
  /// Gathers the statistics of all these pictures, as `StatisticsCollection` does.
  public init(
    names: [String], statistics: [PictureStatistics], stored: [[Statistics]], epsilon: Double,
    norm: String
  ) {
    var collection = StatisticsCollection(norm: norm, stored: stored, epsilon: epsilon)
    for (name, picture) in zip(names, statistics) { collection.append(picture, name: name) }
    self = collection.statistics
  }
}
