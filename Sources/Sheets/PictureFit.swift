/// The size at which a picture stands in a cell, its aspect kept.
struct PictureFit: Equatable {
  /// Pixels after shrinking.
  let width, height: Int
  /// The factor by which a tiny picture is enlarged, as squares of one colour; 1 for any other.
  let scale: Int

  /// A picture with no side longer than this is tiny.
  private static let tinySide = 64

  init(width: Int, height: Int, cellWidth: Int) {
    let cellHeight = Self.cellHeight(cellWidth: cellWidth)
    let share = min(
      Double(cellWidth) / Double(width), Double(cellHeight) / Double(height))
    guard share >= 1 else {
      self.width = max(1, Int((share * Double(width)).rounded()))
      self.height = max(1, Int((share * Double(height)).rounded()))
      scale = 1
      return
    }
    self.width = width
    self.height = height
    // Half a cell is enough to see its pixels.
    scale = max(width, height) <= Self.tinySide ? max(1, Int(share / 2)) : 1
  }

  /// The height that a picture may have.
  static func cellHeight(cellWidth: Int) -> Int { max(1, cellWidth * 4 / 3) }
}
