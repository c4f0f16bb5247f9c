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
}
