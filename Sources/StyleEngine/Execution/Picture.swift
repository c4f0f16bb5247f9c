import ImageFiles

/// A picture as the network sees it: a size, and rows of red, green and blue in 0…255.
///
/// The rows are asked for from top to bottom, and given back repainted, unclamped, in the same
/// order, when the statistics of all of them are known; where `order` says so, by several threads at a
/// time and in any order within a band.
public struct Picture {
  /// The orders that rows may come in.
  public struct Order: OptionSet, Sendable {
    public let rawValue: Int

    public init(rawValue: Int) { self.rawValue = rawValue }

    /// Rows are read by several threads at a time.
    public static let readsAny = Order(rawValue: 1)
    /// Rows are written by several threads at a time.
    public static let writesAny = Order(rawValue: 2)
  }

  public let width: Int
  public let height: Int
  public let order: Order
  /// Fills in row y, `3 · width` samples.
  public let readRow: (_ y: Int, _ row: inout MutableSpan<Float>) throws(ImageFileError) -> Void
  /// Takes row y of the result, `3 · width` finite samples.
  public let writeRow: (_ y: Int, _ row: Span<Float>) throws(ImageFileError) -> Void

  public init(
    width: Int, height: Int, order: Order = [],
    readRow: @escaping (_ y: Int, _ row: inout MutableSpan<Float>) throws(ImageFileError) -> Void,
    writeRow: @escaping (_ y: Int, _ row: Span<Float>) throws(ImageFileError) -> Void
  ) {
    precondition(width > 0 && height > 0, "a picture has pixels")
    self.width = width
    self.height = height
    self.order = order
    self.readRow = readRow
    self.writeRow = writeRow
  }

  /// The row or column that stands at `position` of a side that goes on mirrored, edges included, on
  /// both ends.
  static func mirrored(_ position: Int, _ side: Int) -> Int {
    let period = 2 * side
    let phase = (position % period + period) % period
    return phase < side ? phase : 2 * side - 1 - phase
  }
}
