import Tensors

extension StyleNetwork {
  /// The fastest plan for a job within `memory` bytes, the threads' patches included.
  ///
  /// - Throws: `StyleNetworkError.memoryTooSmall` with the least that would do.
  /// - Complexity: O(3ⁿ) for n layers outside the residual blocks, and O(rows) for each picture.
  public func plan(_ job: ExecutionPlan.Job, memory: Int = .max) throws(StyleNetworkError)
    -> ExecutionPlan
  {
    try ExecutionPlanner(self, job).plan(memory: memory)
  }
}

/// Searches for the fastest plan.
struct ExecutionPlanner {
  typealias Place = ExecutionPlan.Place

  /// Multiplications that could be done while a byte is written to a scratch file or read from it:
  /// 100 G a second on two cores of today beside 3 GB a second of a disk and its cache. A constant,
  /// as a plan may not depend on the machine.
  private static let multiplicationsPerByte = 32

  private let network: StyleNetwork
  let job: ExecutionPlan.Job
  private let flow: LayerFlow
  /// `[distinct sizes]`, and which of them each picture has.
  private let shapes: [PictureShape]
  private let shapeOfPicture: [Int]
  /// Weights, what pictures take whatever their plan, and one worker.
  private let fixedBytes: Int
  private let workerBytes: Int
  private let extents = ExtentsCache()

  init(_ network: StyleNetwork, _ job: ExecutionPlan.Job) {
    self.network = network
    self.job = job
    flow = LayerFlow(network)
    var shapes: [PictureShape] = []
    var known: [ExecutionPlan.Job.Size: Int] = [:]
    shapeOfPicture = job.sizes.map { size in
      if let index = known[size] { return index }
      shapes.append(PictureShape(network, size))
      known[size] = shapes.count - 1
      return shapes.count - 1
    }
    self.shapes = shapes
    workerBytes = shapes.map(\.workerBytes).max() ?? 0
    fixedBytes =
      network.weightBytes + workerBytes + shapes.reduce(0) { $0 + $1.tableBytes }
      + shapeOfPicture.count * network.stateBytes
  }

  func plan(memory whole: Int) throws(StyleNetworkError) -> ExecutionPlan {
    let memory = MemoryShare.ofPlans(whole)
    // Where everything fits in memory nothing can be faster.
    let roomy = Candidate(
      self, outputs: network.layers.dropLast().map { _ in .memory }, samples: .memory)
    if roomy.bytes <= memory { return widened(roomy, memory: memory).plan(self) }
    let candidates = candidates()
    guard let best = candidates.filter({ $0.bytes <= memory }).min(by: { $0.precedes($1) }) else {
      let least = candidates.map(\.bytes).min() ?? roomy.bytes
      throw .memoryTooSmall(needed: MemoryShare.whole(ofPlans: least), given: whole)
    }
    return widened(best, memory: memory).plan(self)
  }

  /// With bands as high as fit: the fewer there are, the less threads wait for one another.
  private func widened(_ narrow: Candidate, memory: Int) -> Candidate {
    let widest = narrow.widened(groups.joined(), to: .max, self)
    if widest.bytes <= memory { return widest }
    var best = narrow
    for group in groups {
      for strips in [.max, 96, 64, 48, 32, 24, 16, 12, 8, 6, 4, 3, 2] {
        let wider = best.widened(group, to: strips, self)
        guard wider.bytes <= memory else { continue }
        best = wider
        break
      }
    }
    return best
  }

  /// Passes whose bands are as high as one another's: those of the residual blocks.
  private var groups: [[Int]] {
    let others = network.layers.indices.filter { !flow.blocks.contains($0) }.map { [$0] }
    return flow.blocks.isEmpty ? others : [Array(flow.blocks)] + others
  }

  /// Every way to put the maps somewhere, with the lowest bands.
  func candidates() -> [Candidate] {
    var ways: [[Place]] = [[]]
    for layer in 0..<flow.last {
      if flow.map(of: layer) != layer {
        // Of the map that the residual blocks share.
        for way in ways.indices { ways[way].append(ways[way][flow.map(of: layer)]) }
        continue
      }
      let places: [Place] =
        flow.isRecomputable(layer) ? [.memory, .scratch, .recomputed] : [.memory, .scratch]
      ways = ways.flatMap { way in places.map { way + [$0] } }
    }
    let samples: [Place] = job.sampleBytes > 0 ? [.memory, .scratch] : [.memory]
    return ways.flatMap { way in
      samples.map { Candidate(self, outputs: way, samples: $0) }
    }
  }

  /// A plan in the making.
  struct Candidate {
    let outputs: [Place]
    let samples: Place
    /// Of each pass.
    var strips: [Int]
    private(set) var layout = LifetimeLayout([])
    private(set) var bytes = 0
    private(set) var multiplications = 0
    private(set) var traffic = 0
    /// Of the first layer in each pass.
    private var first: [Int]

    init(_ planner: ExecutionPlanner, outputs: [Place], samples: Place) {
      self.outputs = outputs
      self.samples = samples
      strips = outputs.map { _ in 1 } + [1]
      first = strips.indices.map { target in
        var layer = target
        while layer > 0, outputs[layer - 1] == .recomputed { layer -= 1 }
        return layer
      }
      layOut(planner)
      count(planner)
    }

    func layers(ofPass pass: Int) -> ClosedRange<Int> { first[pass]...pass }

    func precedes(_ other: Candidate) -> Bool {
      (cost, bytes) < (other.cost, other.bytes)
    }

    private var cost: Int { multiplications + multiplicationsPerByte * traffic }

    /// The last pass that reads a layer's map.
    private func lastReader(of layer: Int, _ flow: LayerFlow) -> Int {
      if layer == flow.inner { return flow.blocks.upperBound }
      let reader = layer == flow.stream ? flow.blocks.upperBound : layer + 1
      return first.lastIndex(of: reader) ?? layer
    }

    /// The maps that are in `place`: their layers, sizes and lives.
    private func blocks(in place: Place, _ planner: ExecutionPlanner) -> [LifetimeLayout.Block] {
      let flow = planner.flow
      return outputs.indices.map { layer in
        let isHere = outputs[layer] == place && flow.map(of: layer) == layer
        let rows = layer == flow.inner && place == .memory ? lead(planner) : planner.noRows
        let byteCount = zip(planner.shapes, rows).map { $0.mapBytes(layer, extraRows: $1) }
        return LifetimeLayout.Block(
          byteCount: isHere ? planner.shapeOfPicture.reduce(0) { $0 + byteCount[$1] } : 0,
          passes: layer...max(layer, lastReader(of: layer, flow)))
      }
    }

    /// Rows that the inner map needs beside its own, as the second convolution of a block writes
    /// its output over its input.
    private func lead(_ planner: ExecutionPlanner) -> [Int] {
      let closing = planner.flow.blocks.lowerBound + 1
      return planner.shapes.indices.map {
        planner.extents(of: closing...closing, strips: strips[closing], shape: $0).lead
      }
    }

    func widened(_ passes: some Sequence<Int>, to strips: Int, _ planner: ExecutionPlanner)
      -> Candidate
    {
      var wider = self
      for pass in passes { wider.strips[pass] = strips }
      wider.layOut(planner)
      return wider
    }

    mutating func layOut(_ planner: ExecutionPlanner) {
      let passes = strips.indices.map { pass in
        LifetimeLayout.Block(
          byteCount: planner.shapes.indices.map { passBytes(pass, $0, planner) }.max() ?? 0,
          passes: pass...pass)
      }
      layout = LifetimeLayout(blocks(in: .memory, planner) + passes)
      let held = samples == .memory ? planner.job.sampleBytes : 0
      bytes = planner.fixedBytes + held + max(layout.byteCount, planner.job.decodingBytes)
    }

    private func passBytes(_ pass: Int, _ shape: Int, _ planner: ExecutionPlanner) -> Int {
      let layers = layers(ofPass: pass)
      return PassMemory(
        planner.network, planner.flow, planner.shapes[shape], outputs: outputs, layers: layers,
        planner.extents(of: layers, strips: strips[pass], shape: shape),
        isInspected: planner.job.isInspected
      ).byteCount
    }

    private mutating func count(_ planner: ExecutionPlanner) {
      let flow = planner.flow
      var readings = 0
      for index in planner.shapeOfPicture {
        let shape = planner.shapes[index]
        readings = 0
        for pass in strips.indices {
          multiplications += layers(ofPass: pass).reduce(0) { $0 + shape.multiplications[$1] }
          func move(_ layer: Int) {
            if outputs[layer] == .scratch { traffic += shape.mapBytes(layer) }
          }
          switch flow.input(of: first[pass]) {
          case .picture: readings += 1
          case .output(let layer): move(flow.map(of: layer))
          case .sum(let closing):
            move(flow.blocks.lowerBound - 1)
            if first[pass] == pass {
              move(closing)
              if lastReader(of: flow.blocks.lowerBound - 1, flow) > pass {
                move(flow.blocks.lowerBound - 1)
              }
            }
          }
          if pass < outputs.count { move(pass) }
        }
      }
      // Written, read in those passes, and the result written and read.
      if samples == .scratch { traffic += planner.job.sampleBytes * (readings + 3) }
    }

    func plan(_ planner: ExecutionPlanner) -> ExecutionPlan {
      let scratch = LifetimeLayout(blocks(in: .scratch, planner))
      return ExecutionPlan(
        job: planner.job, outputs: outputs, samples: samples,
        passes: strips.indices.map { pass in
          ExecutionPlan.Pass(
            layers: layers(ofPass: pass), strips: strips[pass],
            offset: layout.offsets[outputs.count + pass])
        },
        offsets: outputs.indices.map { layer in
          let map = planner.flow.map(of: layer)
          return outputs[layer] == .scratch ? scratch.offsets[map] : layout.offsets[map]
        },
        workspaceBytes: layout.byteCount, bytes: bytes,
        sharedBytes: planner.network.weightBytes, workerBytes: planner.workerBytes,
        scratchBytes: scratch.byteCount, scratchTraffic: traffic,
        multiplications: multiplications)
    }
  }

  private var noRows: [Int] { shapes.map { _ in 0 } }

  private func extents(of layers: ClosedRange<Int>, strips: Int, shape: Int) -> BandExtents {
    let key = ExtentsCache.Key(layers: layers, strips: strips, shape: shape)
    if let known = extents.known[key] { return known }
    let fresh = BandExtents(shapes[shape].tilings[layers], strips: strips)
    extents.known[key] = fresh
    return fresh
  }

  /// Many candidates share their passes.
  private final class ExtentsCache {
    struct Key: Hashable {
      let layers: ClosedRange<Int>
      let strips: Int
      let shape: Int
    }

    var known: [Key: BandExtents] = [:]
  }
}
