import Tensors

/// Buffers of feature maps, kept from layer to layer and picture to picture: memory fresh from the
/// system costs a page fault every 4 KB.
final class Workspace {
  private var free: [AlignedBuffer] = []
  /// Those that the present execution has had in hand.
  private var used: [AlignedBuffer] = []

  /// The smallest buffer at hand that holds `count` samples and is no more than twice as large, or
  /// a new one.
  func take(_ count: Int) -> AlignedBuffer {
    var best: Int?
    for (index, buffer) in free.enumerated() {
      guard buffer.count >= count, buffer.count / 2 <= count else { continue }
      if best.map({ buffer.count < free[$0].count }) ?? true { best = index }
    }
    let buffer = best.map { free.remove(at: $0) } ?? AlignedBuffer(count: count)
    if !used.contains(where: { $0 === buffer }) { used.append(buffer) }
    return buffer
  }

  /// Takes back a buffer that nobody reads any more.
  func give(_ buffer: AlignedBuffer) {
    free.append(buffer)
  }

  /// Keeps the buffers of the execution that now ended, complete or not, and lets go of what it
  /// had no use for, as pictures of another size leave it behind.
  func endExecution() {
    swap(&free, &used)
    used.removeAll(keepingCapacity: true)
  }
}
