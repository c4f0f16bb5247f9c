/// The way in which the axes of a tensor are made of a source's, in row-major order.
///
/// Each axis is a list of digits, the slowest first: a Reshape to `[N, G, -1]` of a source
/// `[N, C, H, W]` is `[n] [c/S] [c%S, h, w]`, S channels a group; an enlargement by Expand, Tile
/// or Concat of itself is `[n] [c] [h, ×2] [w, ×2]`. So whatever only moves numbers is followed
/// without moving any, and how many it makes of them doesn't matter.
struct Layout: Hashable {
  /// A digit of an index of the source: `(index / stride) % size`.
  struct Digit: Hashable {
    /// The source's axis; nil for a repetition.
    var axis: Int?
    var size: Int
    var stride = 1
  }

  /// The most numbers that are counted, far from the largest.
  static let countLimit = 1 << 40
  /// The most axes that a norm or an enlargement takes.
  static let rankLimit = 8

  private(set) var axes: [[Digit]]

  /// A source as it is.
  init(_ shape: [Int]) {
    axes = shape.enumerated().map { axis, size in
      size == 1 ? [] : [Digit(axis: axis, size: size)]
    }
  }

  private init(axes: [[Digit]]) {
    self.axes = axes.map(Self.joined)
  }

  var shape: [Int] { axes.map { $0.reduce(1) { $0 * $1.size } } }
  var count: Int { shape.reduce(1, *) }
  var rank: Int { axes.count }

  /// The digits, those of repetitions left out, axis by axis.
  var sourceDigits: [[Digit]] { axes.map { $0.filter { $0.axis != nil } } }

  /// Digits that follow one another in one axis of the source are one digit.
  private static func joined(_ digits: [Digit]) -> [Digit] {
    digits.reduce(into: []) { result, digit in
      if digit.size == 1 { return }
      if let last = result.last, last.axis == digit.axis,
        digit.axis == nil || last.stride == digit.stride * digit.size
      {
        result[result.count - 1] = Digit(
          axis: digit.axis, size: last.size * digit.size, stride: digit.stride)
      } else {
        result.append(digit)
      }
    }
  }

  /// The same numbers in another shape; nil where that cuts across the source's axes.
  func reshaped(to shape: [Int]) -> Layout? {
    var rest = Self.joined(axes.flatMap { $0 })[...]
    var result: [[Digit]] = []
    for extent in shape {
      var axis: [Digit] = []
      var left = extent
      while left > 1 {
        guard var digit = rest.popFirst() else { return nil }
        if digit.size > left {
          guard digit.size.isMultiple(of: left) else { return nil }
          let inner = digit.size / left
          rest = [Digit(axis: digit.axis, size: inner, stride: digit.stride)] + rest
          digit.size = left
          if digit.axis != nil { digit.stride *= inner }
        }
        guard left.isMultiple(of: digit.size) else { return nil }
        left /= digit.size
        axis.append(digit)
      }
      guard left == 1 else { return nil }
      result.append(axis)
    }
    return rest.isEmpty ? Layout(axes: result) : nil
  }

  func transposed(_ order: [Int]) -> Layout? {
    guard order.sorted() == Array(axes.indices) else { return nil }
    return Layout(axes: order.map { axes[$0] })
  }

  /// The same numbers `counts` times along each axis.
  func repeated(_ counts: [Int]) -> Layout? {
    guard counts.count == rank, counts.allSatisfy({ $0 > 0 }) else { return nil }
    let result = zip(axes, counts).map { axis, count in [Digit(axis: nil, size: count)] + axis }
    return Self.isCountable(result) ? Layout(axes: result) : nil
  }

  /// The shape that these numbers and others of `shape` have when used together; nil where they
  /// can't be.
  func broadcast(to shape: [Int]) -> Layout? {
    let rank = max(rank, shape.count)
    let own = Array(repeating: [], count: rank - self.rank) + axes
    let other = Array(repeating: 1, count: rank - shape.count) + shape
    var result: [[Digit]] = []
    for (axis, size) in zip(own, other) {
      let extent = axis.reduce(1) { $0 * $1.size }
      guard size >= 1, extent == size || size == 1 || extent == 1 else { return nil }
      result.append(extent == 1 ? [Digit(axis: nil, size: size)] : axis)
    }
    return Self.isCountable(result) ? Layout(axes: result) : nil
  }

  /// The digits of two layouts of one source, used together number by number; nil where an axis is
  /// made of other digits in one than in the other.
  func joined(with other: Layout) -> Layout? {
    guard let first = broadcast(to: other.shape), let second = other.broadcast(to: first.shape)
    else { return nil }
    var result: [[Digit]] = []
    for (axis, other) in zip(first.axes, second.axes) {
      if axis == other || other.allSatisfy({ $0.axis == nil }) {
        result.append(axis)
      } else if axis.allSatisfy({ $0.axis == nil }) {
        result.append(other)
      } else {
        return nil
      }
    }
    return Layout(axes: result)
  }

  /// The same with `reduced` axes of one number, kept or left out.
  func reduced(_ reduced: Set<Int>, keeping: Bool) -> Layout {
    Layout(
      axes: axes.indices.filter { keeping || !reduced.contains($0) }
        .map { reduced.contains($0) ? [] : axes[$0] })
  }

  /// Whether the number of numbers is within the limit, also without the axes that have none.
  private static func isCountable(_ axes: [[Digit]]) -> Bool {
    isCountable(axes.joined().map(\.size))
  }

  /// Whether so many numbers along each axis are within the limit, also without the axes that have
  /// none: so that no product of them is past any number.
  static func isCountable(_ shape: [Int]) -> Bool {
    var count = 1
    for extent in shape {
      let (product, overflow) = count.multipliedReportingOverflow(by: max(1, extent))
      guard extent >= 0, !overflow, product <= countLimit else { return false }
      count = product
    }
    return true
  }

  /// The places in a source of `shape` that these numbers come from, in order.
  ///
  /// - Complexity: O(`count`).
  func places(in shape: [Int]) -> [Int] {
    var strides = [Int](repeating: 1, count: shape.count)
    for axis in shape.indices.dropLast().reversed() {
      strides[axis] = strides[axis + 1] * shape[axis + 1]
    }
    var places = [0]
    for digit in axes.joined() {
      let step = digit.axis.map { strides[$0] * digit.stride } ?? 0
      places = places.flatMap { place in (0..<digit.size).map { place + $0 * step } }
    }
    return places
  }
}
