import Layers

/// The changes to every picture of a run.
public struct Stylization: Sendable {
  public var normalization: Normalization
  /// `s·result + (1 − s)·photograph`, before rounding: 0…1. At 0 the network isn't run.
  public var strength: Float
  /// Whether the photograph's colour is kept under the result's lightness.
  public var keepsColor: Bool
  /// The contrast of what the network sees: `mean + contrast · (x − mean)`, about the picture's
  /// mean colour, unclamped.
  public var contrast: Float
  public var brush: Brush

  public init(
    normalization: Normalization, strength: Float = 1, keepsColor: Bool = false,
    contrast: Float = 1, brush: Brush = Brush()
  ) {
    precondition((0...1).contains(strength), "strength is in 0…1")
    self.normalization = normalization
    self.strength = strength
    self.keepsColor = keepsColor
    self.contrast = contrast
    self.brush = brush
  }

  /// Whether the photograph's pixels have a part in the result's.
  var mixes: Bool { strength < 1 || keepsColor }

  /// Mixes a pixel of the network's result with the photograph's, both 0…255, unrounded.
  ///
  /// Under `keepsColor` it takes Y of Y'CbCr (BT.601, as JPEG does) from the result, Cb and Cr from
  /// the photograph, which is to add the difference in Y to each of red, green and blue.
  ///
  /// Paper: Gatys, Bethge, Hertzmann and Shechtman 2016, arXiv:1606.05897.
  func mix(_ result: SIMD3<Float>, _ photograph: SIMD3<Float>) -> SIMD3<Float> {
    var pixel = result
    if keepsColor {
      let difference = (result - photograph) * Lightness.weights
      pixel = photograph + difference.sum()
    }
    return strength == 1 ? pixel : pixel * strength + photograph * (1 - strength)
  }
}
