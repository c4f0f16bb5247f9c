import Glibc
import StyleEngine

/// The layers and channels that differ most between pictures.
///
/// A channel's mean moves by the deviation of the pictures' means over the pictures' root mean
/// variance; its deviation moves by the deviation of the logarithms of the pictures' deviations: 0.7
/// is about a factor of two up and down. A layer moves by the root mean square over its channels.
public struct StatisticsSummary: Equatable, Sendable {
  public struct Layer: Equatable, Sendable {
    public let name: String
    public let channels: Int
    public let meanMoves: Double
    public let deviationMoves: Double
  }

  public struct Channel: Equatable, Sendable {
    public let layer: String
    public let channel: Int
    public let meanMoves: Double
    public let deviationMoves: Double
    /// The range of the pictures' values.
    public let means: ClosedRange<Double>
    public let deviations: ClosedRange<Double>
  }

  public let layers: [Layer]
  /// The channels, those that move most first.
  public let channels: [Channel]

  /// - Precondition: All are of the same network.
  public init(_ pictures: [PictureStatistics]) {
    var layers: [Layer] = []
    var channels: [Channel] = []
    for (index, layer) in (pictures.first?.layers ?? []).enumerated() {
      let own = layer.mean.indices.map { channel in
        Channel(
          layer: layer.name, channel: channel,
          pictures.map { ($0.layers[index].mean[channel], $0.layers[index].variance[channel]) })
      }
      layers.append(
        Layer(
          name: layer.name, channels: own.count,
          meanMoves: rootMeanSquare(own.map(\.meanMoves)),
          deviationMoves: rootMeanSquare(own.map(\.deviationMoves))))
      channels += own
    }
    self.layers = layers
    self.channels = channels.enumerated().sorted {
      (-$0.element.moves, $0.offset) < (-$1.element.moves, $1.offset)
    }.map(\.element)
  }
}

extension StatisticsSummary.Channel {
  fileprivate init(layer: String, channel: Int, _ moments: [(mean: Double, variance: Double)]) {
    let means = moments.map(\.mean)
    let deviations = moments.map { $0.variance.squareRoot() }
    let within = rootMeanSquare(deviations)
    // A channel that is constant in a picture is as far as can be from one that isn't.
    let logarithms = deviations.map { log(max($0, within * 1e-6, .leastNormalMagnitude)) }
    self.init(
      layer: layer, channel: channel,
      meanMoves: within > 0 ? deviation(of: means) / within : 0,
      deviationMoves: within > 0 ? deviation(of: logarithms) : 0,
      means: (means.min() ?? 0)...(means.max() ?? 0),
      deviations: (deviations.min() ?? 0)...(deviations.max() ?? 0))
  }

  var moves: Double {
    (meanMoves * meanMoves + deviationMoves * deviationMoves).squareRoot()
  }
}

private func rootMeanSquare(_ values: [Double]) -> Double {
  guard !values.isEmpty else { return 0 }
  return (values.reduce(0) { $0 + $1 * $1 } / Double(values.count)).squareRoot()
}

/// Computes the biased deviation.
private func deviation(of values: [Double]) -> Double {
  let mean = values.reduce(0, +) / Double(max(values.count, 1))
  return rootMeanSquare(values.map { $0 - mean })
}
