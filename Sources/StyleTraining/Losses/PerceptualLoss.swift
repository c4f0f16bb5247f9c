import Layers
import StyleModels
import Tensors

/// What a painting is in the eyes of a loss network: the Gram matrix of each tap at each scale.
public struct StyleTarget: Sendable {
  /// `[scales][taps]` of `[C, C]`.
  let grams: [[[Double]]]
}

/// The loss of a painted picture, and its gradient by the picture's pixels.
///
/// `content = |F(y) − F(x)|² / |F(x)|²`, the mean over its places, `style = Σ |G(y) − G(s)|² / |G(s)|²`
/// over scales and taps, and those of `PixelLosses`. Each term is relative to its target's own energy,
/// so that one setting suits every painting.
///
/// Papers: Gatys, Ecker and Bethge 2016; Johnson, Alahi and Fei-Fei 2016, arXiv:1603.08155.
final class PerceptualLoss {
  let network: LossNetwork
  private let pool: WorkerPool
  private let kernels: KernelSet
  private let levels: [Level]
  private let pixelLosses: PixelLosses
  private var contents: [Content]

  /// A scale of the picture.
  private struct Level {
    let tape: Tape
    let picture: FeatureMap
    let normalized: FeatureMap
    let gradient: FeatureMap
    let taps: [(layer: Int, gram: GramMatrix)]
  }

  /// What is kept of the photograph at a place.
  private struct Content {
    let level, layer: Int
    /// The photograph's features, behind their ReLU.
    let wanted: FeatureMap
    var energy = 0.0
  }

  /// - Parameters:
  ///   - height: The pictures' size, as the width: at least 4. Under `LossTaps.leastSide` a scale is
  ///     left out.
  ///   - leadsBack: Whether gradients will be asked for.
  ///   - progress: Once it is cancelled, what is asked for comes soon and means nothing.
  init(
    _ network: LossNetwork, taps: LossTaps, height: Int, width: Int, leadsBack: Bool = true,
    pool: WorkerPool, kernels: KernelSet, progress: ExecutionProgress = ExecutionProgress()
  ) {
    precondition(min(height, width) >= LossTaps.leastOfScale, "height and width >= 4")
    self.network = network
    self.pool = pool
    self.kernels = kernels
    pixelLosses = PixelLosses(height: height, width: width)
    var contents: [Content] = []
    var (levels, size) = ([Level](), (height: height, width: width))
    for (index, styles) in taps.style.enumerated() {
      let layers = styles.map(network.layer)
      let kept = taps.content.filter { $0.scale == index }.map { network.layer(of: $0.tap) }
      let last = (layers + kept).max() ?? 0
      // A level that is too small for the network's maxima tells nothing.
      guard min(size.height, size.width) >= LossTaps.leastOfScale else { break }
      let tape = Tape(
        network.trainable(layers: last + 1, goesBack: leadsBack, kernels: kernels), images: 1,
        height: size.height, width: size.width, trainsWeights: false, pool: pool,
        progress: progress)
      levels.append(
        Level(
          tape: tape, picture: .pixels(height: size.height, width: size.width),
          normalized: .pixels(height: size.height, width: size.width),
          gradient: .pixels(height: size.height, width: size.width),
          taps: layers.map { layer in
            let map = tape.output(of: layer).map
            return (
              layer,
              GramMatrix(
                channels: map.channels, height: map.height, width: map.width,
                margin: network.margin(ofLayer: layer, height: map.height, width: map.width),
                kernels: kernels, pool: pool)
            )
          }))
      for layer in kept {
        let map = tape.output(of: layer).map
        contents.append(
          Content(
            level: index, layer: layer,
            wanted: .map(channels: map.channels, height: map.height, width: map.width)))
      }
      size = (size.height / 2, size.width / 2)
    }
    self.levels = levels
    self.contents = contents
  }

  /// Finds the Gram matrices of a painting of this size.
  func target(of painting: FeatureMap) -> StyleTarget {
    StyleTarget(
      grams: scales(of: painting).map { level in
        level.taps.map { tap in
          tap.gram.values(of: level.tape.output(of: tap.layer))
        }
      })
  }

  /// Runs each scale.
  private func scales(of picture: FeatureMap) -> [Level] {
    for index in levels.indices {
      setPicture(ofLevel: index, to: picture)
      run(levels[index])
    }
    return levels
  }

  /// Brings a picture to a level's size, once it has been brought to that of the level before.
  private func setPicture(ofLevel index: Int, to picture: FeatureMap) {
    if index == 0 {
      levels[0].picture.setPixels(from: picture) { $0 }
    } else {
      levels[index].picture.setPixels(halving: levels[index - 1].picture)
    }
  }

  private func run(_ level: Level, layers count: Int? = nil) {
    let (mean, factor) = (network.mean, 1 / network.deviation)
    level.normalized.setPixels(from: level.picture) { ($0 - mean) * factor }
    level.tape.forward([level.normalized], layers: count)
  }

  /// Takes a photograph as the content of the pictures that follow.
  func setContent(_ photograph: FeatureMap) {
    for (index, level) in levels.enumerated() {
      setPicture(ofLevel: index, to: photograph)
      let places = contents.indices.filter { contents[$0].level == index }
      guard let last = places.map({ contents[$0].layer }).max() else { continue }
      run(level, layers: last + 1)
      for place in places { contents[place].energy = keep(contents[place], of: level) }
    }
  }

  /// Takes a level's features for what is wanted; their energy.
  private func keep(_ content: Content, of level: Level) -> Double {
    let (features, wanted) = (level.tape.output(of: content.layer), content.wanted)
    let energy = Energy(rows: wanted.height)
    pool.run(wanted.height) { y, _ in
      var sum = 0.0
      for block in 0..<wanted.blocks {
        let (row, target) = (features.map.blockRow(y, block), wanted.blockRow(y, block))
        var squares = SIMD16<Float>.zero
        for x in 0..<wanted.width {
          target[x] = row[x].replacing(with: 0, where: row[x] .< 0)
          squares += target[x] * target[x]
        }
        sum += Double(squares.sum())
      }
      energy.rows[y] = sum
    }
    return energy.sum
  }

  /// The loss of a picture against the content that was set and a painting.
  ///
  /// - Parameters:
  ///   - gradient: The place of the gradient by the picture, of `share` times the weighted total; nil
  ///     where it isn't wanted.
  func terms(
    of picture: FeatureMap, _ target: StyleTarget, _ weights: LossWeights, share: Double = 1,
    gradient: FeatureMap? = nil
  ) -> LossTerms {
    precondition(target.grams.count >= levels.count, "the painting was seen at every scale")
    let scales = scales(of: picture)
    let shared = weights.scaled(by: share)
    gradient?.setPixels { _, _ in .zero }
    var terms = pixelLosses.terms(of: picture, shared, gradient: gradient)
    for (index, level) in scales.enumerated() {
      for (tap, goal) in zip(level.taps, target.grams[index]) {
        terms.style += style(
          tap, goal, level, weight: shared.style, wantsGradient: gradient != nil)
      }
      for content in contents where content.level == index {
        terms.content +=
          self.content(
            content, level, weight: shared.content / Double(contents.count),
            wantsGradient: gradient != nil) / Double(contents.count)
      }
    }
    guard let gradient else { return terms }
    leadBack(scales, into: gradient)
    return terms
  }

  private func style(
    _ tap: (layer: Int, gram: GramMatrix), _ goal: [Double], _ level: Level, weight: Double,
    wantsGradient: Bool
  ) -> Double {
    let features = level.tape.output(of: tap.layer)
    let gram = tap.gram.values(of: features)
    let energy = max(goal.reduce(0) { $0 + $1 * $1 }, .leastNormalMagnitude)
    var sum = 0.0
    for index in gram.indices {
      let difference = gram[index] - goal[index]
      sum += difference * difference
    }
    guard wantsGradient else { return sum / energy }
    // ∂/∂F = 4 w (G − S) F / (|S|² H W): a 1×1 convolution of the features.
    let map = features.map
    let slope = 4 * weight / (energy * Double(tap.gram.area))
    let convolution = ConvolutionLayer(
      LayerDescription(
        "gram", input: .output(of: 0),
        convolution: .init(map.channels, map.channels, kernelSize: 1, hasBias: false),
        padding: .init(.zero, 0), norm: nil, activation: .identity),
      weights: gram.indices.map { Float(slope * (gram[$0] - goal[$0])) },
      bias: [Float](repeating: 0, count: map.channels), writesPixels: false, kernels: kernels)
    let seed = level.tape.seed(tap.layer)
    level.tape.convolve(convolution, features, into: seed)
    tap.gram.clearMargin(of: seed)
    return sum / energy
  }

  private func content(
    _ content: Content, _ level: Level, weight: Double, wantsGradient: Bool
  ) -> Double {
    let (features, wanted) = (level.tape.output(of: content.layer), content.wanted)
    let energy = max(content.energy, .leastNormalMagnitude)
    let slope = Float(2 * weight / energy)
    let isTap = level.taps.contains { $0.layer == content.layer }
    let target = wantsGradient ? level.tape.seed(content.layer) : nil
    let squares = Energy(rows: wanted.height)
    pool.run(wanted.height) { y, _ in
      var sum = 0.0
      for block in 0..<wanted.blocks {
        let (row, goal) = (features.map.blockRow(y, block), wanted.blockRow(y, block))
        let gradient = target?.blockRow(y, block)
        var squares = SIMD16<Float>.zero
        for x in 0..<wanted.width {
          let difference = row[x].replacing(with: 0, where: row[x] .< 0) - goal[x]
          squares += difference * difference
          guard let gradient else { continue }
          gradient[x] = isTap ? gradient[x] + slope * difference : slope * difference
        }
        sum += Double(squares.sum())
      }
      squares.rows[y] = sum
    }
    return squares.sum / energy
  }

  /// Leads the features' gradients back to the picture, from the smallest scale to the largest.
  private func leadBack(_ scales: [Level], into gradient: FeatureMap) {
    let factor = 1 / network.deviation
    for (index, level) in scales.enumerated().reversed() {
      guard let pixels = level.tape.backward() else { continue }
      level.gradient.setPixels(from: pixels) { $0 * factor }
      if index + 1 < scales.count {
        level.gradient.addPixels(ofHalf: scales[index + 1].gradient)
      }
    }
    for y in 0..<gradient.height {
      let (row, source) = (gradient.pixelRow(y), scales[0].gradient.pixelRow(y))
      for x in 0..<gradient.width { row[x] += source[x] }
    }
  }
}

extension LossNetwork {
  /// The features at each edge that Gram matrices leave out: those that zero padding shows in, but no
  /// more than an eighth of the side. A style would paint frames to hide that edge.
  fileprivate func margin(ofLayer layer: Int, height: Int, width: Int) -> Int {
    min(reach(ofLayer: layer), min(height, width) / 8)
  }
}

/// Sums of rows that workers make, added up in order.
private final class Energy {
  let rows: UnsafeMutableBufferPointer<Double>

  init(rows count: Int) {
    rows = .allocate(capacity: count)
  }

  deinit { rows.deallocate() }

  var sum: Double { rows.reduce(0, +) }
}

extension FeatureMap {
  /// A row of a block, pixel by pixel.
  fileprivate func blockRow(_ y: Int, _ block: Int) -> UnsafeMutablePointer<SIMD16<Float>> {
    UnsafeMutableRawPointer(row(y, block: block)).assumingMemoryBound(to: SIMD16<Float>.self)
  }
}
