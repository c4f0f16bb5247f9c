/// A tensor as PyTorch has it: a view of a storage, element `[i, j, …]` at
/// `offset + i·strides[0] + j·strides[1] + …`.
struct TensorView: Equatable {
  /// The storage's key.
  var storage: String
  var type: TorchNumber
  var offset: Int
  var shape: [Int]
  var strides: [Int]

  /// The number of elements and the index past the last of them in the storage, or nil where
  /// either can't be counted.
  var extent: (count: Int, end: Int)? {
    var (count, last) = (1, offset)
    for (size, stride) in zip(shape, strides) {
      let (product, isTooLarge) = count.multipliedReportingOverflow(by: size)
      let (step, isTooFar) = stride.multipliedReportingOverflow(by: max(size - 1, 0))
      let (sum, isBeyond) = last.addingReportingOverflow(step)
      guard size >= 0, stride >= 0, !isTooLarge, !isTooFar, !isBeyond else { return nil }
      (count, last) = (product, sum)
    }
    let (end, isBeyond) = last.addingReportingOverflow(count == 0 ? 0 : 1)
    return offset < 0 || isBeyond ? nil : (count, end)
  }
}

/// Gathers a view's elements in row-major order, in pieces of bounded size.
struct TensorGatherer {
  /// Numbers along one axis: `stride` apart in the storage, `step` apart in the values.
  private typealias Axis = (size: Int, stride: Int, step: Int)

  private let source: ByteSource
  private let type: TorchNumber
  /// The first byte of the storage.
  private let start: Int
  private(set) var values: [Float]

  /// Bytes that are read at once.
  private static let windowBytes = 1 << 20

  /// - Parameter storage: The bytes that the storage has in `source`; the view is within them.
  /// - Throws: As `ByteSource.bytes(_:)`.
  /// - Complexity: O(*n*) in elements.
  init(
    _ view: TensorView, in source: ByteSource, storage: Range<Int>
  ) throws(PyTorchFault) {
    self.source = source
    type = view.type
    start = storage.lowerBound
    values = []
    if view.shape.contains(0) { return }
    var count = 1
    var axes: [Axis] = []
    for (size, stride) in zip(view.shape, view.strides).reversed() {
      axes.append((size, stride, count))
      count *= size
    }
    values = [Float](repeating: 0, count: count)
    try gather(axes, from: view.offset, to: 0)
  }

  /// Gathers the elements of `axes`: at once where they lie close together in the storage, else in
  /// halves of the axis that reaches farthest.
  private mutating func gather(
    _ axes: [Axis], from offset: Int, to place: Int
  ) throws(PyTorchFault) {
    let axes = axes.filter { $0.size > 1 }
    let span = axes.reduce(1) { $0 + ($1.size - 1) * $1.stride }
    let count = axes.reduce(1) { $0 * $1.size }
    let isDense = span / 4 <= count && span <= Self.windowBytes / type.byteCount
    guard !isDense, let longest = axes.indices.max(by: { reach(axes[$0]) < reach(axes[$1]) })
    else {
      let first = start + offset * type.byteCount
      let window = type.decode(try source.bytes(first..<first + span * type.byteCount))
      spread(window, along: axes, count: count, to: place)
      return
    }
    let axis = axes[longest]
    let half = axis.size / 2
    for (size, begin) in [(half, 0), (axis.size - half, half)] {
      var part = axes
      part[longest].size = size
      try gather(part, from: offset + begin * axis.stride, to: place + begin * axis.step)
    }
  }

  private func reach(_ axis: Axis) -> Int { (axis.size - 1) * axis.stride }

  /// Puts a window's numbers into their places; the first axis is the innermost.
  private mutating func spread(
    _ window: [Float], along axes: [Axis], count: Int, to place: Int
  ) {
    var index = [Int](repeating: 0, count: axes.count)
    var (position, place) = (0, place)
    for _ in 0..<count {
      values[place] = window[position]
      for (number, axis) in axes.enumerated() {
        index[number] += 1
        position += axis.stride
        place += axis.step
        if index[number] < axis.size { break }
        position -= axis.size * axis.stride
        place -= axis.size * axis.step
        index[number] = 0
      }
    }
  }
}
