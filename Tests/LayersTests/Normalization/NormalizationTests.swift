import StyleModels
import TestSupport
import Testing

@testable import Layers

/// Images of random samples, `[N][C][pixels]`, of sizes of their own.
private struct Images {
  static let channels = 6
  let samples: [[[Float]]]

  init(pixels: [Int]) {
    var random = Samples(seed: 4)
    samples = pixels.map { count in
      (0..<Self.channels).map { channel in
        random.array(count).map { Float(channel) + Float(count) * $0 / 10 }
      }
    }
  }

  var moments: [[ChannelMoments]] { samples.map { $0.map(naiveMoments) } }
}

@Suite struct NormalizationTests {
  private let images = Images(pixels: [35, 12, 1])

  @Test func instanceTakesEachChannelOfEachImageAlone() {
    let found = Normalization.instance.statistics(of: images.moments)
    let expected = images.samples.map { $0.map { Statistics(naiveMoments($0)) } }
    #expect(found == expected)
  }

  @Test(arguments: [1, 2, 3, 6])
  func groupPoolsNeighbouringChannels(_ groups: Int) {
    let found = Normalization.group(.count(groups)).statistics(of: images.moments)
    let size = Images.channels / groups
    for (image, channels) in images.samples.enumerated() {
      for channel in channels.indices {
        let first = channel / size * size
        let expected = Statistics(naiveMoments(channels[first..<first + size].joined()))
        #expect(found[image][channel].agrees(with: expected))
      }
    }
  }

  @Test func layerPoolsAllChannelsOfAnImage() {
    let found = Normalization.layer.statistics(of: images.moments)
    for (image, channels) in images.samples.enumerated() {
      let expected = Statistics(naiveMoments(channels.joined()))
      #expect(found[image].count == Images.channels)
      #expect(found[image].allSatisfy { $0 == found[image][0] && $0.agrees(with: expected) })
    }
  }

  /// Images of 35, 12 and 1 pixels: every pixel counts the same, not every image.
  @Test func liveBatchPoolsTheSamplesOfAllImages() {
    let found = Normalization.batchLive.statistics(of: images.moments)
    for channel in 0..<Images.channels {
      let pooled = images.samples.flatMap { $0[channel] }
      let expected = Statistics(naiveMoments(pooled))
      #expect(found.allSatisfy { $0[channel] == found[0][channel] })
      #expect(found[0][channel].agrees(with: expected))
    }
    #expect(found.count == 3)
    #expect(Normalization.batchLive.statistics(of: []) == [])
  }

  @Test func batchTakesWhatIsStored() {
    let stored = StyleParameters.StoredStatistics(
      mean: (0..<Images.channels).map(Float.init),
      variance: [Float](repeating: 2, count: Images.channels))
    let found = Normalization.batch.statistics(of: images.moments, stored: stored)
    let expected = (0..<Images.channels).map { Statistics(mean: Double($0), variance: 2) }
    #expect(stored.statistics == expected)
    #expect(found == [expected, expected, expected])
  }

  /// Each picture of a batch has its own style's.
  @Test func storedStatisticsAreEachPicturesOwn() {
    let stored = [1, 2, 3].map { mean in
      StyleParameters.StoredStatistics(
        mean: [Float](repeating: mean, count: Images.channels),
        variance: [Float](repeating: mean * mean, count: Images.channels))
    }
    var found = images.moments.map { $0.map { _ in Statistics() } }
    Normalization.batch.set(&found, from: images.moments, stored: stored)
    #expect(found == stored.map(\.statistics))
  }

  /// Exactly, not nearly: the same numbers are merged in the same order.
  @Test func normsCoincideAtTheEndsOfTheScale() {
    let moments = images.moments
    let instance = Normalization.instance.statistics(of: moments)
    #expect(
      Normalization.group(.count(1)).statistics(of: moments)
        == Normalization.layer.statistics(of: moments))
    #expect(Normalization.group(.count(Images.channels)).statistics(of: moments) == instance)
    #expect(Normalization.group(.channels).statistics(of: moments) == instance)
    #expect(
      moments.indices.map { Normalization.batchLive.statistics(of: [moments[$0]])[0] } == instance)
  }

  @Test(arguments: [
    Normalization.instance, .group(.count(2)), .group(.channels), .layer,
  ])
  func imageIsNormalizedWithoutItsCompany(_ normalization: Normalization) {
    let together = normalization.statistics(of: images.moments)
    for image in images.moments.indices {
      #expect(normalization.statistics(of: [images.moments[image]]) == [together[image]])
    }
  }

  @Test func liveBatchDependsOnTheCompany() {
    let alone = Normalization.batchLive.statistics(of: [images.moments[0]])
    #expect(Normalization.batchLive.statistics(of: images.moments)[0] != alone[0])
  }
}
