import Tensors

/// The memory of an execution: one buffer, in which its plan has a place for everything.
///
/// Kept from picture to picture, as memory fresh from the system costs page faults.
final class Workspace {
  private var memory = AlignedBuffer(count: 0)
  /// The most that has been in use, in bytes.
  private(set) var highWaterMark = 0

  var byteCount: Int { memory.count * MemoryLayout<Float>.stride }

  /// Makes it `byteCount` bytes, if it isn't. What was taken before is of no use then.
  func resize(to byteCount: Int) {
    guard byteCount != self.byteCount else { return }
    // The old one goes first, so that there are never two.
    memory = AlignedBuffer(count: 0)
    memory = AlignedBuffer(count: byteCount / MemoryLayout<Float>.stride)
  }

  /// `count` samples that begin at `offset` bytes.
  func buffer(at offset: Int, count: Int) -> AlignedBuffer {
    let start = offset / MemoryLayout<Float>.stride
    let end = LifetimeLayout.aligned(offset + count * MemoryLayout<Float>.stride)
    highWaterMark = max(highWaterMark, end)
    return AlignedBuffer(memory, start..<start + count)
  }
}
