import StyleModels

/// The input samples that a layer's output samples are made of, for one input size.
///
/// The input is first resampled, then padded, then convolved at `stride`. A *position* is a row or
/// column of the resampled and padded input, counted from 0; of a transposed convolution's input,
/// counted from the first that the first output is made of.
package struct ConvolutionGeometry: Equatable, Sendable {
  /// Output rows that are computed and measured together. Strips are counted from row 0, so that
  /// neither the threads nor the range of rows asked for change a bit of the result. Tiles that
  /// step by 4 and by 3 meet at 12.
  package static let stripHeight = 12

  package let inputHeight: Int
  package let inputWidth: Int
  private let rows: Axis
  private let columns: Axis

  /// - Precondition: `fits(_:inputHeight:inputWidth:)`.
  package init(_ layer: LayerDescription, inputHeight: Int, inputWidth: Int) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    let padding = layer.padding
    rows = Axis(layer, inputHeight, before: padding.top, after: padding.bottom)
    columns = Axis(layer, inputWidth, before: padding.left, after: padding.right)
    precondition(
      rows.isLongEnough && columns.isLongEnough,
      "\(inputHeight)×\(inputWidth) samples are enough for \(layer.name)")
  }

  /// Tells whether an input is large enough: it leaves an output, and a reflection has what it
  /// mirrors.
  package static func fits(_ layer: LayerDescription, inputHeight: Int, inputWidth: Int) -> Bool {
    let padding = layer.padding
    let rows = Axis(layer, inputHeight, before: padding.top, after: padding.bottom)
    let columns = Axis(layer, inputWidth, before: padding.left, after: padding.right)
    return rows.isLongEnough && columns.isLongEnough
  }

  package var outputHeight: Int { rows.outputSide }
  package var outputWidth: Int { columns.outputSide }
  package var strips: Int { (outputHeight + Self.stripHeight - 1) / Self.stripHeight }

  /// The input row that stands at a position, nil where zeros do; under `Resampling.maximum` a
  /// number of pairs of rows. Positions past the padding, where kernels compute samples that nobody
  /// keeps, give the edge.
  package func inputRow(at position: Int) -> Int? { rows.source(position) }

  /// The input column that stands at a position, as `inputRow(at:)`.
  package func inputColumn(at position: Int) -> Int? { columns.source(position) }

  /// The positions that output rows or columns are made of by the layer's definition.
  package var rowWindows: ConvolutionTiling.Windows { rows.windows }
  package var columnWindows: ConvolutionTiling.Windows { columns.windows }

  /// Input rows that output rows `rows` are made of, an edge at the least.
  package func inputRows(for rows: Range<Int>) -> Range<Int> {
    guard !rows.isEmpty else { return 0..<0 }
    let axis = self.rows
    var (first, last) = (Int.max, 0)
    for position in axis.windows.positions(of: rows) {
      let row = axis.source(position) ?? axis.edge(position)
      (first, last) = (min(first, row), max(last, row))
    }
    return axis.resampling == .maximum ? 2 * first..<2 * last + 2 : first..<last + 1
  }

  /// The geometry in one direction: numbers alone, as every row that is gathered asks for its place.
  private struct Axis: Equatable {
    /// Samples of the resampled input.
    let side: Int
    let before: Int
    let after: Int
    let kernelSize: Int
    let stride: Int
    let isTransposed: Bool
    let kind: LayerDescription.Padding.Kind
    let resampling: LayerDescription.Resampling

    init(_ layer: LayerDescription, _ side: Int, before: Int, after: Int) {
      kernelSize = layer.convolution.kernelSize
      stride = layer.convolution.stride
      isTransposed = layer.convolution.isTransposed
      kind = layer.padding.kind
      resampling = layer.resampling
      switch resampling {
      case .none: self.side = side
      case .nearest: self.side = 2 * side
      case .maximum: self.side = side / 2
      }
      if layer.padding.followsSide, !isTransposed {
        let strides = (self.side + stride - 1) / stride
        let sum = max(0, (strides - 1) * stride + kernelSize - self.side)
        (self.before, self.after) = (sum / 2, sum - sum / 2)
      } else {
        (self.before, self.after) = (before, after)
      }
    }

    var outputSide: Int {
      isTransposed
        ? (side - 1) * stride + kernelSize - before - after
        : (side + before + after - kernelSize) / stride + 1
    }

    var isLongEnough: Bool {
      guard side > 0, outputSide > 0 else { return false }
      if isTransposed { return true }
      guard side + before + after >= kernelSize else { return false }
      return kind != .reflection || side > max(before, after)
    }

    /// Input samples that an output of a transposed convolution is made of at most.
    private var transposedTaps: Int { (kernelSize + stride - 1) / stride }

    var windows: ConvolutionTiling.Windows {
      guard isTransposed else {
        return .init(unit: 1, step: stride, reach: kernelSize)
      }
      return .init(
        unit: stride, step: 1, reach: transposedTaps + (before.isMultiple(of: stride) ? 0 : 1))
    }

    /// The place of a position in the resampled input, or beyond it.
    private func place(_ position: Int) -> Int {
      isTransposed
        ? position + before / stride - (transposedTaps - 1) : position - before
    }

    func source(_ position: Int) -> Int? {
      let place = place(position)
      let resampled: Int
      switch kind {
      case .reflection:
        let mirrored = abs(place)
        let last = side - 1
        resampled =
          mirrored <= last ? mirrored : mirrored > last + after ? last : 2 * last - mirrored
      case .replication:
        resampled = min(max(place, 0), side - 1)
      case .zero:
        guard (0..<side).contains(place) else { return nil }
        resampled = place
      }
      return resampling == .nearest ? resampled / 2 : resampled
    }

    /// The sample nearest to a position at which zeros stand.
    func edge(_ position: Int) -> Int {
      let resampled = min(max(place(position), 0), side - 1)
      return resampling == .nearest ? resampled / 2 : resampled
    }
  }
}
