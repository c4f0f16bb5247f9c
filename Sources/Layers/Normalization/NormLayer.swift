import StyleModels

/// The norm after a convolution: what the style's file says of it.
package struct NormLayer: Sendable {
  package let description: NormDescription
  package let epsilon: Double
  /// `[C]`, as are all below.
  package let gamma: [Float]
  package let beta: [Float]
  /// Empty where the file has none.
  package let stored: [Statistics]

  package init(
    description: NormDescription, epsilon: Double, gamma: [Float], beta: [Float],
    stored: [Statistics]
  ) {
    self.description = description
    self.epsilon = epsilon
    self.gamma = gamma
    self.beta = beta
    self.stored = stored
  }
}
