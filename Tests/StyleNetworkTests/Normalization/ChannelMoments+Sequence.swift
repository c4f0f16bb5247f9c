@testable import StyleNetwork

extension ChannelMoments {
  static func merged(_ parts: some Sequence<ChannelMoments>) -> ChannelMoments {
    merged(Array(parts)[...])
  }
}
