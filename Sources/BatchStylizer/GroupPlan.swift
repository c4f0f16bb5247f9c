import ImageFiles
import StyleEngine
import SystemFiles
import SystemPackage

/// What becomes of one picture: an item for each style.
struct PictureWork: Sendable {
  let items: ArraySlice<BatchPlan.Item>
  /// The picture as each style's network takes it.
  let pictures: [NetworkSession.Member]

  var input: FilePath { items[items.startIndex].input }
  var info: ImageInfo { pictures[0].info }
  var isPending: Bool { items.contains { $0.state == .pending } }
}

/// Pictures that go through the network together, opened but not read, and what they will take: one
/// picture, but for live batch norm.
struct GroupPlan {
  /// An opened picture.
  struct Member {
    let work: PictureWork
    /// The rows; nil where the picture is opened again when its turn comes: a large group's would all
    /// be open at once.
    let source: (any RowSource)?
  }

  let members: [Member]
  var works: [PictureWork] { members.map(\.work) }
  /// The plan for each style.
  let paintings: [PaintingPlan]

  /// Bytes that the members hold while they are read, one after the other.
  var decodingBytes: Int { heldBytes + most(\.decodingBytes) }
  /// Bytes in memory that the members' samples hold, and their metadata.
  var heldBytes: Int { most { $0.samples == .memory ? $0.sampleBytes : 0 } + metadataBytes }
  /// Bytes in memory that a picture's samples hold, and its metadata.
  func heldBytes(of work: PictureWork) -> Int {
    let samples = zip(paintings, work.pictures).map {
      $0.samples == .memory ? $1.sampleBytes : 0
    }
    return (samples.max() ?? 0) + work.pictures[0].metadataBytes
  }
  private var metadataBytes: Int { works.reduce(0) { $0 + $1.pictures[0].metadataBytes } }
  /// Bytes that the network takes besides.
  var networkBytes: Int {
    most { $0.bytes - $0.sharedBytes - ($0.samples == .memory ? $0.sampleBytes : 0) }
      - metadataBytes
  }

  private func most(_ bytes: (PaintingPlan) -> Int) -> Int { paintings.map(bytes).max() ?? 0 }

  /// - Parameter sessions: The network of each style.
  /// - Throws: `StyleNetworkError.memoryTooSmall`.
  init(_ members: [Member], _ sessions: [NetworkSession]) throws(StyleNetworkError) {
    self.members = members
    let works = members.map(\.work)
    let plans = try Self.plans(works, sessions, samples: nil)
    // What is stored once is in one place.
    let isOnDisk = plans.contains { $0.samples == .scratch }
    paintings =
      isOnDisk && plans.contains { $0.samples != .scratch }
      ? try Self.plans(works, sessions, samples: .scratch) : plans
  }

  private static func plans(
    _ works: [PictureWork], _ sessions: [NetworkSession], samples: ExecutionPlan.Place?
  ) throws(StyleNetworkError) -> [PaintingPlan] {
    try plans(works, sessions) { session, pictures throws(StyleNetworkError) in
      try session.plan(pictures, samples: samples)
    }
  }

  /// The plan for each style; those that differ in nothing that matters to it share one.
  static func plans(
    _ works: [PictureWork], _ sessions: [NetworkSession],
    make: (NetworkSession, [NetworkSession.Member]) throws(StyleNetworkError) -> PaintingPlan
  ) throws(StyleNetworkError) -> [PaintingPlan] {
    var plans: [PaintingPlan] = []
    for (style, session) in sessions.enumerated() {
      let brush = works.first?.pictures[style].brush
      let same = plans.indices.first {
        sessions[$0] === session && works.first?.pictures[$0].brush == brush
      }
      if let same {
        plans.append(plans[same])
      } else {
        plans.append(try make(session, works.map { $0.pictures[style] }))
      }
    }
    return plans
  }
}
