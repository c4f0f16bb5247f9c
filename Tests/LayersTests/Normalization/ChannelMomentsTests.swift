import Tensors
import TestSupport
import Testing

@testable import Layers

@Suite struct ChannelMomentsTests {
  @Test func mergingGivesTheMomentsOfTheUnion() {
    var samples = Samples(seed: 1)
    let values = samples.array(97).map { 3 + 2 * $0 }
    let expected = naiveMoments(values)
    for first in [0, 1, 48, 96, 97] {
      for second in [first, (first + 97) / 2, 97] {
        let parts = [values[..<first], values[first..<second], values[second...]].map {
          ChannelMoments.merged($0.map(ChannelMoments.init(of:)))
        }
        for order in [[0, 1, 2], [2, 0, 1], [1, 2, 0], [2, 1, 0]] {
          #expect(ChannelMoments.merged(order.map { parts[$0] }).agrees(with: expected))
        }
      }
    }
  }

  @Test func emptySetChangesNothing() {
    let some = ChannelMoments(count: 3, mean: -2, squaredDeviations: 8)
    #expect(ChannelMoments.merged([]) == ChannelMoments())
    #expect(ChannelMoments().variance == 0)
    #expect(ChannelMoments.merged([ChannelMoments(), some]) == some)
    #expect(ChannelMoments.merged([some, ChannelMoments()]) == some)
  }

  @Test func varianceIsTheBiasedOne() {
    let moments = ChannelMoments.merged([1, 2, 3, 6].map(ChannelMoments.init(of:)))
    #expect(moments == ChannelMoments(count: 4, mean: 3, squaredDeviations: 14))
    #expect(moments.variance == 3.5)
  }

  /// One plus a speck, in any order and of any size: by sums of squares this goes below zero.
  @Test(arguments: [1e-7, 1, 1e4, 1e8, -1e8] as [Float])
  func varianceIsNeverNegative(_ value: Float) {
    let values = [value, value.nextUp, value, value.nextDown, value, value]
    for first in values.indices {
      var moments = ChannelMoments()
      for value in values[first...] + values[..<first] {
        moments.merge(ChannelMoments(of: value))
        #expect(moments.variance >= 0)
      }
    }
    let constant = ChannelMoments.merged(repeatElement(ChannelMoments(of: value), count: 1000))
    #expect(constant == ChannelMoments(count: 1000, mean: Double(value)))
  }

  /// A mean of 1e4 beside a deviation of 1e-1, over more than 4 million samples in parts of the
  /// size that a layer has them: the variance of those very values, to 4 digits.
  @Test(arguments: KernelSet.available)
  func largeMeanCostsNoDigits(_ kernels: KernelSet) {
    let (rows, columns, chunks) = (12, 432, 49)
    let count = rows * columns * 16
    let buffer = AlignedBuffer(count: count * chunks)
    var samples = Samples(seed: 3)
    var index = 0
    while index < buffer.count {
      // Uniform in 1e4 ± 0.173: a deviation of 0.1.
      buffer.start[index] = 1e4 + 0.1732 * samples.next()
      index &+= 1
    }
    var sum = 0.0
    index = 0
    while index < buffer.count {
      sum += Double(buffer.start[index]) - 1e4
      index &+= 1
    }
    let mean = sum / Double(buffer.count)
    var squares = 0.0
    index = 0
    while index < buffer.count {
      let deviation = Double(buffer.start[index]) - 1e4 - mean
      squares += deviation * deviation
      index &+= 1
    }

    var whole = ChannelMoments()
    for chunk in 0..<chunks {
      let (means, deviations) = kernels.moments(
        buffer.start + chunk * count, rowStride: columns * 16, rows: rows, columns: columns)
      for lane in 0..<16 {
        whole.merge(
          ChannelMoments(
            count: Double(rows * columns), mean: means[lane], squaredDeviations: deviations[lane]))
      }
    }
    let variance = squares / Double(buffer.count)
    #expect(whole.count > 4e6)
    #expect(abs(whole.mean - 1e4 - mean) <= 1e-4)
    #expect(abs(whole.variance - variance) <= 1e-4 * variance)
    #expect(abs(variance - 1e-2) <= 1e-4)
  }
}
