/// The micro-kernels of one instruction set.
///
/// Kernels take raw pointers and integers and nothing else: a function of the standard library
/// specialized in a module compiled for AVX-512 is a weak symbol that the linker may keep for
/// everyone, and an old processor would die far from any kernel. Samples are Float; blocks of 16
/// channels are 64-byte aligned. `ReferenceKernels` says in plain loops what each one computes,
/// and the tests hold every set to it.
public struct KernelSet: Sendable, CustomStringConvertible {
  /// What `PASTICHE_KERNELS` calls it.
  public let name: String

  public var description: String { name }

  /// One row of a convolution's output, for one or two blocks of output channels and one block of
  /// input channels: `y[b][p][o] += Σ w[i][j][c][b·16 + o] · x[p·s + i·r + j·q + c]` over kernel
  /// rows i, columns j and channels c, summed in this order for every pixel.
  ///
  /// Parameters: output `[blocks][pixels][16]` at the given distance between blocks; blocks, 1 or
  /// 2; pixels, a multiple of 8; bias `[blocks·16]`, with which sums begin, or nil where they go on
  /// from the output; input at kernel row 0 and column 0 of the first pixel, and the distances in
  /// it between kernel rows, kernel columns and pixels; weights `[kernelHeight][kernelWidth]
  /// [channels][blocks·16]`; kernel height, kernel width, input channels.
  public typealias ConvolveRow =
    @Sendable (
      UnsafeMutablePointer<Float>, Int, Int, Int, UnsafePointer<Float>?,
      UnsafePointer<Float>, Int, Int, Int, UnsafePointer<Float>, Int, Int, Int
    ) -> Void

  /// `y[i] = max(scale · x[columns[i]] + shift, floor)` for blocks of 16 channels; a NaN stays one.
  ///
  /// Parameters: output `[count][16]`; input row; the input column of each output pixel; count;
  /// scale, shift and floor `[16]`; the floor is 0 for a ReLU and −∞ for none.
  public typealias GatherBlocks =
    @Sendable (
      UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>, Int,
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
    ) -> Void

  /// `y[i] = x[columns[i]]` for pixels of 4 lanes. Parameters as of `GatherBlocks`.
  public typealias GatherPixels =
    @Sendable (
      UnsafeMutablePointer<Float>, UnsafePointer<Float>, UnsafePointer<Int32>, Int
    ) -> Void

  /// `y = max(aScale · a + aShift, aFloor) + max(bScale · b + bShift, bFloor)` for blocks of 16.
  ///
  /// Parameters: output `[count][16]`; count; a, its scale, shift and floor; b and the same.
  public typealias AddBlocks =
    @Sendable (
      UnsafeMutablePointer<Float>, Int,
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>,
      UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>, UnsafePointer<Float>
    ) -> Void

  /// `V = Bᵀ d B` of Winograd's F(4×4, 3×3) for tiles side by side: windows d of 6×6 pixels, 4 apart,
  /// into 36 matrices, or of 4×4, 2 apart, of an image to be enlarged, into the 16 that differ
  /// (`WinogradConvolution`).
  ///
  /// Parameters: output, `[matrices][tiles][16]` at the given distance between matrices; tiles;
  /// input, the first window; the distance between its rows.
  public typealias TransformInput =
    @Sendable (
      UnsafeMutablePointer<Float>, Int, Int, UnsafePointer<Float>, Int
    ) -> Void

  /// `Y = Aᵀ M A + bias` of 36 products, or the 25 of an enlarged image, into 4×4 pixels a tile.
  ///
  /// Parameters: output, the first pixel; the distance between its rows; tiles; input,
  /// `[products][tiles][16]` at the given distance between products; bias `[16]`.
  public typealias TransformOutput =
    @Sendable (
      UnsafeMutablePointer<Float>, Int, Int, UnsafePointer<Float>, Int, UnsafePointer<Float>
    ) -> Void

  /// Mean and sum of squared deviations from it of each of a block's 16 channels, exactly 0 where
  /// a channel is constant, accurate in Float's last digits where the mean is large.
  ///
  /// Parameters: mean `[16]`; squares `[16]`; input; the distance between its rows; rows; columns.
  public typealias MeasureMoments =
    @Sendable (
      UnsafeMutablePointer<Double>, UnsafeMutablePointer<Double>, UnsafePointer<Float>, Int, Int,
      Int
    ) -> Void

  /// Multiplies and adds in registers alone, as fast as the processor can: what the others' speed is
  /// held against. Returns how many multiplications that was.
  ///
  /// Parameters: 16 samples, of which two are the factors and in which the sums end; iterations.
  public typealias MultiplyAddLoop = @Sendable (UnsafeMutablePointer<Float>, Int) -> Int

  public let convolveRow: ConvolveRow
  public let gatherBlocks: GatherBlocks
  public let gatherPixels: GatherPixels
  public let addBlocks: AddBlocks
  public let transformInput: TransformInput
  public let transformOutput: TransformOutput
  public let transformUpsampledInput: TransformInput
  public let transformUpsampledOutput: TransformOutput
  public let measureMoments: MeasureMoments
  public let multiplyAddLoop: MultiplyAddLoop
}
