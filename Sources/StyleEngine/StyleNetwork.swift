import Glibc
import Layers
import StyleModels
import Synchronization
import Tensors

/// A network made ready to run: its layers, with the weights in the order the kernels read them.
///
/// What is a style's own (`StyleParameters`) is given for each picture; the network has those of the
/// style that it was made of.
///
/// Paper: Johnson, Alahi and Fei-Fei 2016, arXiv:1603.08155, with the normalization of Ulyanov,
/// Vedaldi and Lempitsky 2016, arXiv:1607.08022.
public final class StyleNetwork: Sendable {
  /// A layer, its weights prepared.
  struct Layer: Sendable {
    let convolution: ConvolutionLayer
    /// The place of its norm in `StyleParameters.norms`; nil where it has none.
    let norm: Int?

    var description: LayerDescription { convolution.description }
    var channels: Int { description.convolution.outputChannels }
  }

  /// The numbers of a style that the kernels want besides its parameters.
  struct Numbers {
    var epsilon = 1e-5
    var inputRange: ClosedRange<Double> = 0...255
    /// The normalization that it was trained with.
    var normalization = Normalization.instance
  }

  public let name: String
  /// The numbers of the style that it was made of.
  public let parameters: StyleParameters
  private let numbers: Numbers
  let kernels: KernelSet
  let layers: [Layer]
  let flow: LayerFlow
  /// The shortest side that all layers can do.
  private let shortestSide: Int

  /// The number that is added to each variance.
  public var epsilon: Double { numbers.epsilon }
  /// The normalization that the style was trained with.
  public var normalization: Normalization { numbers.normalization }
  /// Black and white, in the network's input and output.
  var inputRange: ClosedRange<Double> { numbers.inputRange }
  /// The description of each layer, in the order in which they run.
  public var descriptions: [LayerDescription] { layers.map(\.description) }

  /// Prepares a style for this processor.
  ///
  /// - Throws: `KernelChoiceError` where `PASTICHE_KERNELS` asks for kernels that can't be had.
  /// - Complexity: O(weights), and a copy of them.
  public convenience init(_ model: StyleModel) throws(KernelChoiceError) {
    self.init(model, kernels: try KernelSet.chosen())
  }

  convenience init(_ model: StyleModel, kernels: KernelSet) {
    let description = model.description
    do throws(StyleNetworkError) {
      try self.init(
        name: model.name, layers: description.layers, parameters: model.parameters,
        numbers: Numbers(
          epsilon: description.epsilon, inputRange: description.inputRange,
          normalization: Normalization(trainedIn: description)),
        kernels: kernels, weights: model.convolution)
    } catch {
      preconditionFailure("every architecture's layers can be run: \(error)")
    }
  }

  /// Prepares a list of layers.
  ///
  /// - Parameter weights: A layer's weights `[O, I, K, K]` and bias `[O]`.
  /// - Throws: `StyleNetworkError.unsupported` with the first layer that can't be run.
  init(
    name: String, layers descriptions: [LayerDescription], parameters: StyleParameters,
    numbers: Numbers = Numbers(), kernels: KernelSet,
    weights: @Sendable (LayerDescription) -> (weights: [Float], bias: [Float])
  ) throws(StyleNetworkError) {
    let flow = try LayerFlow(descriptions)
    self.name = name
    self.parameters = parameters
    self.numbers = numbers
    self.kernels = kernels
    self.flow = flow
    shortestSide = try Self.shortestSide(of: descriptions)
    // Weights are transformed on all cores: it is most of what a short run waits for.
    let prepared = Mutex([Layer?](repeating: nil, count: descriptions.count))
    let processors = max(1, sysconf(CInt(_SC_NPROCESSORS_ONLN)))
    let pool = WorkerPool(workers: min(processors, descriptions.count))
    pool.run(descriptions.count) { index, _ in
      let layer = descriptions[index]
      let (weights, bias) = weights(layer)
      let convolution = ConvolutionLayer(
        layer, weights: weights, bias: bias,
        writesPixels: !flow.storedLayers.contains(index), kernels: kernels)
      let norm = layer.norm.map { _ in descriptions[..<index].count { $0.norm != nil } }
      prepared.withLock { $0[index] = Layer(convolution: convolution, norm: norm) }
    }
    let layers = prepared.withLock { $0.compactMap(\.self) }
    self.layers = layers
    let parameterCount = layers.reduce(0) { sum, layer in
      let biases = layer.description.convolution.hasBias ? 1 : 0
      let perChannel = biases + (layer.norm == nil ? 0 : 2)
      return sum + layer.description.convolution.weightCount + perChannel * layer.channels
    }
    weightBytes =
      (layers.reduce(0) { $0 + $1.convolution.algorithm.weightCount } + parameterCount)
      * MemoryLayout<Float>.stride
  }

  /// The longest of the sides that are looked at for the shortest that is enough.
  private static let longestTried = 1024

  private static func shortestSide(of layers: [LayerDescription]) throws(StyleNetworkError) -> Int {
    var unfit = ""
    for side in 1...longestTried {
      var (height, width) = (side, side)
      let fits = layers.allSatisfy { layer in
        unfit = layer.name
        guard ConvolutionGeometry.fits(layer, inputHeight: height, inputWidth: width) else {
          return false
        }
        let geometry = ConvolutionGeometry(layer, inputHeight: height, inputWidth: width)
        (height, width) = (geometry.outputHeight, geometry.outputWidth)
        return true
      }
      if fits { return side }
    }
    throw .unsupported(
      layer: unfit, reason: "a picture of \(longestTried) pixels a side leaves it too little")
  }

  /// A picture's side as the network works on it: one that is too short for some layer is extended by
  /// mirroring it again and again, edges included, and the result is cropped.
  func extended(_ side: Int) -> Int {
    side < shortestSide ? (shortestSide + 7) / 8 * 8 : side
  }

  /// The instruction set that its kernels are made for: `avx512`, `avx2` or `baseline`.
  public var kernelName: String { kernels.name }

  /// Bytes that the weights take in memory, as they are read and as they are used.
  public let weightBytes: Int

  /// Checks that this network can be normalized so.
  ///
  /// - Parameters:
  ///   - normalization: Whose statistics normalize.
  ///   - styles: The styles of the pictures; nil for the network's own.
  /// - Throws: `StyleNetworkError.groupsDoNotDivide` and `.noStoredStatistics`.
  public func check(_ normalization: Normalization, styles: [StyleParameters]? = nil)
    throws(StyleNetworkError)
  {
    switch normalization {
    case .group(.count(let groups)):
      for layer in layers {
        guard let norm = layer.description.norm else { continue }
        guard groups > 0, layer.channels.isMultiple(of: groups) else {
          throw .groupsDoNotDivide(groups: groups, channels: layer.channels, layer: norm)
        }
      }
    case .batch:
      guard styles?.allSatisfy(\.hasStoredStatistics) ?? parameters.hasStoredStatistics else {
        throw .noStoredStatistics(style: name)
      }
    case .instance, .group(.channels), .layer, .batchLive:
      break
    }
  }

  /// Tells whether a style's numbers are as many as this network's norms and last layer have.
  func fits(_ style: StyleParameters) -> Bool {
    let channels = layers.lazy.filter { $0.norm != nil }.map(\.channels)
    return style.norms.lazy.map(\.gamma.count).elementsEqual(channels)
      && style.norms.lazy.map(\.beta.count).elementsEqual(channels)
      && style.colorShift.count == layers[flow.last].channels
      && (style.colorMatrix == nil || style.colorShift.count == 3)
  }

  /// Tells whether a pass measures its output: a norm follows, or the next layer wants to know a
  /// value amid each channel.
  func measures(_ pass: Pass) -> Bool {
    guard pass.destination != .picture else { return false }
    return layers[pass.target].norm != nil
      || pass.target < flow.last && layers[pass.target + 1].convolution.isCentered
  }

  /// The cost of a layer for one picture size.
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

extension StyleParameters {
  /// The stored statistics of each norm in order, `[C]` each; empty where the style has none.
  public var storedStatistics: [[Statistics]] { norms.map { $0.stored?.statistics ?? [] } }
}
