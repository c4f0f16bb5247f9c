import Layers
import StyleModels
import Tensors

/// One step's work: crops painted, judged, and the gradients of every trained number.
final class TrainingStep {
  /// What a step finds, before the numbers are changed.
  struct Result {
    /// Of each crop, style by style.
    var terms: [LossTerms]
    /// The weighted total, the mean over all crops.
    var total: Double
    /// The gradient's length over all numbers; not finite where a gradient isn't.
    var gradientNorm: Double
  }

  private let network: TrainableNetwork
  private let tape: Tape
  private let loss: PerceptualLoss
  private let targets: [StyleTarget]
  private let weights: [LossWeights]
  private let normalization: Normalization
  /// Crops of each style.
  private let batch: Int
  private let pool: WorkerPool
  private let inputs: [FeatureMap]
  /// The last convolution's output, the picture made of it, and the gradient by that.
  private let painted: FeatureMap
  private let gradient: FeatureMap

  /// - Parameters:
  ///   - targets: Of each style, as its weights.
  ///   - side: The crops'.
  init(
    _ trained: TrainedNetwork, loss network: LossNetwork, taps: LossTaps, targets: [StyleTarget],
    weights: [LossWeights], batch: Int, side: Int, pool: WorkerPool, kernels: KernelSet
  ) {
    let description = trained.description
    self.targets = targets
    self.weights = weights
    self.batch = batch
    self.pool = pool
    // While it is trained, a norm that stores statistics takes those of the batch.
    let trainedUnder = Normalization(trainedIn: description)
    normalization = trainedUnder == .batch ? .batchLive : trainedUnder
    // Crops that share statistics go through together, others one by one in the same memory.
    let together = normalization == .batchLive ? batch : 1
    let layers = description.layers
    self.network = TrainableNetwork(
      layers, epsilon: description.epsilon, reachesPicture: false, kernels: kernels
    ) { layer in
      let index = layers.firstIndex(of: layer) ?? 0
      return (
        trained.convolution(index),
        [Float](repeating: 0, count: layer.convolution.outputChannels)
      )
    }
    tape = Tape(
      self.network, images: together, height: side, width: side,
      trainsWeights: trained.trainsWeights, pool: pool)
    loss = PerceptualLoss(
      network, taps: taps, height: side, width: side, pool: pool, kernels: kernels)
    inputs = (0..<together).map { _ in .pixels(height: side, width: side) }
    painted = .pixels(height: side, width: side)
    gradient = .pixels(height: side, width: side)
  }

  /// Finds the loss and all gradients.
  ///
  /// - Parameters:
  ///   - crops: `batch` of each style, style by style, in levels.
  func run(_ trained: inout TrainedNetwork, crops: [FeatureMap]) -> Result {
    precondition(crops.count == batch * trained.styles.count, "a batch of each style")
    for index in trained.tensors.indices {
      trained.tensors[index].gradient.withUnsafeMutableBufferPointer { $0.update(repeating: 0) }
    }
    tape.clearWeightGradients()
    var result = Result(terms: [], total: 0, gradientNorm: 0)
    let together = inputs.count
    for first in stride(from: 0, to: crops.count, by: together) {
      run(
        &trained, Array(crops[first..<first + together]), style: first / batch, &result, crops.count
      )
    }
    if trained.trainsWeights {
      for index in network.layers.indices {
        let place = trained.weights(ofLayer: index)
        tape.weightGradient(ofLayer: index, into: &trained.tensors[place].gradient)
      }
    }
    result.gradientNorm = Adam.gradientNorm(of: trained.tensors)
    return result
  }

  /// Takes the numbers that have been changed.
  func update(_ trained: TrainedNetwork) {
    guard trained.trainsWeights else { return }
    network.set(trained.convolution, pool: pool)
  }

  private func run(
    _ trained: inout TrainedNetwork, _ crops: [FeatureMap], style: Int, _ result: inout Result,
    _ count: Int
  ) {
    let description = trained.description
    let (black, level) = (Float(description.inputRange.lowerBound), Float(description.levelStep))
    for (input, crop) in zip(inputs, crops) {
      input.setPixels(from: crop) { $0 * level + black }
    }
    let norms = [[StyleParameters.Norm]](
      repeating: trained.norms(ofStyle: style), count: crops.count)
    tape.forward(inputs, norms: norms, normalization)
    if description.norm == .batch { keepStatistics(&trained, style) }
    for (image, crop) in crops.enumerated() {
      let terms = judge(&trained, crop, image, style, share: 1 / Double(count))
      result.terms.append(terms)
      result.total += weights[style].total(terms) / Double(count)
    }
    tape.backward(norms: norms, normalization, pictures: inputs) { _, norm, moments in
      let (gamma, beta) = (trained.gamma(style, norm), trained.beta(style, norm))
      for (channel, moments) in moments.enumerated() {
        trained.tensors[gamma].gradient[channel] += Float(moments.product)
        trained.tensors[beta].gradient[channel] += Float(moments.sum)
      }
    }
  }

  /// Colours a crop, finds its loss, and leads the gradient back behind the colours.
  private func judge(
    _ trained: inout TrainedNetwork, _ crop: FeatureMap, _ image: Int, _ style: Int, share: Double
  ) -> LossTerms {
    let last = network.layers.count - 1
    let drawn = tape.output(of: last, image).map
    let (matrix, shift) = (trained.matrix(style), trained.shift(style))
    let m = trained.tensors[matrix].values
    let s = trained.tensors[shift].values.map { $0 * TrainedNetwork.shiftUnit }
    let columns = (0..<3).map { Pixel(m[$0], m[3 + $0], m[6 + $0], 0) }
    let offset = Pixel(s[0], s[1], s[2], 0)
    painted.setPixels(from: drawn) {
      offset + $0.x * columns[0] + $0.y * columns[1] + $0.z * columns[2]
    }
    loss.setContent(crop)
    let terms = loss.terms(
      of: painted, targets[style], weights[style], share: share, gradient: gradient)
    var sums = [SIMD4<Double>](repeating: .zero, count: 4)
    for y in 0..<drawn.height {
      let (slopes, row) = (gradient.pixelRow(y), drawn.pixelRow(y))
      var (x0, x1, x2, one) = (Pixel.zero, Pixel.zero, Pixel.zero, Pixel.zero)
      for x in 0..<drawn.width {
        x0 += slopes[x] * row[x].x
        x1 += slopes[x] * row[x].y
        x2 += slopes[x] * row[x].z
        one += slopes[x]
      }
      for (index, sum) in [x0, x1, x2, one].enumerated() { sums[index] += SIMD4<Double>(sum) }
    }
    for row in 0..<3 {
      for column in 0..<3 {
        trained.tensors[matrix].gradient[3 * row + column] += Float(sums[column][row])
      }
      trained.tensors[shift].gradient[row] += Float(sums[3][row]) * TrainedNetwork.shiftUnit
    }
    let rows = (0..<3).map { Pixel(m[3 * $0], m[3 * $0 + 1], m[3 * $0 + 2], 0) }
    tape.seed(last, image).setPixels(from: gradient) {
      $0.x * rows[0] + $0.y * rows[1] + $0.z * rows[2]
    }
    return terms
  }

  /// Takes the batch's statistics into the running ones: a tenth of the mean and of the unbiased
  /// variance.
  private func keepStatistics(_ trained: inout TrainedNetwork, _ style: Int) {
    for (index, layer) in network.layers.enumerated() {
      guard let norm = layer.norm else { continue }
      for channel in 0..<layer.channels {
        let merged = ChannelMoments.merged(
          (0..<inputs.count).map { tape.moments(of: index, $0)[channel] }[...])
        let unbiased = merged.squaredDeviations / max(merged.count - 1, 1)
        func mix(_ value: inout Float, _ new: Double) {
          value = Float(0.9 * Double(value) + 0.1 * new)
        }
        mix(&trained.running[style][norm].mean[channel], merged.mean)
        mix(&trained.running[style][norm].variance[channel], unbiased)
      }
    }
  }
}
