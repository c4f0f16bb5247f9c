import ImageFiles
import Layers
import StyleModels
import SystemFiles
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import StyleEngine

/// Paintings with strokes larger than the network's own.
@Suite(.deadline(minutes: 2)) struct StrokesTests {
  private let network: StyleNetwork

  init() throws {
    // What comes out of random weights is about 0 ± 1, which is amid this range.
    let description = NetworkDescription(width: 4, residualBlocks: 2, inputRange: -2...2)
    network = try StyleNetwork(randomStyle(description), kernels: KernelSet.available[0])
  }

  private func brush(
    _ factor: Double, _ detail: Brush.Detail = .painted, grain: Float = 4, margin: Int = 5
  ) -> Brush {
    var brush = Brush()
    (brush.strokeSize, brush.detail) = (.factor(factor), detail)
    (brush.grain, brush.margin) = (grain, margin)
    return brush
  }

  /// Paints pictures together.
  private func painted(
    _ images: [Image], _ brush: Brush, _ normalization: Normalization = .instance,
    strength: Float = 1, depth: PixelFormat.Depth = .eight, workers: Int = 1, memory: Int = .max,
    progress: ExecutionProgress = ExecutionProgress(),
    check: (PaintingPlan) -> Void = { _ in }
  ) throws -> [Image] {
    let session = NetworkSession(network: network, workers: workers, memory: memory)
    let members = images.map {
      NetworkSession.Member(ImageRows($0), depth: depth, brush: brush)
    }
    let plan = try session.plan(members)
    check(plan)
    let room = try session.reserve(plan, for: members)
    var stored: [StoredImage] = []
    for (index, member) in members.enumerated() {
      let image = try session.store(
        ImageRows(images[index]), as: member, in: room.photographs[index]
      ) { _ in false }
      stored.append(try #require(image))
    }
    let stylization = Stylization(
      normalization: normalization, strength: strength, brush: brush)
    try session.paint(
      zip(stored, members).map { NetworkSession.Painting($0, as: $1, stylization) }, plan: plan,
      in: room, progress: progress)
    if !progress.isCancelled { #expect(progress.completed == progress.total) }
    return try stored.map { try Image($0) }
  }

  private func leastMemory(_ images: [Image], _ brush: Brush) -> Int {
    do throws(StyleNetworkError) {
      _ = try NetworkSession(network: network, workers: 1, memory: 0)
        .plan(images.map { NetworkSession.Member(ImageRows($0), brush: brush) })
    } catch {
      if case .memoryTooSmall(let needed, _) = error { return needed }
    }
    return 0
  }

  /// What the network makes of a picture's colours, `[H][W][3]`, with grain and margin.
  private func run(_ image: Image, _ brush: Brush) throws -> [Float] {
    let picture = PictureInMemory(
      width: image.width, height: image.height, samples: image.bytes.map { Float($0) })
    try NetworkExecution(network, workers: 1).run(
      [picture.picture.grained(brush.grain).extended(by: brush.margin)],
      normalization: .instance)
    return picture.result
  }

  private func blurred(_ samples: [Float], _ width: Int, _ sigma: Double, channels: Int) -> [Float]
  {
    let count = width * channels
    let height = samples.count / count
    var blur = GaussianBlur(sigma: sigma, width: width, height: height, channels: channels)
    var result: [Float] = []
    var row = [Float](repeating: 0, count: count)
    for y in 0..<height {
      blur.add(Array(samples[y * count..<(y + 1) * count]).span)
      while result.count < blur.rowsReady * count {
        blur.blur(result.count / count, into: &row)
        result += row
      }
    }
    return result
  }

  private func lightness(_ samples: [Float]) -> [Float] {
    stride(from: 0, to: samples.count, by: 3).map { first in
      let colors = samples[first..<first + 3].map { min(max($0, 0), 255) }
      return 0.299 * colors[0] + 0.587 * colors[1] + 0.114 * colors[2]
    }
  }

  /// The painting by its definition, each step over the whole picture.
  private func expected(_ image: Image, factor: Double, _ brush: Brush) throws -> [Float] {
    func shrunk(_ side: Int) -> Int { Int((Double(side) / factor).rounded()) }
    let (width, height) = (shrunk(image.width), shrunk(image.height))
    let small = try Image(reading: ResizedRows(ImageRows(image), width: width, height: height))
    let coarse = try run(small, brush).map { min(max($0, 0), 255) }
    let colors = blurred(coarse, width, 1.5, channels: 3)
    func unclamped(_ samples: [Float]) -> [Float] {
      stride(from: 0, to: samples.count, by: 3).map {
        0.299 * samples[$0] + 0.587 * samples[$0 + 1] + 0.114 * samples[$0 + 2]
      }
    }
    let light = blurred(unclamped(coarse), width, 0.6 * min(1, factor - 1), channels: 1)
    let dull = unclamped(colors)
    let smooth = colors.indices.map { colors[$0] + light[$0 / 3] - dull[$0 / 3] }
    let stored = Image(
      width: width, height: height, hasAlpha: false,
      sixteenBit: smooth.map { UInt16((min(max($0, 0), 255) * 257).rounded()) })
    let enlarged = try Image(
      reading: ResizedRows(ImageRows(stored), width: image.width, height: image.height))
    var result = enlarged.bytes.withUnsafeBytes { bytes in
      bytes.bindMemory(to: UInt16.self).map { Float($0) / 257 }
    }
    let (fine, share): ([Float], Float) =
      switch brush.detail {
      case .painted: (lightness(try run(image, brush)), 1)
      case .photo: (lightness(image.bytes.map { Float($0) }), 0.6)
      case .none: (lightness(result), 0)
      }
    let coarseLight = blurred(
      fine, image.width, (factor * factor - 1).squareRoot(), channels: 1)
    for index in result.indices {
      result[index] += share * (fine[index / 3] - coarseLight[index / 3])
    }
    return result
  }

  @Test(arguments: Brush.Detail.allCases, [1.3, 2.5, 4])
  func strokesAreThoseOfThePaintingShrunk(_ detail: Brush.Detail, _ factor: Double) throws {
    let image = Image(randomWidth: 75, height: 52)
    let brush = brush(factor, detail)
    let found = try painted([image], brush, depth: .sixteen)[0]
    let right = try expected(image, factor: factor, brush)
    let samples = found.bytes.withUnsafeBytes { Array($0.bindMemory(to: UInt16.self)) }
    let largest = zip(samples, right).reduce(Float(0)) { largest, pair in
      max(largest, abs(Float(pair.0) / 257 - min(max(pair.1, 0), 255)))
    }
    #expect(largest < 0.02)
    // A sixteenth of the samples at least is amid the range, where something can be seen.
    #expect(samples.count { (1..<65_535).contains($0) } > samples.count / 16)
  }

  @Test(arguments: Brush.Detail.allCases, [false, true])
  func bytesHangOnNeitherThreadsNorMemory(_ detail: Brush.Detail, _ hasAlpha: Bool) throws {
    let images = [Image(randomWidth: 90, height: 61, hasAlpha: hasAlpha)]
    let brush = brush(2.2, detail)
    let expected = try painted(images, brush)
    let least = leastMemory(images, brush)
    var places: Set<ExecutionPlan.Place> = []
    for memory in [least, least + least / 20, least + least / 4, 2 * least] {
      let found = try painted(images, brush, workers: 3, memory: memory) { plan in
        places.insert(plan.samples)
        #expect(plan.bytes <= MemoryShare.ofPlans(memory))
        #expect(plan.runs.allSatisfy { $0.samples == plan.samples })
      }
      #expect(found == expected)
    }
    #expect(places.contains(.scratch))
    #expect(throws: StyleNetworkError.self) {
      try painted(images, brush, memory: least - 1)
    }
  }

  @Test func alphaAndTheWayOfTheStrengthStay() throws {
    let image = Image(randomWidth: 40, height: 33, hasAlpha: true)
    let whole = try painted([image], brush(2))[0]
    let half = try painted([image], brush(2), strength: 0.5)[0]
    for index in image.bytes.indices {
      if index % 4 == 3 {
        #expect(whole.bytes[index] == image.bytes[index])
        #expect(half.bytes[index] == image.bytes[index])
      } else {
        let middle = (Int(whole.bytes[index]) + Int(image.bytes[index]) + 1) / 2
        #expect(abs(Int(half.bytes[index]) - middle) <= 1)
      }
    }
  }

  /// Finite as they come from the network, what follows can add them to what is no number.
  @Test func resultsBeyondAllBoundsFailNothing() throws {
    let model = try randomStyle(
      NetworkDescription(width: 4, residualBlocks: 0, inputRange: 0...255))
    var weights = model.weights
    weights["deconv3.bias"] = StoredTensor(shape: [3], values: [3e38, -3e38, 3e38])
    let huge = try StyleNetwork(
      model.changed(model.description, weights), kernels: KernelSet.available[0])
    let image = Image(randomWidth: 40, height: 30)
    for detail in Brush.Detail.allCases {
      for brush in [brush(1, detail), brush(2, detail)] {
        let session = NetworkSession(network: huge, workers: 1)
        let member = NetworkSession.Member(ImageRows(image), brush: brush)
        let plan = try session.plan([member])
        let stored = try StoredImage(image)
        let stylization = Stylization(
          normalization: .instance, strength: 0.5, keepsColor: true, brush: brush)
        try session.paint(
          [NetworkSession.Painting(stored, as: member, stylization)], plan: plan,
          in: session.reserve(plan, for: [member]), progress: ExecutionProgress())
      }
    }
  }

  @Test func aPictureOfOneColorStaysOne() throws {
    for detail in Brush.Detail.allCases {
      let blank = Image(
        width: 50, height: 41, pixels: PixelFormat(), bytes: .init(repeating: 255, count: 6150))
      let found = try painted([blank], brush(3, detail))[0]
      #expect(Set(stride(from: 0, to: 6150, by: 3).map { found.bytes[$0] }).count == 1)
    }
  }

  @Test func strokesOfTheNetworksOwnSizeAreTheNetworks() throws {
    let image = Image(randomWidth: 30, height: 40)
    let plain = try painted([image], Brush())
    #expect(try painted([image], brush(1, .none, grain: 0, margin: 0)) == plain)
    // With a brush, the weave is taken out of colours; lightness stays.
    var auto = Brush()
    auto.strokeSize = .asOnLongSide(40)
    func samples(_ brush: Brush) throws -> [Float] {
      try painted([image], brush, depth: .sixteen)[0].bytes.withUnsafeBytes {
        $0.bindMemory(to: UInt16.self).map { Float($0) / 257 }
      }
    }
    let (smooth, raw) = (try samples(auto), try samples(Brush()))
    let expected = blurred(raw, 30, 1.5, channels: 3)
    let (dull, light) = (lightness(expected), lightness(raw))
    for index in smooth.indices {
      let right = expected[index] + light[index / 3] - dull[index / 3]
      #expect(abs(smooth[index] - min(max(right, 0), 255)) < 0.02)
    }
    auto.strokeSize = .asOnLongSide(20)
    #expect(try painted([image], auto) == painted([image], brush(2, grain: 0, margin: 0)))
    #expect(try painted([image], auto) != plain)
  }

  /// Each level of a live batch is a batch, of which those with strokes of their own size are part.
  @Test(arguments: Brush.Detail.allCases)
  func picturesOfALiveBatchKeepOneAnotherCompany(_ detail: Brush.Detail) throws {
    let images = [Image(randomWidth: 60, height: 45), Image(randomWidth: 20, height: 17, seed: 2)]
    var brush = Brush()
    (brush.strokeSize, brush.detail, brush.grain) = (.asOnLongSide(20), detail, 3)
    let together = try painted(images, brush, .batchLive)
    let least = leastMemory(images, brush)
    #expect(try painted(images, brush, .batchLive, workers: 2, memory: least) == together)
    #expect(try painted([images[0]], brush, .batchLive) != [together[0]])
    // Under a norm of their own each comes out as alone.
    let apart = try painted(images, brush)
    #expect(try images.map { try painted([$0], brush)[0] } == apart)
  }

  @Test func cancelledBeforehandNothingIsPainted() throws {
    let progress = ExecutionProgress()
    progress.cancel()
    for detail in Brush.Detail.allCases {
      #expect(throws: StyleNetworkError.cancelled) {
        try painted([Image(randomWidth: 40, height: 40)], brush(2, detail), progress: progress)
      }
    }
  }

  @Test(arguments: [
    (4000, 3000, 800, 5, 800, 600), (801, 600, 800, 1.00125, 800, 599),
    (65_500, 40, 800, 81.875, 800, 1),
  ])
  func autoGoesByTheLongSide(
    _ width: Int, _ height: Int, _ best: Int, _ factor: Double, _ coarseWidth: Int,
    _ coarseHeight: Int
  ) {
    var brush = Brush()
    brush.strokeSize = .asOnLongSide(best)
    #expect(brush.factor(width: width, height: height) == factor)
    #expect(
      brush.coarseSize(width: width, height: height)
        == .init(width: coarseWidth, height: coarseHeight))
    #expect(brush.coarseSize(width: best, height: 9) == nil)
    #expect(brush.coarseSize(width: 9, height: best / 2) == nil)
  }
}
