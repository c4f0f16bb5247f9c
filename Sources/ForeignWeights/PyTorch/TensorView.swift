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
  /// Numbers along one axis, `stride` apart.
  private typealias Axis = (size: Int, stride: Int)

  private let source: ByteSource
  private let type: TorchNumber
  /// The first byte of the storage.
  private let start: Int
  private(set) var values: [Float] = []

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
    let axes = zip(view.shape, view.strides).map { Axis(size: $0, stride: $1) }
    guard axes.allSatisfy({ $0.size > 0 }) else { return }
    values.reserveCapacity(axes.reduce(1) { $0 * $1.size })
    try gather(axes.filter { $0.size > 1 }, at: view.offset)
  }

  /// Appends the elements of `axes` from the storage's element `offset` on: at once where they lie
  /// close together, else in halves.
  private mutating func gather(_ axes: [Axis], at offset: Int) throws(PyTorchFault) {
    let span = axes.reduce(1) { $0 + ($1.size - 1) * $1.stride }
    let count = axes.reduce(1) { $0 * $1.size }
    let isDense = span / 4 <= count && span <= Self.windowBytes / type.byteCount
    guard let axis = axes.first, !isDense else {
      let first = start + offset * type.byteCount
      let window = type.decode(try source.bytes(first..<first + span * type.byteCount))
      append(axes, of: window, count: count)
      return
    }
    var halves = (axes, axes)
    halves.0[0].size = axis.size / 2
    halves.1[0].size = axis.size - axis.size / 2
    for (half, begin) in [(halves.0, 0), (halves.1, axis.size / 2)] {
      try gather(half.filter { $0.size > 1 }, at: offset + begin * axis.stride)
    }
  }

  private mutating func append(_ axes: [Axis], of window: [Float], count: Int) {
    var index = [Int](repeating: 0, count: axes.count)
    var position = 0
    for _ in 0..<count {
      values.append(window[position])
      for axis in axes.indices.reversed() {
        index[axis] += 1
        position += axes[axis].stride
        if index[axis] < axes[axis].size { break }
        position -= axes[axis].size * axes[axis].stride
        index[axis] = 0
      }
    }
  }
}
