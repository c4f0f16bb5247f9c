/// Memory for `count` samples of Float, aligned to a cache line and one vector of AVX-512.
///
/// What it holds at first is undefined. The owner sees to it that no two threads write to the
/// same samples, or read what another writes: work is split by output (`WorkerPool`).
public final class AlignedBuffer: @unchecked Sendable {
  /// In bytes.
  public static let alignment = 64

  /// How many samples it holds.
  public let count: Int

  /// The first sample.
  public let start: UnsafeMutablePointer<Float>

  public init(count: Int) {
    precondition(count >= 0, "count >= 0")
    self.count = count
    let memory = UnsafeMutableRawPointer.allocate(
      byteCount: max(count, 1) * MemoryLayout<Float>.stride, alignment: Self.alignment)
    start = memory.bindMemory(to: Float.self, capacity: max(count, 1))
  }

  /// A buffer that holds `values`.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    start.update(from: values, count: values.count)
  }

  deinit {
    start.deallocate()
  }
}
