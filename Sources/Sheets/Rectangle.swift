/// A rectangle of pixels, x to the right and y down.
struct Rectangle: Equatable, Sendable {
  var x, y, width, height: Int

  var columns: Range<Int> { x..<x + max(0, width) }
  var rows: Range<Int> { y..<y + max(0, height) }

  /// Finds the part that both cover; without width or height where that is nothing.
  func intersection(_ other: Rectangle) -> Rectangle {
    let (columns, rows) = (columns.clamped(to: other.columns), rows.clamped(to: other.rows))
    return Rectangle(
      x: columns.lowerBound, y: rows.lowerBound, width: columns.count, height: rows.count)
  }
}
