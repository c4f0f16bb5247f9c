import StyleModels
import Tensors
import TestSupport
import Testing

@testable import Layers

/// A batch of maps, the norm and activation behind them, and the gradients by what comes out.
///
/// L is the sum of all results, each times its gradient.
private struct Batch {
  let normalization: Normalization
  /// Of each image.
  let sizes: [(height: Int, width: Int)]
  var activation = LayerDescription.Activation.relu
  var epsilon = 1e-5
  let channels = 20

  /// `[N][C][H · W]`.
  var samples: [[[Float]]]
  let gradients: [[[Float]]]
  /// Gamma and beta of each image: in a batch several styles may meet.
  let styles: [StyleParameters.Norm]
  let stored: StyleParameters.StoredStatistics

  init(_ normalization: Normalization, _ sizes: [(height: Int, width: Int)]) {
    self.normalization = normalization
    self.sizes = sizes
    var random = Samples(seed: 31)
    let channels = channels
    func planes() -> [[[Float]]] {
      sizes.map { size in
        (0..<channels).map { _ in random.array(size.height * size.width) }
      }
    }
    samples = planes().map { planes in
      planes.enumerated().map { channel, plane in plane.map { $0 + Float(channel % 5) - 2 } }
    }
    gradients = planes()
    styles = sizes.map { _ in
      .init(gamma: random.array(channels).map { $0 * 2 }, beta: random.array(channels))
    }
    stored = .init(
      mean: random.array(channels), variance: random.array(channels).map { 1.5 + $0 })
  }

  /// The mean and variance of each channel of each image.
  ///
  /// - Parameter samples: In Double: those of the batch, or some that differ a little.
  private func statistics(_ samples: [[[Double]]]) -> [[Statistics]] {
    guard normalization != .batch else { return samples.map { _ in stored.statistics } }
    func merged(_ planes: some Sequence<[Double]>) -> Statistics {
      let all = planes.flatMap { $0 }
      let mean = all.reduce(0, +) / Double(all.count)
      return Statistics(
        mean: mean,
        variance: all.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(all.count))
    }
    if normalization == .batchLive {
      let each = (0..<channels).map { channel in merged(samples.map { $0[channel] }) }
      return samples.map { _ in each }
    }
    let size = channels / groups
    return samples.map { planes in
      (0..<channels).map { channel in
        let first = channel / size * size
        return merged(planes[first..<first + size])
      }
    }
  }

  /// Groups of channels that share their statistics.
  private var groups: Int {
    switch normalization {
    case .group(let groups): groups.count(of: channels)
    case .layer: 1
    case .instance, .batch, .batchLive: channels
    }
  }

  /// The numbers that L hangs on, in Double.
  struct Numbers {
    /// `[N][C][H · W]`.
    var samples: [[[Double]]]
    /// `[N][C]` each.
    var gamma, beta: [[Double]]
  }

  var numbers: Numbers {
    Numbers(
      samples: samples.map { $0.map { $0.map(Double.init) } },
      gamma: styles.map { $0.gamma.map(Double.init) },
      beta: styles.map { $0.beta.map(Double.init) })
  }

  /// L by its definition.
  private func loss(_ numbers: Numbers) -> Double {
    let statistics = statistics(numbers.samples)
    var loss = 0.0
    for (image, planes) in numbers.samples.enumerated() {
      for (channel, plane) in planes.enumerated() {
        let statistic = statistics[image][channel]
        let factor = numbers.gamma[image][channel] / (statistic.variance + epsilon).squareRoot()
        let beta = numbers.beta[image][channel]
        for (sample, gradient) in zip(plane, gradients[image][channel]) {
          let value = (sample - statistic.mean) * factor + beta
          loss += Double(gradient) * (activation == .relu ? max(value, 0) : value)
        }
      }
    }
    return loss
  }

  /// The slope of L by one of its numbers, by central differences.
  func slope(of numbers: Numbers, _ number: WritableKeyPath<Numbers, Double>) -> Double {
    let step = 1e-5
    func loss(_ step: Double) -> Double {
      var changed = numbers
      changed[keyPath: number] += step
      return self.loss(changed)
    }
    return (loss(step) - loss(-step)) / (2 * step)
  }

  // What is tested

  /// What the kernels make of it: the gradients by the samples, `[N][C][H · W]`, and the sums that are
  /// those by gamma and beta, `[N][C]`.
  func run(_ kernels: KernelSet, workers: Int = 1, isInPlace: Bool = false) -> (
    gradients: [[[Float]]], moments: [[GradientMoments]]
  ) {
    let pool = WorkerPool(workers: workers)
    let run = NormGradientRun(channels: channels, kernels: kernels)
    var statistics = samples.map { $0.map { _ in Statistics() } }
    normalization.set(
      &statistics, from: samples.map { $0.map(naiveMoments) }, stored: sizes.map { _ in stored })
    func map(_ planes: [[Float]], _ image: Int) -> FeatureMap {
      LayerCase.map(of: planes, height: sizes[image].height, width: sizes[image].width)
    }
    let activations = samples.enumerated().map { image, planes in
      let affine = ChannelAffine(identityOf: channels, activation: activation)
      affine.set(
        statistics[image], areMeasured: normalization != .batch, styles[image], epsilon: epsilon)
      return Activation(map: map(planes, image), affine: affine, center: affine.shift)
    }
    let slopes = gradients.enumerated().map { map($1, $0) }
    var moments = samples.map { $0.map { _ in GradientMoments() } }
    for image in samples.indices {
      run.measure(
        slopes[image], of: activations[image], statistics: statistics[image], epsilon: epsilon,
        into: &moments[image], pool: pool)
    }
    var affines = moments.map { $0.map { _ in GradientAffine() } }
    normalization.setGradient(
      &affines, from: moments, statistics: statistics, styles: styles, epsilon: epsilon)
    let results = samples.indices.map { image in
      let size = sizes[image]
      let output =
        isInPlace
        ? slopes[image]
        : FeatureMap(
          channels: channels, height: size.height, width: size.width, rows: 0..<size.height,
          buffer: .poisoned(slopes[image].buffer.count))
      run.apply(
        affines[image], to: slopes[image], of: activations[image], into: output, pool: pool)
      return output
    }
    return (results.map { $0.planes.map { Array($0.joined()) } }, moments)
  }
}

@Suite(.deadline(minutes: 2)) struct NormGradientTests {
  static let all: [Normalization] = [
    .instance, .group(.count(2)), .group(.count(4)), .group(.channels), .layer, .batch, .batchLive,
  ]
  /// A strip and a row more, two rows, and one.
  static let sizes = [(height: 13, width: 1), (height: 2, width: 2), (height: 1, width: 3)]

  /// By some of the samples and of gamma and beta.
  @Test(arguments: all, [LayerDescription.Activation.relu, .identity])
  func agreesWithCentralDifferences(
    _ normalization: Normalization, _ activation: LayerDescription.Activation
  ) {
    var batch = Batch(normalization, Self.sizes)
    batch.activation = activation
    let numbers = batch.numbers
    let found = KernelSet.available.map { batch.run($0) }
    func expect(
      _ number: WritableKeyPath<Batch.Numbers, Double>, _ place: String,
      _ value: (([[[Float]]], [[GradientMoments]])) -> Double
    ) {
      let slope = batch.slope(of: numbers, number)
      for (kernels, found) in zip(KernelSet.available, found) {
        #expect(
          abs(value(found) - slope) <= 2e-5 * max(1, abs(slope)), "\(place), \(kernels)")
      }
    }
    var place = 0
    for image in batch.samples.indices {
      for channel in 0..<batch.channels {
        for index in batch.samples[image][channel].indices {
          place += 1
          guard place.isMultiple(of: 11) else { continue }
          expect(
            \.samples[image][channel][index], "image \(image), channel \(channel), \(index)"
          ) { Double($0.0[image][channel][index]) }
        }
        guard (image + channel).isMultiple(of: 3) else { continue }
        expect(\.gamma[image][channel], "image \(image), gamma \(channel)") {
          $0.1[image][channel].product
        }
        expect(\.beta[image][channel], "image \(image), beta \(channel)") {
          $0.1[image][channel].sum
        }
      }
    }
  }

  /// A norm takes away the mean and the scale of its set, so that a change of either is none of the
  /// loss: the gradient is orthogonal to 1 and, but for ε, to x̂.
  @Test(arguments: all.filter { $0 != .batch }, KernelSet.available)
  func gradientIsOrthogonalToWhatTheNormTakesAway(
    _ normalization: Normalization, _ kernels: KernelSet
  ) {
    var batch = Batch(normalization, [(height: 25, width: 7), (height: 12, width: 3)])
    batch.epsilon = 0
    for activation in [LayerDescription.Activation.relu, .identity] {
      batch.activation = activation
      let (gradients, _) = batch.run(kernels)
      normalization.forEachSet(images: 2, channels: batch.channels) { images, channels in
        var (samples, slopes) = ([Double](), [Double]())
        for image in images {
          for channel in channels {
            samples += batch.samples[image][channel].map(Double.init)
            slopes += gradients[image][channel].map(Double.init)
          }
        }
        let mean = samples.reduce(0, +) / Double(samples.count)
        func length(_ values: [Double]) -> Double {
          values.reduce(0) { $0 + $1 * $1 }.squareRoot()
        }
        let centered = samples.map { $0 - mean }
        let along = zip(slopes, centered).reduce(0) { $0 + $1.0 * $1.1 }
        let size = length(slopes)
        // A ReLU may cut off all of a channel.
        #expect(size > 0 || activation == .relu)
        #expect(abs(slopes.reduce(0, +)) <= 1e-5 * size * Double(slopes.count).squareRoot())
        #expect(abs(along) <= 1e-5 * size * length(centered), "\(images) \(channels)")
      }
    }
  }

  /// It came out as beta, whatever it was: its samples and gamma get nothing, beta gets all.
  @Test(arguments: all.filter { $0 != .batch }, KernelSet.available)
  func constantChannelHasNoGradient(_ normalization: Normalization, _ kernels: KernelSet) {
    for value: Float in [0, 0.1, -1e10] {
      var batch = Batch(normalization, [(height: 13, width: 3)])
      batch.activation = .identity
      batch.samples[0] = batch.samples[0].map { $0.map { _ in value } }
      let (gradients, moments) = batch.run(kernels)
      #expect(gradients[0].allSatisfy { $0.allSatisfy { $0 == 0 } })
      #expect(moments[0].allSatisfy { $0.product == 0 })
      for (moment, slopes) in zip(moments[0], batch.gradients[0]) {
        let sum = slopes.reduce(0) { $0 + Double($1) }
        #expect(abs(moment.sum - sum) <= 39 * Double(Float.ulpOfOne))
      }
    }
  }

  /// Samples are taken less their mean before they are multiplied, and what the mean lost in Float is
  /// made up for.
  @Test(arguments: [1000.4, -3e5] as [Float], KernelSet.available)
  func meanFarFromZeroCostsNoDigits(_ mean: Float, _ kernels: KernelSet) {
    var batch = Batch(.instance, [(height: 13, width: 3)])
    batch.activation = .identity
    batch.samples = batch.samples.map { $0.map { $0.map { mean * (1 + $0 * 1e-5) } } }
    let (_, moments) = batch.run(kernels)
    for (channel, plane) in batch.samples[0].enumerated() {
      let statistic = Statistics(naiveMoments(plane))
      let deviation = (statistic.variance + batch.epsilon).squareRoot()
      let product = zip(plane, batch.gradients[0][channel]).reduce(0) {
        $0 + Double($1.1) * (Double($1.0) - statistic.mean) / deviation
      }
      #expect(abs(moments[0][channel].product - product) <= 1e-5 * max(1, abs(product)))
    }
  }

  /// One constant channel among others leaves them theirs.
  @Test(arguments: KernelSet.available)
  func constantChannelIsAloneInHavingNone(_ kernels: KernelSet) {
    var batch = Batch(.instance, [(height: 13, width: 3)])
    let before = batch.run(kernels)
    batch.samples[0][17] = batch.samples[0][17].map { _ in 3 }
    let (gradients, moments) = batch.run(kernels)
    #expect(gradients[0][17].allSatisfy { $0 == 0 } && moments[0][17].product == 0)
    for channel in 0..<batch.channels where channel != 17 {
      #expect(gradients[0][channel] == before.gradients[0][channel])
      #expect(moments[0][channel] == before.moments[0][channel])
    }
  }

  /// A plane of one pixel is constant, unless others are normalized with it.
  @Test(arguments: all, KernelSet.available)
  func onePixelHasAGradientWhereItHasCompany(_ normalization: Normalization, _ kernels: KernelSet) {
    let alone = Batch(normalization, [(height: 1, width: 1)]).run(kernels)
    let inBatch = Batch(normalization, [(height: 1, width: 1), (height: 2, width: 3)]).run(kernels)
    #expect(alone.gradients[0].joined().allSatisfy { $0.isFinite })
    #expect(inBatch.gradients[0].joined().allSatisfy { $0.isFinite })
    let hasSome = (
      alone.gradients[0].joined().contains { $0 != 0 },
      inBatch.gradients[0].joined().contains { $0 != 0 }
    )
    switch normalization {
    case .instance, .group(.channels): #expect(hasSome == (false, false))
    case .batchLive: #expect(hasSome == (false, true))
    case .group, .layer, .batch: #expect(hasSome == (true, true))
    }
  }

  /// Only what the ReLU lets through.
  @Test(arguments: KernelSet.available)
  func withoutANormTheActivationAloneCutsOff(_ kernels: KernelSet) {
    let batch = Batch(.instance, [(height: 13, width: 3)])
    let affine = ChannelAffine(identityOf: batch.channels, activation: .relu)
    let (map, slopes) = (
      LayerCase.map(of: batch.samples[0], height: 13, width: 3),
      LayerCase.map(of: batch.gradients[0], height: 13, width: 3)
    )
    NormGradientRun(channels: batch.channels, kernels: kernels).apply(
      nil, to: slopes, of: Activation(map: map, affine: affine, center: affine.shift), into: slopes,
      pool: WorkerPool(workers: 1))
    let expected = zip(batch.samples[0], batch.gradients[0]).map { plane, slopes in
      zip(plane, slopes).map { $0 > 0 ? $1 : 0 }
    }
    #expect(slopes.planes.map { Array($0.joined()) } == expected)
  }

  @Test(arguments: [2, 3])
  func workersAndPlaceDoNotChangeABit(_ workers: Int) {
    for normalization in Self.all {
      let batch = Batch(normalization, [(height: 37, width: 5), (height: 12, width: 5)])
      let alone = batch.run(KernelSet.available[0])
      let together = batch.run(KernelSet.available[0], workers: workers, isInPlace: true)
      #expect(alone.gradients == together.gradients && alone.moments == together.moments)
    }
  }
}
