import StyleModels
import Tensors

/// A style made ready to run: its layers, with the weights in the order the kernels read them.
///
/// Paper: Johnson, Alahi and Fei-Fei 2016, arXiv:1603.08155, with the normalization of Ulyanov,
/// Vedaldi and Lempitsky 2016, arXiv:1607.08022.
public struct StyleNetwork: Sendable {
  /// A convolution, and what follows it.
  struct Layer: Sendable {
    let convolution: ConvolutionLayer
    /// None after the last.
    let norm: NormLayer?

    var description: ConvolutionDescription { convolution.description }
  }

  public let name: String
  public let description: NetworkDescription
  let kernels: KernelSet
  let layers: [Layer]

  /// Prepares a style for this processor.
  ///
  /// - Throws: `KernelChoiceError` where `PASTICHE_KERNELS` asks for kernels that can't be had.
  /// - Complexity: O(weights), and a copy of them.
  public init(_ model: StyleModel) throws(KernelChoiceError) {
    self.init(model, kernels: try KernelSet.chosen())
  }

  init(_ model: StyleModel, kernels: KernelSet) {
    name = model.name
    description = model.description
    self.kernels = kernels
    func values(_ tensor: String) -> [Float] { model.weights[tensor]?.values ?? [] }
    let epsilon = Double(model.description.epsilon)
    let convolutions = model.description.convolutions
    layers = convolutions.map { convolution in
      let norm = convolution.norm.map { norm in
        NormLayer(
          description: norm, epsilon: epsilon,
          gamma: values("\(norm.name).gamma"), beta: values("\(norm.name).beta"),
          stored: zip(values("\(norm.name).mean"), values("\(norm.name).variance")).map {
            Statistics(mean: Double($0), variance: Double($1))
          })
      }
      let packing = WeightPacking(
        convolution, readsPicture: convolution.name == convolutions.first?.name,
        writesPicture: norm == nil)
      return Layer(
        convolution: ConvolutionLayer(
          convolution, packing: packing, weights: values("\(convolution.name).weight"),
          bias: values("\(convolution.name).bias"), kernels: kernels),
        norm: norm)
    }
  }

  /// The instruction set that its kernels are made for: `avx512`, `avx2` or `baseline`.
  public var kernelName: String { kernels.name }

  /// Whether its file has statistics for `Normalization.batch`.
  public var hasStoredStatistics: Bool {
    layers.allSatisfy { $0.norm.map { !$0.stored.isEmpty } ?? true }
  }

  /// Checks that this network can be normalized so.
  ///
  /// - Throws: `StyleNetworkError.groupsDoNotDivide` and `.noStoredStatistics`.
  public func check(_ normalization: Normalization) throws(StyleNetworkError) {
    switch normalization {
    case .group(.count(let groups)):
      for norm in layers.compactMap(\.norm) {
        let channels = norm.gamma.count
        guard groups > 0, channels.isMultiple(of: groups) else {
          throw .groupsDoNotDivide(
            groups: groups, channels: channels, layer: norm.description.name)
        }
      }
    case .batch:
      guard hasStoredStatistics else { throw .noStoredStatistics(style: name) }
    case .instance, .group(.channels), .layer, .batchLive:
      break
    }
  }

  /// Multiplications that a picture of this size takes, by the layers' definitions.
  public func multiplications(width: Int, height: Int) -> Int {
    var (height, width) = (Picture.extended(height), Picture.extended(width))
    return layers.reduce(0) { sum, layer in
      let tiling = layer.convolution.tiling(
        layer.convolution.geometry(inputHeight: height, inputWidth: width))
      (height, width) = (tiling.geometry.outputHeight, tiling.geometry.outputWidth)
      return sum + height * tiling.outputColumns * tiling.multiplicationsPerColumn
    }
  }
}
