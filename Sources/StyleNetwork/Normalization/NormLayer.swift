import StyleModels

/// The norm after a convolution: what the style's file says of it.
struct NormLayer: Sendable {
  let description: NormDescription
  let epsilon: Double
  /// `[C]`, as are all below.
  let gamma: [Float]
  let beta: [Float]
  /// Empty where the file has none.
  let stored: [Statistics]

  /// Turns the moments of this layer's input, `[N][C]`, into what each image is normalized with.
  func affines(_ statistics: [[Statistics]], _ normalization: Normalization) -> [ChannelAffine] {
    statistics.map {
      ChannelAffine(
        statistics: $0, areMeasured: normalization != .batch, gamma: gamma, beta: beta,
        epsilon: epsilon, followedByReLU: description.followedByReLU)
    }
  }
}
