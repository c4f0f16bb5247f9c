import CKernelArguments
import Tensors

extension KernelSet {
  /// What `measureMoments` makes of a block's 16 channels.
  public func moments(
    _ input: UnsafePointer<Float>, rowStride: Int, rows: Int, columns: Int
  ) -> (mean: [Double], squares: [Double]) {
    var mean = [Double](repeating: .nan, count: 16)
    var squares = mean
    mean.withUnsafeMutableBufferPointer { mean in
      squares.withUnsafeMutableBufferPointer { squares in
        guard let mean = mean.baseAddress, let squares = squares.baseAddress else { return }
        measureMoments(
          .init(
            mean: mean, squares: squares, input: input, inputRowStride: rowStride, rows: rows,
            columns: columns))
      }
    }
    return (mean, squares)
  }
}
