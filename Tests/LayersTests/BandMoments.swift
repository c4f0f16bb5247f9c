import Tensors

@testable import Layers

/// Moments of all strips of an output, with memory that shows what nobody writes.
final class BandMoments {
  let strips: StripMoments
  private let tiling: ConvolutionTiling
  private let channels: Int
  private let memory: UnsafeMutablePointer<Double>

  init(_ tiling: ConvolutionTiling, channels: Int) {
    self.tiling = tiling
    self.channels = channels
    let count = StripMoments.valueCount(
      tiling, strips: tiling.geometry.strips, channels: channels)
    memory = .allocate(capacity: count)
    memory.initialize(repeating: .nan, count: count)
    strips = StripMoments(tiling, from: 0, channels: channels, in: memory)
  }

  deinit { memory.deallocate() }

  /// Of each channel over the whole output.
  func merged() -> [ChannelMoments] {
    var moments = [ChannelMoments](repeating: ChannelMoments(), count: channels)
    strips.merge(0..<tiling.geometry.strips, into: &moments)
    return moments
  }
}
