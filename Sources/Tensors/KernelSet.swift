import CKernelArguments

/// The micro-kernels of one instruction set.
///
/// Kernels take a structure of raw pointers and integers and nothing else: a function of the
/// standard library specialized in a module compiled for AVX-512 is a weak symbol that the linker
/// may keep for everyone, and an old processor would die far from any kernel. Samples are Float;
/// blocks of 16 channels are 64-byte aligned. `CKernelArguments.h` says what each one is given,
/// `ReferenceKernels` in plain loops what it computes, and the tests hold every set to it.
public struct KernelSet: Sendable, CustomStringConvertible {
  public typealias Kernel<Arguments> = @Sendable (Arguments) -> Void

  /// The set's name in `PASTICHE_KERNELS`.
  public let name: String

  public var description: String { name }

  /// One row of a convolution's output, for one or two blocks of output channels and one block of
  /// input channels: `y[b][p][o] += Σ w[i][j][c][b·16 + o] · x[p·s + i·r + j·q + c]` over kernel
  /// rows i, columns j and channels c, summed in this order for every pixel.
  public let convolveRow: Kernel<CKernelArguments_ConvolveRow>

  /// `y[i] = max(scale · x[columns[i]] + shift, floor)` for blocks of 16 channels; a NaN stays one.
  public let gatherBlocks: Kernel<CKernelArguments_GatherBlocks>

  /// `y[i] = max(scale · x + shift, floor)` at its largest over the 2×2 samples x in two rows and in
  /// columns `2·columns[i]` and the next, for blocks of 16 channels; NaN where one of them is.
  public let gatherMaximum: Kernel<CKernelArguments_GatherMaximum>

  /// `y[i] = x[columns[i]]` for pixels of 4 lanes.
  public let gatherPixels: Kernel<CKernelArguments_GatherPixels>

  /// `y = max(aScale · a + aShift, aFloor) + max(bScale · b + bShift, bFloor)` for blocks of 16.
  public let addBlocks: Kernel<CKernelArguments_AddBlocks>

  /// `V = Bᵀ d B` of Winograd's F(4×4, 3×3) for tiles side by side: windows d of 6×6 pixels, 4 apart,
  /// into 36 matrices.
  public let transformInput: Kernel<CKernelArguments_TransformInput>

  /// `Y = Aᵀ M A + bias` of 36 products, into 4×4 pixels a tile.
  public let transformOutput: Kernel<CKernelArguments_TransformOutput>

  /// `V = Bᵀ d B` of an image to be enlarged: windows d of 4×4 pixels, 2 apart, into the 16 matrices
  /// that differ (`WinogradConvolution`).
  public let transformUpsampledInput: Kernel<CKernelArguments_TransformInput>

  /// `Y = Aᵀ M A + bias` of an enlarged image's 25 products, into 4×4 pixels a tile.
  public let transformUpsampledOutput: Kernel<CKernelArguments_TransformOutput>

  /// `M = A d Aᵀ` of the gradient by an output: windows d of 4×4 pixels, 4 apart, into 36 matrices: the
  /// way back of `transformOutput`.
  public let transformGradient: Kernel<CKernelArguments_TransformInput>

  /// `V = Bᵀ d` of Winograd's F(3, 3) in one direction, of five rows or columns d of samples.
  public let transformFive: Kernel<CKernelArguments_TransformFive>

  /// `Y = Aᵀ M A + bias` of F(3×3, 3×3): 25 products into 3×3 pixels a tile.
  public let transformLargeOutput: Kernel<CKernelArguments_TransformOutput>

  /// `y = Aᵀ m` of F(3, 3) in one direction, of five products.
  public let combineFive: Kernel<CKernelArguments_CombineFive>

  /// `y[c][i] = max(scale · x[columns[i]][c] + shift, floor)`: blocks of 16 channels as planes of one.
  public let gatherPlanes: Kernel<CKernelArguments_GatherPlanes>

  /// `y[o][i] += Σ w[c][u][v][o] · x[c][u][i + v]` for three outputs, summed in this order.
  public let convolvePlanes: Kernel<CKernelArguments_ConvolvePlanes>

  /// Three planes, each of three columns of tiles, as pixels of 4 lanes: the fourth is 0.
  public let mergePlanes: Kernel<CKernelArguments_MergePlanes>

  /// Mean and sum of squared deviations from it of each of a block's 16 channels, exactly 0 where
  /// a channel is constant, accurate in Float's last digits where the mean is large.
  public let measureMoments: Kernel<CKernelArguments_MeasureMoments>

  /// `Σ g` and `Σ g · (y − center)` of each of 16 channels, added to what is there, g being the
  /// gradient where `scale · y + shift > floor` and 0 elsewhere.
  public let measureGradient: Kernel<CKernelArguments_MeasureGradient>

  /// `gradientScale · g + mapScale · y + shift` for blocks of 16 channels, g as in `measureGradient`.
  public let normGradient: Kernel<CKernelArguments_NormGradient>

  /// `y[columns[i]] += x[i]` for blocks of 16 channels: the way back of `gatherBlocks`.
  public let scatterBlocks: Kernel<CKernelArguments_ScatterBlocks>

  /// Adds each sample of x to the one of 2×2 outputs whose input is the largest, the first of
  /// several: the way back of `gatherMaximum` with the columns 0, 1, 2….
  public let scatterMaximum: Kernel<CKernelArguments_ScatterMaximum>

  /// Multiplies and adds in registers alone, as fast as the processor can: what the others' speed is
  /// held against. Returns how many multiplications that was.
  ///
  /// Parameters: 16 samples, of which two are the factors and in which the sums end; iterations.
  public let multiplyAddLoop: @Sendable (UnsafeMutablePointer<Float>, Int) -> Int
}
