import TestSupport
import Testing

@testable import Layers

@Suite struct WeightPackingTests {
  /// Weights that say where they come from: 1000·o + 100·i + 10·u + v.
  private func named(_ shape: LayerCase) -> [Float] {
    (0..<shape.outputs).flatMap { o in
      (0..<shape.inputs).flatMap { i in
        (0..<shape.kernel * shape.kernel).map {
          Float(1000 * o + 100 * i + 10 * ($0 / shape.kernel) + $0 % shape.kernel)
        }
      }
    }
  }

  /// `[input blocks][K][K][channels][32]` for a pair of output blocks, lanes above the last 0.
  @Test func outputChannelsAreTheLanes() {
    let shape = LayerCase(inputs: 2, outputs: 18, height: 5, width: 5)
    let packed = shape.packing.packed(weights: named(shape)).samples
    #expect(packed.count == 3 * 3 * 2 * 32)
    for (u, v, c) in [(0, 0, 0), (0, 2, 1), (2, 1, 0), (2, 2, 1)] {
      let lanes = packed[(((u * 3 + v) * 2 + c) * 32)...].prefix(32)
      let expected = (0..<32).map { lane -> Float in
        lane < 18 ? Float(1000 * lane + 100 * c + 10 * u + v) : 0
      }
      #expect(Array(lanes) == expected)
    }
    #expect(shape.packing.sampleCount(ofPairAt: 0) == packed.count)
  }

  /// A third output block stands alone, in 16 lanes; a second input block has its own channels.
  @Test func oddBlocksComeLast() {
    let shape = LayerCase(inputs: 18, outputs: 33, height: 5, width: 5)
    let packed = shape.packing.packed(weights: named(shape)).samples
    let pair = 9 * 18 * 32
    #expect(packed.count == pair + 9 * 18 * 16)
    // The first pair's second input block: row 1, column 2, channel 17.
    let second = 9 * 16 * 32 + ((1 * 3 + 2) * 2 + 1) * 32
    #expect(packed[second + 31] == 31_000 + 1700 + 12)
    #expect(packed[pair] == 32_000)
    #expect(packed[pair + 1..<pair + 16].allSatisfy { $0 == 0 })
  }

  @Test func pictureReadingLayerMultipliesThreeOfFourLanes() {
    let packing = LayerCase(
      inputs: 3, outputs: 4, kernel: 9, readsPicture: true, height: 5, width: 5
    ).packing
    #expect(packing.inputLanes == 4 && packing.inputBlocks == 1)
    #expect(packing.inputChannels(inBlock: 0) == 3)
  }
}
