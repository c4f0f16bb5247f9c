/// The sharing out of a budget of memory between plans and threads.
///
/// A plan must not depend on the number of threads, and counts one thread's patch. Those of the
/// others have a thirty-second of the budget, and 16 MB beside it.
public enum MemoryShare {
  private static let part = 32
  private static let threadsBeside = 16 << 20

  /// Computes what plans may take of `memory`.
  public static func ofPlans(_ memory: Int) -> Int {
    memory == .max ? .max : memory - memory / part
  }

  /// The least budget of which plans may take `byteCount`.
  public static func whole(ofPlans byteCount: Int) -> Int {
    var memory = max(0, byteCount / (part - 1) * part - 1)
    while ofPlans(memory) < byteCount { memory += 1 }
    return memory
  }

  /// Threads with patches of `patchBytes` that have room beside plans.
  static func threads(_ memory: Int, patchBytes: Int) -> Int {
    memory == .max ? .max : 1 + (memory / part + threadsBeside) / patchBytes
  }
}

extension StyleNetwork {
  /// Computes how many threads may compute within `memory` bytes, at most `limit`.
  public func workers(atMost limit: Int, memory: Int) -> Int {
    // Of a picture as wide as any part: no other's patch is larger.
    let shape = PictureShape(self, ExecutionPlan.Job.Size(width: 4096, height: 64))
    return min(limit, MemoryShare.threads(memory, patchBytes: shape.workerBytes))
  }
}
