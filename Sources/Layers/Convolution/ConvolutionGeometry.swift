import StyleModels
import Tensors

/// Which input samples a convolution's output samples are made of, for one input size.
///
/// The input is first enlarged by `upsampling` (nearest neighbour), then padded by reflection that
/// doesn't repeat the edge, then convolved at `stride`.
package struct ConvolutionGeometry: Equatable, Sendable {
  /// Output rows that are computed and measured together. Strips are counted from row 0, so that
  /// neither the threads nor the range of rows asked for change a bit of the result. Tiles that
  /// step by 4 and by 3 meet at 12.
  package static let stripHeight = 12

  package let inputHeight: Int
  package let inputWidth: Int
  package let kernelSize: Int
  package let stride: Int
  package let upsampling: Int

  package init(_ description: ConvolutionDescription, inputHeight: Int, inputWidth: Int) {
    self.inputHeight = inputHeight
    self.inputWidth = inputWidth
    kernelSize = description.kernelSize
    stride = description.stride
    upsampling = description.upsampling
    precondition(
      min(inputHeight, inputWidth) * upsampling > kernelSize / 2,
      "reflection by \(kernelSize / 2) needs a longer side")
  }

  package var padding: Int { kernelSize / 2 }
  package var outputHeight: Int { outputSize(inputHeight) }
  package var outputWidth: Int { outputSize(inputWidth) }
  package var strips: Int { (outputHeight + Self.stripHeight - 1) / Self.stripHeight }

  private func outputSize(_ side: Int) -> Int {
    (side * upsampling + 2 * padding - kernelSize) / stride + 1
  }

  /// The input row that stands at `position` of the enlarged and padded input.
  package func inputRow(at position: Int) -> Int {
    source(position, inputHeight)
  }

  /// The input column that stands at `position` of the enlarged and padded input.
  package func inputColumn(at position: Int) -> Int {
    source(position, inputWidth)
  }

  /// Input rows that output rows `rows` are made of.
  package func inputRows(for rows: Range<Int>) -> Range<Int> {
    guard !rows.isEmpty else { return 0..<0 }
    var (first, last) = (inputHeight, 0)
    for position in rows.lowerBound * stride..<(rows.upperBound - 1) * stride + kernelSize {
      let row = inputRow(at: position)
      (first, last) = (min(first, row), max(last, row))
    }
    return first..<last + 1
  }

  /// Positions past the padding, where kernels compute samples that nobody keeps, give the edge.
  private func source(_ position: Int, _ side: Int) -> Int {
    let last = side * upsampling - 1
    let unpadded = abs(position - padding)
    if unpadded <= last { return unpadded / upsampling }
    return (unpadded > last + padding ? last : 2 * last - unpadded) / upsampling
  }
}
