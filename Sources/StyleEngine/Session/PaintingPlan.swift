import ImageFiles

/// The way of a batch of pictures to their paintings within a budget of memory: the network's runs, and
/// what they share.
///
/// Where strokes are to be larger than the network's own, it runs on the pictures shrunk, and, where
/// what is finer is painted, on the pictures as they are.
public struct PaintingPlan: Equatable, Sendable {
  /// The run that makes strokes; nil where they are the network's own for all pictures.
  let coarse: ExecutionPlan?
  /// The run at the pictures' own size; nil where what is finer isn't painted.
  let fine: ExecutionPlan?

  /// The size at which each picture's strokes are painted; nil where that is its own.
  public let coarseSizes: [ExecutionPlan.Job.Size?]
  /// Pixels of the pictures.
  let pixels: Int
  /// Steps of the blurs that what is finer is told by: two for each pixel and each row or column that
  /// one looks at.
  let blurSteps: Int

  /// The network's runs in their order, one or two.
  public var runs: [ExecutionPlan] { [coarse, fine].compactMap(\.self) }

  private func most(_ value: (ExecutionPlan) -> Int) -> Int { runs.map(value).max() ?? 0 }
  private func sum(_ value: (ExecutionPlan) -> Int) -> Int { runs.reduce(0) { $0 + value($1) } }

  /// The place of the pictures' samples.
  public var samples: ExecutionPlan.Place { runs[0].samples }
  /// Bytes that they take.
  public var sampleBytes: Int { runs[0].job.sampleBytes }
  /// Bytes that reading one of them takes besides.
  public var decodingBytes: Int { runs[0].job.decodingBytes }
  /// The most bytes that it takes in memory, weights and samples and the first worker's patch included.
  public var bytes: Int { most(\.bytes) }
  /// The part of `bytes` that is there whatever runs: the weights.
  public var sharedBytes: Int { runs[0].sharedBytes }
  /// The size of the network's scratch file; the samples have their own.
  public var scratchBytes: Int { most(\.scratchBytes) }
  /// Bytes that scratch files take together.
  public var allScratchBytes: Int { scratchBytes + (samples == .scratch ? sampleBytes : 0) }
  /// Bytes written to scratch files and read from them, the samples' among them.
  public var scratchTraffic: Int { sum(\.scratchTraffic) }
  /// Multiplications that the algorithms do.
  public var multiplications: Int { sum(\.multiplications) }
}

extension NetworkSession {
  /// The fastest plan for these pictures, their samples included.
  ///
  /// - Parameters:
  ///   - members: The pictures of the batch.
  ///   - samples: The place of the samples where that is settled.
  ///   - isInspected: Whether every layer's rows will be shown, which goes with a plain brush alone.
  /// - Throws: `StyleNetworkError.memoryTooSmall`.
  public func plan(
    _ members: [Member], samples: ExecutionPlan.Place? = nil, isInspected: Bool = false
  ) throws(StyleNetworkError) -> PaintingPlan {
    do throws(StyleNetworkError) {
      return try plan(
        members, samples: samples, isInspected: isInspected, memory: ownMemory,
        sampleBytes: members.reduce(0) { $0 + $1.sampleBytes },
        decodingBytes: members.map(\.storingBytes).max() ?? 0)
    } catch {
      guard case .memoryTooSmall(let needed, _) = error else { throw error }
      throw .memoryTooSmall(needed: needed + besideBytes, given: memory)
    }
  }

  /// A plan for pictures whose samples are stored already.
  ///
  /// - Parameters:
  ///   - members: The pictures of the batch.
  ///   - samples: Where their samples are.
  ///   - networkBytes: Bytes that the network may take beside weights and samples.
  /// - Throws: `StyleNetworkError.memoryTooSmall`.
  public func plan(
    stored members: [Member], samples: ExecutionPlan.Place, networkBytes: Int
  ) throws(StyleNetworkError) -> PaintingPlan {
    let sampleBytes = members.reduce(0) { $0 + $1.sampleBytes }
    let held =
      (samples == .memory ? sampleBytes : 0) + members.reduce(0) { $0 + $1.metadataBytes }
    return try plan(
      members, samples: samples, isInspected: false,
      memory: MemoryShare.whole(ofPlans: networkBytes + network.weightBytes + held),
      sampleBytes: sampleBytes, decodingBytes: 0)
  }

  private func plan(
    _ members: [Member], samples: ExecutionPlan.Place?, isInspected: Bool, memory: Int,
    sampleBytes: Int, decodingBytes: Int
  ) throws(StyleNetworkError) -> PaintingPlan {
    let hasCoarse = members.contains { $0.coarseSize != nil }
    let hasFine = !hasCoarse || members.contains { $0.brush.detail == .painted }
    func job(_ sizes: [ExecutionPlan.Job.Size], _ samples: ExecutionPlan.Place?)
      -> ExecutionPlan.Job
    {
      var job = ExecutionPlan.Job(
        sizes: sizes, sampleBytes: sampleBytes, decodingBytes: decodingBytes)
      job.besideBytes =
        (members.map(\.workingBytes).max() ?? 0) + members.reduce(0) { $0 + $1.metadataBytes }
      job.isInspected = isInspected
      job.samplesPlace = samples
      return job
    }
    var fine: ExecutionPlan?
    if hasFine {
      fine = try network.plan(
        job(members.map { $0.brush.extended($0.size) }, samples), memory: memory)
    }
    let pixels = members.reduce(0) { $0 + $1.info.width * $1.info.height }
    let blurSteps = members.reduce(0) { $0 + $1.blurSteps }
    let sizes = members.map(\.coarseSize)
    guard hasCoarse else {
      return PaintingPlan(
        coarse: nil, fine: fine, coarseSizes: sizes, pixels: pixels, blurSteps: blurSteps)
    }
    let coarse = try network.plan(
      job(
        members.map { $0.brush.extended($0.coarseSize ?? $0.size) }, fine?.samples ?? samples),
      memory: memory)
    return PaintingPlan(
      coarse: coarse, fine: fine, coarseSizes: sizes, pixels: pixels, blurSteps: blurSteps)
  }
}
