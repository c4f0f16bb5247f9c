import CKernelArguments
import StyleModels
import Tensors

/// A 3×3 convolution at stride 1 by Winograd's F(4×4, 3×3).
///
/// A tile of 4×4 outputs sees a window of 6×6 inputs. Instead of 9 multiplications for each output,
/// the window d and the kernel g are brought into another basis, `V = Bᵀ d B` and `U = G g Gᵀ`, in
/// which the convolution is 36 products, `M = U ∘ V`, and back, `Y = Aᵀ M A`: 36 multiplications
/// for 16 outputs in place of 144. Summed over input channels, each of the 36 is a matrix product
/// over all tiles of a part, `M[k] = V[k] · U[k]`, `[tiles, I] × [I, O]`, and those are nearly all of
/// the work; the transforms are additions, once for each channel of a tile.
///
/// Where the input is enlarged first, every sample stands in a window twice: d is a, b, b, c, c, d
/// in either direction. Then one of the six products is always 0, and two have the same V, so that
/// 4×4 windows of the small image, 16 matrices V and 25 products are enough. The outermost samples of
/// the enlarged image are repeated there: reflecting it by one *is* that.
///
/// Rounding grows by the transforms' factors, up to 8 or so, and differs from place to place in a
/// tile, so that a channel that is constant would not come out so, and the next norm would make
/// noise of it. Therefore the input is gathered less the value that it has in each channel where
/// the channel is constant (`Activation.center`), which leaves exact zeros, and the bias makes up for it.
///
/// Paper: Lavin and Gray 2016, arXiv:1509.09308.
package struct WinogradConvolution: ConvolutionAlgorithm {
  /// Outputs of a tile along one direction.
  private static let unit = 4
  /// Tiles that kernels multiply at a time.
  private static let tilesAtOnce = 8
  /// Samples of V in a part, which should stay in a second-level cache of 1 MB until every output
  /// has been made from it.
  private static let transformedSamples = 120 * 1024

  private let convolution: LayerDescription.Convolution
  private let isUpsampled: Bool
  private let kernels: KernelSet
  /// `[output block pairs][products][input blocks][16][16 or 32]`.
  private let weights: AlignedBuffer
  private let zeros: AlignedBuffer

  package init(_ layer: LayerDescription, weights: [Float], kernels: KernelSet) {
    convolution = layer.convolution
    isUpsampled = layer.resampling == .nearest
    self.kernels = kernels
    self.weights = WinogradWeights(convolution, isUpsampled: isUpsampled).packed(weights)
    zeros = AlignedBuffer([Float](repeating: 0, count: 2 * FeatureMap.blockLanes))
  }

  /// Tells whether this algorithm can compute a layer. An enlarged image's edges must be repeated
  /// once, as they are under reflection by one and under replication.
  package static func fits(_ layer: LayerDescription) -> Bool {
    let convolution = layer.convolution
    guard convolution.kernelSize == 3, convolution.stride == 1, !convolution.isTransposed else {
      return false
    }
    switch (layer.resampling, layer.padding.kind) {
    case (.none, _), (.maximum, _): return true
    case (.nearest, .reflection), (.nearest, .replication):
      return layer.padding == .init(layer.padding.kind, 1)
    case (.nearest, .zero): return false
    }
  }

  package func repack(_ weights: [Float]) {
    WinogradWeights(convolution, isUpsampled: isUpsampled).pack(
      weights, into: self.weights, computing: Float.self)
  }

  package let inputLanes = FeatureMap.blockLanes
  package var inputBlocks: Int { FeatureMap.blockCount(channels: convolution.inputChannels) }
  package let patchBlocks = 1
  package var outputLanes: Int { convolution.outputChannels }
  private var windows: ConvolutionTiling.Windows {
    isUpsampled
      ? .init(unit: Self.unit, step: 2, reach: 4) : .init(unit: Self.unit, step: 4, reach: 6)
  }
  /// The number of matrices V.
  private var transformed: Int { isUpsampled ? 16 : 36 }

  package func inputRow(at position: Int, _ geometry: ConvolutionGeometry) -> Int? {
    input(at: position, geometry.inputHeight) ?? geometry.inputRow(at: position)
  }

  /// Finds the input at a position; in an enlarged image edges are repeated.
  private func input(at position: Int, _ side: Int) -> Int? {
    isUpsampled ? min(max(position - 1, 0), side - 1) : nil
  }

  package func tiling(_ geometry: ConvolutionGeometry) -> ConvolutionTiling {
    let tileRows = ConvolutionGeometry.stripHeight / Self.unit
    let tiles = Self.transformedSamples / (transformed * inputBlocks * inputLanes)
    // So many across that the kernels' number of tiles is filled.
    let across = max(1, tiles / (tileRows * Self.tilesAtOnce)) * Self.tilesAtOnce
    return ConvolutionTiling(
      geometry, outputColumns: geometry.outputWidth,
      multiplicationsPerColumn: 9 * convolution.inputChannels * convolution.outputChannels,
      rowWindows: windows, columnWindows: windows, columnsAtOnce: Self.unit,
      tileWidth: across * Self.unit,
      column: { input(at: $0, geometry.inputWidth) ?? geometry.inputColumn(at: $0) })
  }

  /// The layout of a part's tiles in the workspace.
  private struct Layout {
    let tilesDown: Int
    let tilesAcross: Int
    /// Tiles with those that fill up the kernels' number.
    let computedTiles: Int
    /// Samples from one matrix V, or M, to the next: not a multiple of a page, at which caches have
    /// few places.
    let inputStride: Int
    let outputStride: Int

    init(_ part: ConvolutionTiling.Part, inputBlocks: Int) {
      tilesDown = (part.rows.count + unit - 1) / unit
      tilesAcross = part.computedColumns.count / unit
      computedTiles = (tilesDown * tilesAcross + tilesAtOnce - 1) / tilesAtOnce * tilesAtOnce
      let lanes = FeatureMap.blockLanes
      inputStride = (inputBlocks * computedTiles + 1) * lanes
      outputStride = (2 * computedTiles + 1) * lanes
    }
  }

  package var weightCount: Int { weights.count }

  package func multiplications(rows: Int, columns: Int) -> Int {
    func tiles(_ side: Int) -> Int { (side + Self.unit - 1) / Self.unit }
    return tiles(rows) * tiles(columns)
      * WinogradWeights.products(isUpsampled: isUpsampled) * convolution.inputChannels
      * convolution.outputChannels
  }

  package func workspaceCount(_ tiling: ConvolutionTiling) -> Int {
    let layout = Layout(tiling.largestPart, inputBlocks: inputBlocks)
    return transformed * layout.inputStride + 36 * layout.outputStride
  }

  package func compute(
    _ part: ConvolutionTiling.Part, from source: PartSource, bias: UnsafePointer<Float>,
    workspace: UnsafeMutablePointer<Float>, into target: PartTarget
  ) {
    let lanes = FeatureMap.blockLanes
    let layout = Layout(part, inputBlocks: inputBlocks)
    let products = workspace + transformed * layout.inputStride
    transform(part, layout, source, into: workspace)
    let transformOutput = isUpsampled ? kernels.transformUpsampledOutput : kernels.transformOutput
    var weights = UnsafePointer(weights.start)
    for first in stride(from: 0, to: outputBlocks, by: 2) {
      let pair = min(2, outputBlocks - first)
      multiply(layout, workspace, pair, &weights, into: products)
      let place = target.place(ofPairAt: first)
      for block in 0..<pair {
        let samples = place.start + block * place.blockStride
        for row in 0..<layout.tilesDown {
          let tile = block * layout.computedTiles + row * layout.tilesAcross
          transformOutput(
            .init(
              output: samples + row * Self.unit * place.rowStride,
              outputRowStride: place.rowStride, tiles: layout.tilesAcross,
              input: products + tile * lanes, inputMatrixStride: layout.outputStride,
              bias: bias + (first + block) * lanes))
        }
      }
      target.finish(first..<first + pair)
    }
  }

  /// `V = Bᵀ d B` of every tile, `[matrices][input blocks][tiles][16]`.
  private func transform(
    _ part: ConvolutionTiling.Part, _ layout: Layout, _ source: PartSource,
    into matrices: UnsafeMutablePointer<Float>
  ) {
    let lanes = FeatureMap.blockLanes
    let patchRowStride = part.patchColumns.count * lanes
    let transformInput = isUpsampled ? kernels.transformUpsampledInput : kernels.transformInput
    for block in 0..<inputBlocks {
      let patch = source.gather(block..<block + 1)
      for row in 0..<layout.tilesDown {
        transformInput(
          .init(
            output: matrices + (block * layout.computedTiles + row * layout.tilesAcross) * lanes,
            outputMatrixStride: layout.inputStride, tiles: layout.tilesAcross,
            input: patch + row * windows.step * patchRowStride,
            inputRowStride: patchRowStride))
      }
    }
  }

  /// `M = V · U` for a pair of output blocks, `[products][blocks][tiles][16]`.
  private func multiply(
    _ layout: Layout, _ matrices: UnsafePointer<Float>, _ pair: Int,
    _ weights: inout UnsafePointer<Float>, into products: UnsafeMutablePointer<Float>
  ) {
    let lanes = FeatureMap.blockLanes
    for product in 0..<WinogradWeights.products(isUpsampled: isUpsampled) {
      let matrix = WinogradWeights.matrix(of: product, isUpsampled: isUpsampled)
      // A convolution over one pixel, whose kernel rows are the input's blocks.
      kernels.convolveRow(
        .init(
          output: products + product * layout.outputStride,
          outputBlockStride: layout.computedTiles * lanes, blocks: pair,
          pixels: layout.computedTiles, bias: zeros.start,
          input: matrices + matrix * layout.inputStride,
          inputRowStride: layout.computedTiles * lanes, inputColumnStride: 0,
          inputPixelStride: lanes, weights: weights, weightStride: pair * lanes,
          weightBlockStride: lanes, kernelHeight: inputBlocks, kernelWidth: 1,
          channels: lanes))
      weights += inputBlocks * lanes * pair * lanes
    }
  }
}
