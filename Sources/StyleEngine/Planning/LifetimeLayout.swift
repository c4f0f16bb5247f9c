/// Places for blocks of memory that live from one pass to another, so that those which never live
/// at the same time share theirs.
///
/// Each, the largest first, gets the lowest place that is free as long as it lives.
struct LifetimeLayout: Equatable {
  struct Block: Equatable {
    let byteCount: Int
    /// The passes in which it is in use.
    let passes: ClosedRange<Int>
  }

  /// The place of each block, a multiple of `alignment`.
  let offsets: [Int]
  /// The bytes of all blocks together.
  let byteCount: Int

  /// Cache lines; a disk's pages would be larger, but rows are no multiples of those either.
  static let alignment = 64

  init(_ blocks: [Block]) {
    var offsets = [Int](repeating: 0, count: blocks.count)
    var placed: [Int] = []
    var end = 0
    let largestFirst = blocks.indices.sorted {
      (-blocks[$0].byteCount, $0) < (-blocks[$1].byteCount, $1)
    }
    for block in largestFirst where blocks[block].byteCount > 0 {
      var offset = 0
      // By place, so that the first gap that is wide enough is the lowest.
      for other in placed where blocks[other].passes.overlaps(blocks[block].passes) {
        if offsets[other] >= offset + blocks[block].byteCount { break }
        offset = max(offset, Self.aligned(offsets[other] + blocks[other].byteCount))
      }
      offsets[block] = offset
      end = max(end, Self.aligned(offset + blocks[block].byteCount))
      let position = placed.firstIndex { offsets[$0] > offset } ?? placed.count
      placed.insert(block, at: position)
    }
    self.offsets = offsets
    byteCount = end
  }

  static func aligned(_ byteCount: Int) -> Int {
    (byteCount + alignment - 1) / alignment * alignment
  }
}
