import Synchronization

/// A conversion of RGB samples from one space into another.
final class ColorTransform: Sendable {
  private enum Way {
    case none
    case matrix(MatrixTransform)
    case table(TableTransform)
  }

  private let way: Way
  private let pixels: PixelFormat

  /// Finds or makes a conversion.
  ///
  /// - Returns: Nil where a profile is broken, or lacks the tables for that way.
  static func between(
    _ source: ColorSpace, _ target: ColorSpace, _ pixels: PixelFormat
  ) -> ColorTransform? {
    recent.value(
      for: Key(source: source, target: target, pixels: pixels),
      kept: source.isSmall && target.isSmall
    ) {
      ColorTransform(source, target, pixels)
    }
  }

  private struct Key: Hashable {
    var source, target: ColorSpace
    var pixels: PixelFormat
  }

  /// Pictures of a batch mostly share their profiles.
  private static let recent = Recent<Key, ColorTransform>()

  private init?(_ source: ColorSpace, _ target: ColorSpace, _ pixels: PixelFormat) {
    self.pixels = pixels
    if source == target {
      way = .none
    } else if let from = ColorSpace.Matrix.of(source), let to = ColorSpace.Matrix.of(target) {
      guard let transform = MatrixTransform(from: from, to: to, depth: pixels.depth)
      else { return nil }
      way = transform.isIdentity(pixels.depth) ? .none : .matrix(transform)
    } else {
      guard let from = source.littleCMSProfile, let to = target.littleCMSProfile,
        let transform = TableTransform(from: from, to: to, pixels)
      else { return nil }
      way = .table(transform)
    }
  }

  /// Whether samples are the same in both spaces.
  var isIdentity: Bool {
    if case .none = way { true } else { false }
  }

  /// Converts a row.
  func apply(to row: inout MutableSpan<UInt8>) {
    switch way {
    case .none: return
    case .matrix(let transform): transform.apply(to: &row, channels: pixels.channels)
    case .table(let transform): transform.apply(to: &row, pixels)
    }
  }
}

/// The last few of what is slow to make and often wanted again.
final class Recent<Key: Hashable & Sendable, Value: Sendable>: Sendable {
  private let values = Mutex<[(key: Key, value: Value?)]>([])
  private static var count: Int { 4 }

  /// - Parameter kept: Whether a new one is kept.
  func value(for key: Key, kept: Bool, make: () -> Value?) -> Value? {
    guard kept else { return make() }
    return values.withLock { values in
      if let place = values.firstIndex(where: { $0.key == key }) { return values[place].value }
      let value = make()
      values.append((key, value))
      if values.count > Self.count { values.removeFirst() }
      return value
    }
  }
}
