import Tensors

extension StyleNetwork {
  /// The fastest plan for a job within `memory` bytes, the threads' patches included.
  ///
  /// - Throws: `StyleNetworkError.memoryTooSmall` with the least that would do.
  /// - Complexity: O(3ⁿ) for n layers outside the residual blocks, of which at most 8 count, and
  ///   O(rows) for each picture.
  public func plan(_ job: ExecutionPlan.Job, memory: Int = .max) throws(StyleNetworkError)
    -> ExecutionPlan
  {
    try ExecutionPlanner(self, job).plan(memory: memory)
  }
}

/// Searches for the fastest plan.
struct ExecutionPlanner {
  typealias Place = ExecutionPlan.Place

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
    flow = network.flow
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
      + shapeOfPicture.count * network.stateBytes + job.besideBytes
  }

  func plan(memory whole: Int) throws(StyleNetworkError) -> ExecutionPlan {
    let memory = MemoryShare.ofPlans(whole)
    // Where everything fits in memory nothing can be faster.
    let roomy = Candidate(
      self, outputs: flow.storedLayers.map { _ in .memory }, samples: job.samplesPlace ?? .memory)
    if roomy.bytes <= memory { return widened(roomy, memory: memory).plan(self) }
    let candidates = candidates()
    guard let best = candidates.filter({ $0.bytes <= memory }).min(by: { $0.precedes($1) }) else {
      let least = candidates.map(\.bytes).min() ?? roomy.bytes
      throw .memoryTooSmall(needed: MemoryShare.whole(ofPlans: least), given: whole)
    }
    return widened(best, memory: memory).plan(self)
  }

  /// Makes bands as high as fit: the fewer there are, the less threads wait for one another.
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
    let passes = flow.maps.count + (flow.lastIsNormalized ? 1 : 0)
    let inBlocks = (0..<passes).filter(flow.isInBlock)
    let others = (0..<passes).filter { !flow.isInBlock($0) }.map { [$0] }
    return inBlocks.isEmpty ? others : [inBlocks] + others
  }

  /// Maps for which every place is tried, each by itself: 3⁸ ways. Those beyond the largest so many
  /// share a place.
  private static let freeMaps = 8

  /// Lists every way to put the maps somewhere, with the lowest bands.
  func candidates() -> [Candidate] {
    let maps = flow.storedLayers.filter { flow.maps[$0] == $0 }
    func bytes(_ map: Int) -> Int { shapes.reduce(0) { $0 + $1.mapBytes(map) } }
    let bySize = maps.sorted { (-bytes($0), $0) < (-bytes($1), $1) }
    let followers = Set(bySize.dropFirst(Self.freeMaps))
    let leader = followers.min()
    var ways: [[Place]] = [[]]
    for layer in flow.storedLayers {
      let map = flow.maps[layer]
      if map != layer || followers.contains(layer) && layer != leader {
        // The map's, or the one that small maps share.
        let same = map != layer ? map : leader ?? map
        for way in ways.indices { ways[way].append(ways[way][same]) }
        continue
      }
      let mayBeRecomputed = flow.isRecomputable(layer) && !followers.contains(layer)
      let places: [Place] =
        mayBeRecomputed ? [.memory, .scratch, .recomputed] : [.memory, .scratch]
      ways = ways.flatMap { way in places.map { way + [$0] } }
    }
    let samples: [Place] =
      if let place = job.samplesPlace { [place] } else if job.sampleBytes > 0 {
        [.memory, .scratch]
      } else { [.memory] }
    return ways.flatMap { way in
      samples.map { Candidate(self, outputs: way, samples: $0) }
    }
  }

  /// A plan in the making.
  struct Candidate {
    let outputs: [Place]
    let samples: Place
    private(set) var passes: [Pass]
    private(set) var layout = LifetimeLayout([])
    private(set) var bytes = 0
    private(set) var multiplications = 0
    private(set) var traffic = 0

    init(_ planner: ExecutionPlanner, outputs: [Place], samples: Place) {
      self.outputs = outputs
      self.samples = samples
      passes = Pass.all(planner.flow, places: outputs, isInspected: planner.job.isInspected)
      layOut(planner)
      count(planner)
    }

    func precedes(_ other: Candidate) -> Bool {
      (cost, bytes) < (other.cost, other.bytes)
    }

    private var cost: Int {
      CostModel.cost(multiplications: multiplications, scratchTraffic: traffic)
    }

    /// The maps that are in `place`: their layers, sizes and lives.
    private func blocks(in place: Place, _ planner: ExecutionPlanner) -> [LifetimeLayout.Block] {
      outputs.indices.map { layer in
        guard outputs[layer] == place, planner.flow.maps[layer] == layer,
          let last = passes.lastIndex(where: { $0.uses(layer) })
        else { return LifetimeLayout.Block(byteCount: 0, passes: layer...layer) }
        let byteCount = planner.shapes.indices.map { shape in
          let lead = passes.reduce(0) { lead, pass in
            max(lead, pass.lead(inMap: layer) { planner.extents(of: $0, shape: shape) })
          }
          return planner.shapes[shape].mapBytes(layer, extraRows: lead)
        }
        return LifetimeLayout.Block(
          byteCount: planner.shapeOfPicture.reduce(0) { $0 + byteCount[$1] }, passes: layer...last)
      }
    }

    func widened(_ passes: some Sequence<Int>, to strips: Int, _ planner: ExecutionPlanner)
      -> Candidate
    {
      var wider = self
      for pass in passes { wider.passes[pass].strips = strips }
      wider.layOut(planner)
      return wider
    }

    private mutating func layOut(_ planner: ExecutionPlanner) {
      let own = passes.indices.map { pass in
        LifetimeLayout.Block(
          byteCount: planner.shapes.indices.map { passBytes(passes[pass], $0, planner) }.max() ?? 0,
          passes: pass...pass)
      }
      layout = LifetimeLayout(blocks(in: .memory, planner) + own)
      let held = samples == .memory ? planner.job.sampleBytes : 0
      bytes = planner.fixedBytes + held + max(layout.byteCount, planner.job.decodingBytes)
    }

    private func passBytes(_ pass: Pass, _ shape: Int, _ planner: ExecutionPlanner) -> Int {
      PassMemory(
        pass, planner.network, planner.shapes[shape], planner.extents(of: pass, shape: shape)
      ).byteCount
    }

    private mutating func count(_ planner: ExecutionPlanner) {
      for index in planner.shapeOfPicture {
        let shape = planner.shapes[index]
        for pass in passes {
          multiplications += pass.layers.reduce(0) { $0 + shape.multiplications[$1] }
          traffic += pass.scratchTransfers.reduce(0) { $0 + shape.mapBytes($1) }
        }
      }
      guard samples == .scratch, !planner.shapeOfPicture.isEmpty else { return }
      // Written, read in those passes, and the result written and read.
      let readings = passes.count { $0.source == .picture }
      traffic += planner.job.sampleBytes * (readings + 3)
    }

    func plan(_ planner: ExecutionPlanner) -> ExecutionPlan {
      let scratch = LifetimeLayout(blocks(in: .scratch, planner))
      var placed = passes
      for pass in placed.indices { placed[pass].offset = layout.offsets[outputs.count + pass] }
      return ExecutionPlan(
        job: planner.job, outputs: outputs, samples: samples, passes: placed,
        offsets: outputs.indices.map { layer in
          let map = planner.flow.maps[layer]
          return outputs[layer] == .scratch ? scratch.offsets[map] : layout.offsets[map]
        },
        workspaceBytes: layout.byteCount, bytes: bytes,
        sharedBytes: planner.network.weightBytes, workerBytes: planner.workerBytes,
        scratchBytes: scratch.byteCount, scratchTraffic: traffic,
        multiplications: multiplications)
    }
  }

  private func extents(of pass: Pass, shape: Int) -> BandExtents {
    let key = ExtentsCache.Key(layers: pass.layers, strips: pass.strips, shape: shape)
    if let known = extents.known[key] { return known }
    let fresh = BandExtents(shapes[shape].tilings[pass.layers], strips: pass.strips)
    extents.known[key] = fresh
    return fresh
  }

  /// The extents of passes, which many candidates share.
  private final class ExtentsCache {
    struct Key: Hashable {
      let layers: Range<Int>
      let strips: Int
      let shape: Int
    }

    var known: [Key: BandExtents] = [:]
  }
}
