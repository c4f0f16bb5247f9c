import TestSupport
import Testing

@testable import Layers
@testable import Pages
@testable import StyleEngine

@Suite(.deadline(minutes: 2)) struct StatisticsCollectionTests {
  /// A picture of one layer of two channels, normalized as one group.
  private func picture(_ mean: [Double], _ variance: [Double]) -> PictureStatistics {
    var picture = PictureStatistics()
    let group = Statistics(mean: 2, variance: 16)
    picture.layers = [
      .init(
        name: "in1", convolution: "conv1", mean: mean, variance: variance, used: [group, group],
        scale: [], shift: [])
    ]
    return picture
  }

  private func views(_ norm: String, stored: [[Statistics]] = [[]]) -> [PageStatistics.View] {
    PageStatistics(
      names: ["a", "b"], statistics: [picture([2, 6], [4, 9]), picture([10, 2], [16, 1])],
      stored: stored, epsilon: 0, norm: norm
    ).views
  }

  private let stored = [[Statistics(mean: 2, variance: 4), Statistics(mean: 0, variance: 1)]]

  @Test func viewsAreOfTheNormsThatThereAre() {
    #expect(views("instance").map(\.name) == ["before the norm", "after instance norm"])
    #expect(
      views("instance", stored: stored).map(\.name) == [
        "before the norm", "after instance norm", "after batch norm (stored statistics)",
      ])
    #expect(
      views("group", stored: stored).map(\.name) == [
        "before the norm", "after group norm", "after batch norm (stored statistics)",
        "after instance norm",
      ])
    #expect(
      views("batch", stored: stored).map(\.name) == [
        "before the norm", "after batch norm (stored statistics)", "after instance norm",
      ])
    #expect(
      views("layer").map(\.name) == [
        "before the norm", "after layer norm", "after instance norm",
      ])
    #expect(views("layer").map(\.hasOwnAxes) == [true, false, false])
  }

  @Test func valuesAreNormalizedWithEachViewsStatistics() {
    let views = views("group", stored: stored)
    #expect(views[0].layers == [.init(means: [2, 6, 10, 2], deviations: [2, 3, 4, 1])])
    #expect(
      views[1].layers == [.init(means: [0, 1, 2, 0], deviations: [0.5, 0.75, 1, 0.25])])
    #expect(views[2].layers == [.init(means: [0, 6, 4, 2], deviations: [1, 3, 2, 1])])
    #expect(
      views[3].layers == [.init(means: [0, 0, 0, 0], deviations: [1, 1, 1, 1])])
  }

  @Test func ofNoPictureThereIsNothing() {
    #expect(StatisticsCollection(norm: "instance", stored: [], epsilon: 1).statistics.isEmpty)
  }
}
