import StyleModels
import Tensors

/// Brings a convolution's weights into the order in which the kernels read them.
package struct WeightPacking: Sendable {
  private let convolution: LayerDescription.Convolution

  /// Lanes of the input's blocks: a picture's pixels are blocks of their own.
  package let inputLanes: Int

  /// - Parameter readsPicture: Whether the convolution's input is the picture, of blocks of four lanes.
  package init(_ convolution: LayerDescription.Convolution, readsPicture: Bool) {
    self.convolution = convolution
    inputLanes = readsPicture ? FeatureMap.pixelLanes : FeatureMap.blockLanes
  }

  package var outputBlocks: Int { FeatureMap.blockCount(channels: convolution.outputChannels) }
  package var inputChannels: Int { convolution.inputChannels }
  package var inputBlocks: Int {
    FeatureMap.blockCount(channels: inputChannels, lanes: inputLanes)
  }

  /// Lanes above the last input channel are not multiplied with.
  package func inputChannels(inBlock block: Int) -> Int {
    min(inputLanes, inputChannels - block * inputLanes)
  }

  /// Samples that the weights of one pair of output blocks take.
  package func sampleCount(ofPairAt first: Int) -> Int {
    convolution.kernelSize * convolution.kernelSize * inputChannels * lanes(ofPairAt: first)
  }

  func lanes(ofPairAt first: Int) -> Int {
    min(2, outputBlocks - first) * FeatureMap.blockLanes
  }

  /// `[O, I, K, K]` as `[pairs][input blocks][K][K][channels][16 or 32]`.
  package func packed(weights: [Float]) -> AlignedBuffer {
    let pairs = stride(from: 0, to: outputBlocks, by: 2)
    let buffer = AlignedBuffer(count: pairs.reduce(0) { $0 + sampleCount(ofPairAt: $1) })
    pack(weights, into: buffer)
    return buffer
  }

  /// Packs weights into what `packed` has given.
  package func pack(_ weights: [Float], into buffer: AlignedBuffer) {
    let taps = convolution.kernelSize * convolution.kernelSize
    let (inputs, outputs) = (inputChannels, convolution.outputChannels)
    var next = buffer.start
    weights.withUnsafeBufferPointer { weights in
      for first in stride(from: 0, to: outputBlocks, by: 2) {
        let firstLane = first * FeatureMap.blockLanes
        for block in 0..<inputBlocks {
          for tap in 0..<taps {
            for channel in 0..<inputChannels(inBlock: block) {
              let input = block * inputLanes + channel
              for output in firstLane..<firstLane + lanes(ofPairAt: first) {
                next.pointee =
                  output < outputs ? weights[(output * inputs + input) * taps + tap] : 0
                next += 1
              }
            }
          }
        }
      }
    }
  }
}
