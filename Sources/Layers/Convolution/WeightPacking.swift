import StyleModels
import Tensors

/// Brings a convolution's weights into the order in which the kernels read them.
package struct WeightPacking: Sendable {
  private let description: ConvolutionDescription
  /// Neighbouring output pixels that share a block of lanes: lane l is output channel l mod O of
  /// pixel l / O.
  package let columnsPerBlock: Int

  /// Lanes of the input's blocks: a picture's pixels are blocks of their own.
  package let inputLanes: Int

  /// - Parameters:
  ///   - readsPicture: Whether its input is the picture, of blocks of four lanes.
  ///   - writesPicture: Whether its output is the picture: three channels would leave most of a
  ///     vector idle, so that as many pixels as fit go into a block.
  package init(_ description: ConvolutionDescription, readsPicture: Bool, writesPicture: Bool) {
    self.description = description
    inputLanes = readsPicture ? FeatureMap.pixelLanes : FeatureMap.blockLanes
    columnsPerBlock = writesPicture ? FeatureMap.blockLanes / description.outputChannels : 1
  }

  /// Lanes in use over all output blocks.
  package var outputLanes: Int { description.outputChannels * columnsPerBlock }
  package var outputBlocks: Int { FeatureMap.blockCount(channels: outputLanes) }
  package var inputBlocks: Int {
    FeatureMap.blockCount(channels: description.inputChannels, lanes: inputLanes)
  }
  /// Columns of the kernel that makes all pixels of a block at once.
  package var kernelWidth: Int {
    description.kernelSize + (columnsPerBlock - 1) * description.stride
  }

  /// Lanes above the last input channel are not multiplied with.
  package func inputChannels(inBlock block: Int) -> Int {
    min(inputLanes, description.inputChannels - block * inputLanes)
  }

  /// Samples that the weights of one pair of output blocks take.
  package func sampleCount(ofPairAt first: Int) -> Int {
    description.kernelSize * kernelWidth * description.inputChannels * lanes(ofPairAt: first)
  }

  private func lanes(ofPairAt first: Int) -> Int {
    min(2, outputBlocks - first) * FeatureMap.blockLanes
  }

  /// `[O, I, K, K]` as `[pairs][input blocks][K][kernelWidth][channels][16 or 32]`.
  package func packed(weights: [Float]) -> AlignedBuffer {
    let (size, inputs) = (description.kernelSize, description.inputChannels)
    let pairs = stride(from: 0, to: outputBlocks, by: 2)
    let buffer = AlignedBuffer(count: pairs.reduce(0) { $0 + sampleCount(ofPairAt: $1) })
    var next = buffer.start
    for first in pairs {
      let lanes = lanes(ofPairAt: first)
      for block in 0..<inputBlocks {
        for row in 0..<size {
          for column in 0..<kernelWidth {
            for channel in 0..<inputChannels(inBlock: block) {
              let tap = ((block * inputLanes + channel) * size + row) * size
              for lane in first * FeatureMap.blockLanes..<first * FeatureMap.blockLanes + lanes {
                let (pixel, output) = lane.quotientAndRemainder(
                  dividingBy: description.outputChannels)
                let source = column - pixel * description.stride
                let isTap = lane < outputLanes && source >= 0 && source < size
                next.pointee = isTap ? weights[output * inputs * size * size + tap + source] : 0
                next += 1
              }
            }
          }
        }
      }
    }
    return buffer
  }

  /// `[O]` as `[output blocks][16]`.
  package func packed(bias: [Float]) -> AlignedBuffer {
    AlignedBuffer(
      (0..<outputBlocks * FeatureMap.blockLanes).map { lane in
        lane < outputLanes ? bias[lane % description.outputChannels] : 0
      })
  }
}
