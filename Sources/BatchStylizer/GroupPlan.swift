import ImageFiles
import Layers
import StyleEngine

/// Pictures that go through the network together, opened but not read, and what they will take: one
/// picture, but for live batch norm.
struct GroupPlan {
  struct Member {
    let item: BatchPlan.Item
    let picture: NetworkSession.Member
    /// The opened picture; nil where it is opened again when its turn comes: a large group's would
    /// all be open at once.
    let source: (any RowSource)?

    init(
      _ item: BatchPlan.Item, _ source: any RowSource, staysOpen: Bool, depth: PixelFormat.Depth
    ) {
      self.item = item
      self.source = staysOpen ? source : nil
      picture = NetworkSession.Member(source, depth: depth)
    }
  }

  let members: [Member]
  let execution: ExecutionPlan
  /// Bytes that the members hold while they are read, one after the other.
  var decodingBytes: Int { heldBytes + execution.job.decodingBytes }
  /// Bytes in memory that the members' samples hold.
  var heldBytes: Int { execution.samples == .memory ? execution.job.sampleBytes : 0 }
  /// Bytes that the network takes besides.
  var networkBytes: Int { execution.bytes - execution.sharedBytes - heldBytes }

  /// - Throws: `StyleNetworkError.memoryTooSmall`.
  init(_ members: [Member], _ session: NetworkSession) throws(StyleNetworkError) {
    self.members = members
    execution = try session.plan(members.map(\.picture))
  }
}
