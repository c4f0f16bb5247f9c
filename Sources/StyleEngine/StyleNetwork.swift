import Dispatch
import Layers
import StyleModels
import Synchronization
import Tensors
import WeightFiles

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
    // Weights are transformed on all cores: it is most of what a short run waits for.
    let convolutions = model.description.convolutions
    let prepared = Mutex([Layer?](repeating: nil, count: convolutions.count))
    DispatchQueue.concurrentPerform(iterations: convolutions.count) { index in
      let layer = Layer(convolutions[index], isFirst: index == 0, of: model, kernels: kernels)
      prepared.withLock { $0[index] = layer }
    }
    let layers = prepared.withLock { $0.compactMap(\.self) }
    self.layers = layers
    weightBytes =
      (layers.reduce(0) { $0 + $1.convolution.algorithm.weightCount } + model.parameterCount)
      * MemoryLayout<Float>.stride
  }

  /// The instruction set that its kernels are made for: `avx512`, `avx2` or `baseline`.
  public var kernelName: String { kernels.name }

  /// What its weights take in memory, as they are read and as they are used.
  public let weightBytes: Int

  /// Whether its file has statistics for `Normalization.batch`.
  public var hasStoredStatistics: Bool {
    layers.allSatisfy { $0.norm.map { !$0.stored.isEmpty } ?? true }
  }

  /// Of each norm in order, `[C]` of its file's statistics; empty where it has none.
  public var storedStatistics: [[Statistics]] { layers.compactMap { $0.norm?.stored } }

  /// Checks that this network can be normalized so.
  ///
  /// - Throws: `StyleNetworkError.groupsDoNotDivide` and `.noStoredStatistics`.
  public func check(_ normalization: Normalization) throws(StyleNetworkError) {
    switch normalization {
    case .group(.count(let groups)):
      for layer in layers {
        guard let norm = layer.norm else { continue }
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

  /// What a layer costs for one picture size.
  public struct LayerCost: Equatable, Sendable {
    /// The convolution's name.
    public let name: String
    /// Multiplications by the layer's definition.
    public let direct: Int
    /// Multiplications that its algorithm does for it.
    public let done: Int
  }

  /// The costs of the layers, in order, for a picture of this size.
  public func costs(width: Int, height: Int) -> [LayerCost] {
    let shape = PictureShape(self, ExecutionPlan.Job.Size(width: width, height: height))
    return layers.indices.map { layer in
      let tiling = shape.tilings[layer]
      return LayerCost(
        name: layers[layer].description.name,
        direct: tiling.geometry.outputHeight * tiling.outputColumns
          * tiling.multiplicationsPerColumn,
        done: shape.multiplications[layer])
    }
  }

  /// Multiplications a second that one thread can do in registers alone: no layer can do more.
  public func measuredPeak() -> Double {
    let samples = AlignedBuffer(count: FeatureMap.blockLanes)
    let start = ContinuousClock.now
    var multiplications = 0
    var seconds = 0.0
    while seconds < 0.2 {
      samples.start.update(repeating: 1e-9, count: samples.count)
      multiplications += kernels.multiplyAddLoop(samples.start, 1 << 16)
      seconds = (ContinuousClock.now - start) / .seconds(1)
    }
    return Double(multiplications) / seconds
  }
}

extension StyleNetwork.Layer {
  fileprivate init(
    _ description: ConvolutionDescription, isFirst: Bool, of model: StyleModel, kernels: KernelSet
  ) {
    func values(_ tensor: String) -> [Float] { model.weights[tensor]?.values ?? [] }
    norm = description.norm.map { norm in
      NormLayer(
        description: norm, epsilon: Double(model.description.epsilon),
        gamma: values("\(norm.name).gamma"), beta: values("\(norm.name).beta"),
        stored: zip(values("\(norm.name).mean"), values("\(norm.name).variance")).map {
          Statistics(mean: Double($0), variance: Double($1))
        })
    }
    let packing = WeightPacking(
      description, readsPicture: isFirst, writesPicture: description.norm == nil)
    convolution = ConvolutionLayer(
      description, packing: packing, weights: values("\(description.name).weight"),
      bias: values("\(description.name).bias"), kernels: kernels)
  }
}
