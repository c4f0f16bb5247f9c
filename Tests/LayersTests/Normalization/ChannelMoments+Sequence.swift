@testable import Layers

extension ChannelMoments {
  static func merged(_ parts: some Sequence<ChannelMoments>) -> ChannelMoments {
    merged(Array(parts)[...])
  }
}
