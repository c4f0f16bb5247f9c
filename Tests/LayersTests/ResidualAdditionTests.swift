import Tensors
import TestSupport
import Testing

@testable import Layers

@Suite(.deadline(minutes: 2)) struct ResidualAdditionTests {
  private static let (height, width) = (7, 9)

  private func activation(_ channels: Int, seed: UInt64, followedByReLU: Bool) -> Activation {
    var samples = Samples(seed: seed)
    let count = FeatureMap.sampleCount(channels: channels, width: Self.width, rows: Self.height)
    let affine = ChannelAffine(
      statistics: (0..<channels).map { Statistics(mean: Double($0), variance: 1) },
      areMeasured: false, gamma: samples.array(channels), beta: samples.array(channels),
      epsilon: 1e-5, followedByReLU: followedByReLU)
    return Activation(
      map: FeatureMap(
        channels: channels, height: Self.height, width: Self.width, rows: 0..<Self.height,
        buffer: AlignedBuffer(samples.array(count))), affine: affine, center: affine.shift)
  }

  private func expected(_ a: Activation, _ b: Activation) -> [[[Float]]] {
    zip(a.map.planes, b.map.planes).enumerated().map { channel, planes in
      zip(planes.0, planes.1).map { rows in
        zip(rows.0, rows.1).map { x, y in
          func applied(_ value: Float, _ affine: ChannelAffine) -> Double {
            let (scale, shift) = (affine.scale.start[channel], affine.shift.start[channel])
            return max(
              Double(scale) * Double(value) + Double(shift), Double(affine.floor.start[channel]))
          }
          return Float(applied(x, a.affine) + applied(y, b.affine))
        }
      }
    }
  }

  @Test(arguments: KernelSet.available, [5, 16, 17, 33])
  func addsWhatTheNormsMakeOfBoth(_ kernels: KernelSet, _ channels: Int) {
    let a = activation(channels, seed: 21, followedByReLU: false)
    let b = activation(channels, seed: 22, followedByReLU: true)
    let sum = expected(a, b)
    let addition = ResidualAddition(kernels: kernels)
    // |scale · x + shift| stays below C + 2; a few roundings of that.
    let tolerance = Float(channels + 2) * 4 * Float.ulpOfOne
    let count = a.map.buffer.count
    for workers in [1, 3] {
      let output = FeatureMap(
        channels: channels, height: Self.height, width: Self.width, rows: 0..<Self.height,
        buffer: .poisoned(count))
      let pool = WorkerPool(workers: workers)
      addition.run(rows: 0..<3, a, b, into: output, pool: pool)
      let below = (3..<Self.height).allSatisfy { y in output.row(y)[0].isNaN }
      #expect(below)
      addition.run(rows: 3..<Self.height, a, b, into: output, pool: pool)
      #expect(
        largestDifference(output.planes.flatMap { $0.joined() }, sum.flatMap { $0.joined() })
          <= tolerance)
      #expect(!output.buffer.samples.contains { $0.isNaN })
    }
    // The sum takes the place of what went around the block.
    addition.run(rows: 0..<Self.height, a, b, into: b.map, pool: WorkerPool(workers: 2))
    #expect(
      largestDifference(b.map.planes.flatMap { $0.joined() }, sum.flatMap { $0.joined() })
        <= tolerance)
  }
}
