import CKernelArguments
import Tensors

/// The way back of one layer's norm and activation over one image: measures the gradient, then makes
/// that of the convolution's output of it.
///
/// Sums are taken row by row in Float, and row upon row in Double, from top to bottom.
package final class NormGradientRun: ParallelTask {
  private let kernels: KernelSet
  private var job: Job?
  private var values: [Double] = []
  private let gradientScale: AlignedBuffer
  private let mapScale: AlignedBuffer
  private let shift: AlignedBuffer

  private struct Job {
    let gradient: FeatureMap
    let activation: Activation
    /// The place of the results; nil while it measures.
    let output: FeatureMap?
    /// `[strips][sums, products][blocks][16]`.
    let sums: UnsafeMutablePointer<Double>?
  }

  /// - Parameter channels: The most that a layer has.
  package init(channels: Int, kernels: KernelSet) {
    self.kernels = kernels
    let lanes = FeatureMap.blockCount(channels: channels) * FeatureMap.blockLanes
    gradientScale = AlignedBuffer([Float](repeating: 0, count: lanes))
    mapScale = AlignedBuffer([Float](repeating: 0, count: lanes))
    shift = AlignedBuffer([Float](repeating: 0, count: lanes))
  }

  /// Measures the gradient by the activation's result.
  ///
  /// - Parameters:
  ///   - gradient: `[C, H, W]`, as the activation's map, which is the norm's input.
  ///   - statistics: What the norm normalized with, `[C]`.
  package func measure(
    _ gradient: FeatureMap, of activation: Activation, statistics: [Statistics], epsilon: Double,
    into moments: inout [GradientMoments], pool: WorkerPool
  ) {
    let map = activation.map
    let lanes = map.blocks * FeatureMap.blockLanes
    for channel in 0..<lanes {
      shift.start[channel] =
        channel < statistics.count ? Float(statistics[channel].mean) : 0
    }
    values = [Double](repeating: 0, count: strips(map) * 2 * lanes)
    values.withUnsafeMutableBufferPointer { values in
      job = Job(gradient: gradient, activation: activation, output: nil, sums: values.baseAddress)
      pool.run(strips(map) * map.blocks, self)
      job = nil
    }
    let count = Double(map.height * map.width)
    for (channel, statistic) in statistics.enumerated() {
      var (sum, product) = (0.0, 0.0)
      for strip in 0..<strips(map) {
        sum += values[strip * 2 * lanes + channel]
        product += values[(strip * 2 + 1) * lanes + channel]
      }
      // Of x − center, of which x̂ is made.
      product += (Double(shift.start[channel]) - statistic.mean) * sum
      product = statistic.variance > 0 ? product / (statistic.variance + epsilon).squareRoot() : 0
      moments[channel] = GradientMoments(count: count, sum: sum, product: product)
    }
  }

  /// Makes the gradient by the norm's input.
  ///
  /// - Parameters:
  ///   - affines: `[C]`; nil where there is no norm, and only the activation cuts off.
  ///   - output: The place of the result, which may be the gradient.
  package func apply(
    _ affines: [GradientAffine]?, to gradient: FeatureMap, of activation: Activation,
    into output: FeatureMap, pool: WorkerPool
  ) {
    let map = activation.map
    for channel in 0..<map.blocks * FeatureMap.blockLanes {
      let affine = affines.map { channel < $0.count ? $0[channel] : GradientAffine() }
      gradientScale.start[channel] = Float(affine?.gradient ?? 1)
      mapScale.start[channel] = Float(affine?.sample ?? 0)
      shift.start[channel] = Float(affine?.shift ?? 0)
    }
    job = Job(gradient: gradient, activation: activation, output: output, sums: nil)
    pool.run(strips(map) * map.blocks, self)
    job = nil
  }

  private func strips(_ map: FeatureMap) -> Int {
    (map.height + ConvolutionGeometry.stripHeight - 1) / ConvolutionGeometry.stripHeight
  }

  /// A strip of a block of channels.
  package func run(part index: Int, worker: Int) {
    guard let job else { return }
    let map = job.activation.map
    let (strip, block) = index.quotientAndRemainder(dividingBy: map.blocks)
    let first = strip * ConvolutionGeometry.stripHeight
    let lane = block * FeatureMap.blockLanes
    for row in first..<min(first + ConvolutionGeometry.stripHeight, map.height) {
      let input = CKernelArguments_ActivationGradient(
        gradient: job.gradient.row(row, block: block), map: map.row(row, block: block),
        count: map.width, affine: job.activation.affine.block(block))
      if let sums = job.sums {
        let lanes = map.blocks * FeatureMap.blockLanes
        let place = sums + strip * 2 * lanes + lane
        kernels.measureGradient(
          .init(sums: place, products: place + lanes, input: input, center: shift.start + lane))
      } else if let output = job.output {
        kernels.normGradient(
          .init(
            output: output.row(row, block: block), input: input,
            gradientScale: gradientScale.start + lane, mapScale: mapScale.start + lane,
            shift: shift.start + lane))
      }
    }
  }
}
