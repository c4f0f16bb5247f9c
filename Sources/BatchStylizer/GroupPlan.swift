import ImageFiles
import StyleEngine
import SystemPackage

/// Pictures that go through the network together, opened but not read, and what they will take: one
/// picture, but for live batch norm.
struct GroupPlan {
  struct Member {
    let item: BatchPlan.Item
    let info: ImageInfo
    /// Nil where it is opened again when its turn comes: a large group's would all be open at once.
    let source: (any RowSource)?
    /// Bytes that reading it takes beside its samples.
    let storingBytes: Int
    /// Bytes that those take.
    let sampleBytes: Int

    init(
      _ item: BatchPlan.Item, _ source: any RowSource, staysOpen: Bool, result: PixelFormat
    ) {
      self.item = item
      self.source = staysOpen ? source : nil
      info = source.info
      storingBytes = source.storingBytes
      sampleBytes = StoredImage.byteCount(
        width: info.width, height: info.height, pixels: info.pixels, replacedBy: result)
    }
  }

  let members: [Member]
  let execution: ExecutionPlan
  /// Bytes that the members hold while they are read, one after the other.
  var decodingBytes: Int { heldBytes + execution.job.decodingBytes }
  /// Bytes in memory that the members' samples hold.
  var heldBytes: Int { execution.samples == .memory ? execution.job.sampleBytes : 0 }
  /// What the network takes besides.
  var networkBytes: Int { execution.bytes - execution.sharedBytes - heldBytes }

  /// - Throws: `StyleNetworkError.memoryTooSmall`.
  init(_ members: [Member], _ network: StyleNetwork, memory: Int) throws(StyleNetworkError) {
    self.members = members
    execution = try network.plan(
      ExecutionPlan.Job(
        sizes: members.map { ExecutionPlan.Job.Size(width: $0.info.width, height: $0.info.height) },
        sampleBytes: members.reduce(0) { $0 + $1.sampleBytes },
        decodingBytes: members.map(\.storingBytes).max() ?? 0),
      memory: memory)
  }
}
