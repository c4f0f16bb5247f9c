import Testing

@testable import Laboratory
@testable import StyleEngine

@Suite struct StatisticsSummaryTests {
  private func statistics(_ layers: [(mean: [Double], variance: [Double])]) -> PictureStatistics {
    var statistics = PictureStatistics()
    for (index, layer) in layers.enumerated() {
      statistics.layers.append(
        PictureStatistics.Layer(
          name: "in\(index + 1)", convolution: "conv\(index + 1)", mean: layer.mean,
          variance: layer.variance, used: [], scale: [], shift: []))
    }
    return statistics
  }

  /// Means of 1 and 5 at a deviation of 4 move by half of it; deviations of 1 and e² by e.
  @Test func movesAreInDeviationsAndLogarithms() {
    let summary = StatisticsSummary([
      statistics([([1, 0], [16, 1])]), statistics([([5, 0], [16, 54.598150033144236])]),
    ])
    #expect(summary.channels.map(\.channel) == [1, 0])
    #expect(abs(summary.channels[1].meanMoves - 0.5) < 1e-12)
    #expect(summary.channels[1].deviationMoves == 0)
    #expect(summary.channels[0].meanMoves == 0)
    #expect(abs(summary.channels[0].deviationMoves - 1) < 1e-9)
    #expect(summary.channels[1].means == 1...5 && summary.channels[1].deviations == 4...4)
    #expect(abs(summary.layers[0].meanMoves - (0.125 as Double).squareRoot()) < 1e-12)
    #expect(summary.layers[0].channels == 2)
  }

  @Test func channelsThatMoveMostComeFirst() {
    let summary = StatisticsSummary([
      statistics([([0, 3], [1, 1]), ([9], [1])]), statistics([([0, 0], [1, 1]), ([0], [1])]),
    ])
    #expect(summary.channels.map { "\($0.layer) \($0.channel)" } == ["in2 0", "in1 1", "in1 0"])
    #expect(summary.layers.map(\.name) == ["in1", "in2"])
  }

  /// A blank page among photographs is no division by zero.
  @Test func constantChannelsAreNumbers() {
    let summary = StatisticsSummary([
      statistics([([1, 2], [0, 0])]), statistics([([1, 5], [0, 4])]),
    ])
    #expect(summary.channels.allSatisfy { $0.meanMoves.isFinite && $0.deviationMoves.isFinite })
    #expect(summary.channels[1].meanMoves == 0 && summary.channels[1].deviationMoves == 0)
    #expect(StatisticsSummary([]).layers.isEmpty)
  }
}
