/// What became of a picture's place and size from file to file.
struct PictureChange: Equatable, Sendable {
  struct Size: Equatable, Sendable {
    var width, height: Int
  }

  /// The sizes of the upright picture.
  var before, after: Size
  /// Whether EXIF says how it was stored.
  var hasOrientation: Bool
  /// Whether it was stored in another way than it stands now.
  var isTurned: Bool

  var isScaled: Bool { before != after }

  var reason: String { isTurned ? "the picture was turned" : "the picture was scaled" }

  /// A place or a length across.
  func scaledX(_ value: Int) -> Int { scaled(value, after.width, before.width) }

  /// A place or a length down.
  func scaledY(_ value: Int) -> Int { scaled(value, after.height, before.height) }

  private func scaled(_ value: Int, _ new: Int, _ old: Int) -> Int {
    guard new != old, old > 0 else { return value }
    let result = (Double(value) * Double(new) / Double(old)).rounded()
    return Int(exactly: result) ?? value
  }
}
