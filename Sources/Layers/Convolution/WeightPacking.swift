import StyleModels
import Tensors

/// Brings a convolution's weights into the order in which the kernels read them.
package struct WeightPacking: Sendable {
  private let convolution: LayerDescription.Convolution
  /// Neighbouring output pixels that share a block of lanes: lane l is output channel l mod O of
  /// pixel l / O.
  package let columnsPerBlock: Int

  /// Lanes of the input's blocks: a picture's pixels are blocks of their own.
  package let inputLanes: Int

  /// - Parameters:
  ///   - readsPicture: Whether the convolution's input is the picture, of blocks of four lanes.
  ///   - writesPicture: Whether the convolution's output is the picture: three channels would leave
  ///     most of a vector idle, so that as many pixels as fit go into a block.
  package init(_ convolution: LayerDescription.Convolution, readsPicture: Bool, writesPicture: Bool)
  {
    self.convolution = convolution
    inputLanes = readsPicture ? FeatureMap.pixelLanes : FeatureMap.blockLanes
    columnsPerBlock = writesPicture ? FeatureMap.blockLanes / convolution.outputChannels : 1
  }

  /// Lanes in use over all output blocks.
  package var outputLanes: Int { convolution.outputChannels * columnsPerBlock }
  package var outputBlocks: Int { FeatureMap.blockCount(channels: outputLanes) }
  package var inputBlocks: Int {
    FeatureMap.blockCount(channels: convolution.inputChannels, lanes: inputLanes)
  }
  /// Columns of the kernel that makes all pixels of a block at once.
  package var kernelWidth: Int {
    convolution.kernelSize + (columnsPerBlock - 1) * convolution.stride
  }

  /// Lanes above the last input channel are not multiplied with.
  package func inputChannels(inBlock block: Int) -> Int {
    min(inputLanes, convolution.inputChannels - block * inputLanes)
  }

  /// Samples that the weights of one pair of output blocks take.
  package func sampleCount(ofPairAt first: Int) -> Int {
    convolution.kernelSize * kernelWidth * convolution.inputChannels * lanes(ofPairAt: first)
  }

  private func lanes(ofPairAt first: Int) -> Int {
    min(2, outputBlocks - first) * FeatureMap.blockLanes
  }

  /// `[O, I, K, K]` as `[pairs][input blocks][K][kernelWidth][channels][16 or 32]`.
  package func packed(weights: [Float]) -> AlignedBuffer {
    let pairs = stride(from: 0, to: outputBlocks, by: 2)
    let buffer = AlignedBuffer(count: pairs.reduce(0) { $0 + sampleCount(ofPairAt: $1) })
    pack(weights, into: buffer)
    return buffer
  }

  /// Packs weights into what `packed` has given.
  package func pack(_ weights: [Float], into buffer: AlignedBuffer) {
    let (size, inputs, outputs) = (
      convolution.kernelSize, convolution.inputChannels, convolution.outputChannels
    )
    var next = buffer.start
    weights.withUnsafeBufferPointer { weights in
      for first in stride(from: 0, to: outputBlocks, by: 2) {
        let firstLane = first * FeatureMap.blockLanes
        for block in 0..<inputBlocks {
          for row in 0..<size {
            for column in 0..<kernelWidth {
              for channel in 0..<inputChannels(inBlock: block) {
                let tap = ((block * inputLanes + channel) * size + row) * size
                for lane in firstLane..<firstLane + lanes(ofPairAt: first) {
                  let (pixel, output) = lane.quotientAndRemainder(dividingBy: outputs)
                  let source = column - pixel * convolution.stride
                  let isTap = lane < outputLanes && source >= 0 && source < size
                  next.pointee = isTap ? weights[output * inputs * size * size + tap + source] : 0
                  next += 1
                }
              }
            }
          }
        }
      }
    }
  }
}
