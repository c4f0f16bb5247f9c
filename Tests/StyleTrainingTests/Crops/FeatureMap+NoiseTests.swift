import Layers
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

@Suite struct FeatureMapNoiseTests {
  private func gray(_ side: Int) -> FeatureMap {
    FeatureMap(
      channels: 3, height: side, width: side, lanes: FeatureMap.pixelLanes, rows: 0..<side,
      buffer: AlignedBuffer((0..<4 * side * side).map { $0 % 4 == 3 ? 0 : 100 }))
  }

  @Test(arguments: [Float(3), 0.5, 20])
  func noiseHasItsDeviationAndMeanZero(_ deviation: Float) {
    let map = gray(256)
    var generator = SplitMix64(seed: 1)
    map.addNoise(deviation, from: &generator)
    for plane in map.planes {
      let noise = plane.joined().map { Double($0 - 100) / Double(deviation) }
      let moments = naiveMoments(noise.map { Float($0) })
      #expect(abs(moments.mean) < 5.0 / 256)
      #expect(abs(moments.variance.squareRoot() - 1) < 5 / (256 * 2.0.squareRoot()))
    }
  }

  /// Neither colours nor neighbours have their noise in common; what lies beside them has none.
  @Test func noiseIsEachSamplesOwn() {
    let map = gray(128)
    var generator = SplitMix64(seed: 1)
    map.addNoise(1, from: &generator)
    let planes = map.planes.map { $0.joined().map { Double($0 - 100) } }
    func correlation(_ a: some Sequence<Double>, _ b: some Sequence<Double>) -> Double {
      zip(a, b).reduce(0) { $0 + $1.0 * $1.1 } / Double(planes[0].count)
    }
    let limit = 5.0 / 128
    #expect(abs(correlation(planes[0], planes[1])) < limit)
    #expect(abs(correlation(planes[1], planes[2])) < limit)
    #expect(abs(correlation(planes[0], planes[0].dropFirst())) < limit)
    #expect(abs(correlation(planes[0], planes[0].dropFirst(128))) < limit)
    let samples = map.buffer.samples
    #expect(stride(from: 3, to: samples.count, by: 4).allSatisfy { samples[$0] == 0 })
  }
}
