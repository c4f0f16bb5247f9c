/// The way of a batch of pictures through the network within a budget of memory: where each layer's
/// output is put, in bands of how many rows the layers are walked, and what that takes.
///
/// Norms need statistics of the whole picture, so that the network runs in as many passes as it has
/// layers, and each pass reads what the one before has left. Where an output can't be kept in
/// memory, it goes to a scratch file, or it is not stored at all and the next passes compute it
/// again, band by band: outputs at the picture's full size hold most of the bytes and little of the
/// work. The result is the same to the bit under every plan.
///
/// A plan is a value, and a function of the job, the network and the budget alone.
public struct ExecutionPlan: Equatable, Sendable {
  /// The work that a plan is made for.
  public struct Job: Equatable, Sendable {
    public struct Size: Equatable, Hashable, Sendable {
      public let width: Int
      public let height: Int

      public init(width: Int, height: Int) {
        self.width = width
        self.height = height
      }
    }

    /// The batch's pictures. `Normalization.batchLive` takes the batch as one, others pictures
    /// one by one.
    public var sizes: [Size]
    /// Bytes that the caller holds the pictures' samples in, from reading to writing, in memory or
    /// in a scratch file of its own as `ExecutionPlan.samples` says.
    public var sampleBytes = 0
    /// The place of the samples where that is settled; nil for wherever is faster.
    public var samplesPlace: Place?
    /// Bytes that reading one of them takes besides, before the network begins.
    public var decodingBytes = 0
    /// Bytes that the caller takes besides while the network runs.
    public var besideBytes = 0
    /// Whether every layer's rows are shown, stored or not.
    public var isInspected = false

    public init(sizes: [Size], sampleBytes: Int = 0, decodingBytes: Int = 0) {
      self.sizes = sizes
      self.sampleBytes = sampleBytes
      self.decodingBytes = decodingBytes
    }
  }

  /// The place of something between the pass that makes it and those that read it.
  public enum Place: String, Sendable {
    case memory, scratch
    /// Nowhere: each pass that reads it computes it.
    case recomputed
  }

  public let job: Job
  /// The place of each layer's output, but of a last one's that is handed over as it is made.
  public let outputs: [Place]
  /// The place of the caller's samples.
  public let samples: Place

  let passes: [Pass]
  /// The place of each layer's map in the workspace or in the scratch file, in bytes.
  let offsets: [Int]

  /// Bytes that maps and bands take while the network runs.
  public let workspaceBytes: Int
  /// The most bytes that the plan takes in memory, weights and samples and the first worker's patch
  /// included.
  public let bytes: Int
  /// The part of `bytes` that is there whatever runs: the weights.
  public let sharedBytes: Int
  /// Bytes that every further worker takes.
  public let workerBytes: Int
  /// The size of the network's scratch file; the samples have their own.
  public let scratchBytes: Int
  /// Bytes written to scratch files and read from them, the samples' among them.
  public let scratchTraffic: Int
  /// Multiplications that the algorithms do, each repetition counted.
  public let multiplications: Int

  /// Counts how often a layer is computed.
  public func repetitions(ofLayer layer: Int) -> Int {
    passes.count { $0.layers.contains(layer) }
  }

  /// Bytes that scratch files take together.
  public var allScratchBytes: Int {
    scratchBytes + (samples == .scratch ? job.sampleBytes : 0)
  }
}

extension ExecutionPlan {
  /// Rows that a map has room for beside its own: where a residual block's convolution writes its
  /// output over its input, it must stay behind.
  func extraRows(ofMap map: Int, _ shape: PictureShape) -> Int {
    passes.reduce(0) { rows, pass in
      max(
        rows,
        pass.lead(inMap: map) { BandExtents(shape.tilings[$0.layers], strips: $0.strips) })
    }
  }
}
