/// The way in which a style is best painted, as its file says; a file that says nothing is painted
/// as it is.
public struct PaintingAdvice: Equatable, Sendable {
  /// The longer side in pixels at which its strokes are best; nil where the file names none.
  public var bestSize: Int?
  /// The standard deviation of the noise that gives blank areas strokes, in levels of 255.
  public var grain: Double
  /// Pixels that the picture is mirrored outward by, and that are cut off again.
  public var margin: Int

  public init(bestSize: Int? = nil, grain: Double = 0, margin: Int = 0) {
    self.bestSize = bestSize
    self.grain = grain
    self.margin = margin
  }

  // What a file may say, and a flag.
  public static let bestSizes = 16...65_535
  public static let grains = 0.0...64.0
  public static let margins = 0...256
}
