import StyleModels

/// The way in which a style is put on a picture: how large its strokes are, where what is finer comes
/// from, and what keeps blank areas and borders from showing.
public struct Brush: Equatable, Sendable {
  /// The choice of how large strokes are.
  public enum StrokeSize: Equatable, Sendable {
    /// So many times as large as the network's own, at least 1.
    case factor(Double)
    /// As large as on a picture of this longer side; on smaller ones, the network's own.
    case asOnLongSide(Int)
  }

  /// The source of what is finer than the strokes.
  public enum Detail: String, CaseIterable, Sendable {
    /// The picture painted at its own size.
    case painted
    /// The photograph's lightness.
    case photo
    /// Nothing.
    case none
  }

  public var strokeSize = StrokeSize.factor(1)
  public var detail = Detail.painted
  /// The standard deviation of the noise in what the network sees, in levels. A picture of one colour
  /// gets none.
  public var grain: Float = 0
  /// Pixels, at the size that is painted, that the picture is mirrored outward by before it is painted
  /// and that are cut off after.
  public var margin = 0

  /// The network as it is.
  public init() {}

  /// The brush that a style's file asks for.
  public init(_ advice: PaintingAdvice) {
    strokeSize = advice.bestSize.map(StrokeSize.asOnLongSide) ?? .factor(1)
    grain = Float(advice.grain)
    margin = advice.margin
  }

  /// Whether this leaves the network as it is. Else the weave is taken out of colours, too.
  public var isPlain: Bool { strokeSize == .factor(1) && grain == 0 && margin == 0 }

  /// The factors that can be asked for.
  public static let factors = 1.0...100.0

  /// The times that strokes are as large as the network's own, on a picture of this size.
  func factor(width: Int, height: Int) -> Double {
    switch strokeSize {
    case .factor(let factor): min(max(factor, Self.factors.lowerBound), Self.factors.upperBound)
    case .asOnLongSide(let side): max(1, Double(max(width, height)) / Double(side))
    }
  }

  /// The size at which a picture is painted for its strokes; nil where that is its own.
  func coarseSize(width: Int, height: Int) -> ExecutionPlan.Job.Size? {
    let factor = factor(width: width, height: height)
    func shrunk(_ side: Int) -> Int { max(1, Int((Double(side) / factor).rounded())) }
    let size = ExecutionPlan.Job.Size(width: shrunk(width), height: shrunk(height))
    return size.width == width && size.height == height ? nil : size
  }

  /// The size that the network sees of a picture of `size`.
  func extended(_ size: ExecutionPlan.Job.Size) -> ExecutionPlan.Job.Size {
    ExecutionPlan.Job.Size(width: size.width + 2 * margin, height: size.height + 2 * margin)
  }
}
