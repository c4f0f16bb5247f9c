import Testing

@testable import Pages

@Suite struct PageStatisticsTests {
  /// Two images of one layer of three channels, before a norm and after instance norm.
  private let statistics = PageStatistics(
    images: ["a", "b"], layers: [.init(name: "in1", convolution: "conv1", channels: 3)],
    views: [
      .init(
        name: "before", hasOwnAxes: true,
        layers: [.init(means: [0, 10, 20, 4, 10, 28], deviations: [3, 3, 3, 5, 5, 5])]),
      .init(
        name: "after",
        layers: [.init(means: [0, 1, 2, 0, 1, 2], deviations: [1, 1, 1, 1, 1, 1])]),
    ])

  @Test func blockIsHeadsAndThenTheLevelsOfChannelsThatDiffer() {
    let bytes = statistics.encoded(layer: 0)
    let heads = stride(from: 0, to: 8 * 3 * 2 * 2, by: 4).map { start in
      Float(
        bitPattern: bytes[start..<start + 4].reversed().reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
    let step: Float = 1 / 254
    #expect(heads[0..<6] == [0, 4 * step, 10, 0, 20, 8 * step])
    #expect(heads[6..<12] == [3, 2 * step, 3, 2 * step, 3, 2 * step])
    #expect(heads[12...] == [0, 0, 1, 0, 2, 0, 1, 0, 1, 0, 1, 0])
    #expect(bytes[96...] == [0, 254, 0, 254, 0, 254, 0, 254, 0, 254])
  }

  @Test func spreadIsTheDeviationBetweenTheImagesInTheLayersOwn() {
    let before = Spread(statistics.views[0].layers[0], channels: 3)
    let unit = 17.0.squareRoot()
    #expect(abs(before.ofMeans - (20.0 / 3).squareRoot() / unit) < 1e-12)
    #expect(abs(before.ofDeviations - 1 / unit) < 1e-12)
    #expect(Spread(statistics.views[1].layers[0], channels: 3).ofMeans == 0)
  }

  @Test func tableSaysTheSpreads() {
    let table = statistics.spreadTable.text
    #expect(table.contains(">63 %</td><td style=\"--percent:24\">24 %</td>"))
    #expect(table.contains(">0 %</td><td style=\"--percent:0\">0 %</td>"))
  }

  /// A network of blank pictures, of NaN, of one picture.
  @Test func whatHasNoSpreadIsNoNumber() {
    let blank = Spread(.init(means: [1, 1], deviations: [0, 0]), channels: 1)
    #expect(blank.ofMeans.isNaN)
    let broken = PageStatistics(
      images: ["a", "b"], layers: [.init(name: "in1", convolution: "conv1", channels: 1)],
      views: [.init(name: "v", layers: [.init(means: [.nan, 1], deviations: [1, 1])])])
    #expect(broken.spreadTable.text.contains("<td>–</td><td"))
    let alone = PageStatistics(
      images: ["a"], layers: [.init(name: "in1", convolution: "conv1", channels: 1)],
      views: [.init(name: "v", layers: [.init(means: [1], deviations: [1])])])
    #expect(alone.spreadTable.text.isEmpty)
  }
}
