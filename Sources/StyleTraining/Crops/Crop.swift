import Tensors

/// A square piece of a photograph, as a network is trained on it.
public struct Crop: Sendable {
  /// Its number.
  public let index: Int
  /// Red, green, blue and 0: `[side][side][4]`, 0…255 and what noise adds to that, or takes off.
  public let pixels: FeatureMap

  public var side: Int { pixels.width }
}
