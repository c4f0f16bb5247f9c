import Testing

@testable import Pages

@Suite struct QuantizedChannelTests {
  private func restored(_ channel: QuantizedChannel, _ index: Int) -> Float {
    channel.levels[index] == 255 ? .nan : channel.low + Float(channel.levels[index]) * channel.step
  }

  @Test func valuesAreWithinA508thOfTheirSpread() {
    let values = (0..<500).map { Float(($0 * 7919) % 1009) / 3 - 120 }
    let channel = QuantizedChannel(values, resolution: 0.001)
    let spread: Float = 1008.0 / 3
    for (index, value) in values.enumerated() {
      #expect(abs(restored(channel, index) - value) <= spread / 508 * 1.001)
    }
  }

  @Test func valuesAsGoodAsEqualTakeNoLevels() {
    let channel = QuantizedChannel([2, 2.001, 2.002], resolution: 0.01)
    #expect(channel.levels.isEmpty)
    #expect(channel.step == 0)
    #expect(channel.low == 2.001)
  }

  @Test func whatIsNoNumberIsLevel255() {
    let channel = QuantizedChannel([1, .nan, 3, -.infinity], resolution: 0)
    #expect(channel.levels == [0, 255, 254, 255])
    #expect(channel.low == 1)
  }

  @Test func gapsAmongEqualValuesAreKept() {
    let channel = QuantizedChannel([4, .nan, 4], resolution: 1)
    #expect(channel.levels == [0, 255, 0])
    #expect(restored(channel, 0) == 4)
  }

  @Test func noNumberAtAllIsOne() {
    let channel = QuantizedChannel([.nan, .infinity], resolution: 1)
    #expect(channel.low.isNaN && channel.step == 0 && channel.levels.isEmpty)
  }

  @Test func theGreatestFloatsAreNotTooFarApart() {
    let greatest = Float.greatestFiniteMagnitude
    let channel = QuantizedChannel([-greatest, greatest], resolution: 0)
    #expect(channel.levels == [0, 254])
    #expect(channel.step.isFinite)
  }
}
