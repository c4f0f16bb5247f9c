import Glibc

/// Memory for `count` samples of Float, aligned to a cache line and one vector of AVX-512.
///
/// What it holds at first is undefined. The owner sees to it that no two threads write to the
/// same samples, or read what another writes: work is split by output (`WorkerPool`).
public final class AlignedBuffer: @unchecked Sendable {
  /// The alignment, in bytes.
  public static let alignment = 64

  /// The number of samples.
  public let count: Int

  /// The first sample.
  public let start: UnsafeMutablePointer<Float>

  private let owner: Owner

  /// The owner of the memory.
  private enum Owner {
    case heap
    /// Pages of its own, which the system gets back at once.
    case pages(UnsafeMutableRawPointer, byteCount: Int)
    case buffer(AlignedBuffer)
  }

  /// The size from which on memory is taken in pages, and in large ones where the system has them:
  /// a fault for every 4 KB costs a tenth of a picture's time.
  private static let pagesFrom = 1 << 20
  private static let largePage = 1 << 21

  public init(count: Int) {
    precondition(count >= 0, "count >= 0")
    self.count = count
    let byteCount = max(count, 1) * MemoryLayout<Float>.stride
    if byteCount >= Self.pagesFrom, let pages = Self.pages(byteCount + Self.largePage) {
      owner = .pages(pages, byteCount: byteCount + Self.largePage)
      start = pages.alignedUp(toMultipleOf: Self.largePage)
        .bindMemory(to: Float.self, capacity: count)
    } else {
      owner = .heap
      start = UnsafeMutableRawPointer.allocate(byteCount: byteCount, alignment: Self.alignment)
        .bindMemory(to: Float.self, capacity: max(count, 1))
    }
  }

  private static func pages(_ byteCount: Int) -> UnsafeMutableRawPointer? {
    let pages = mmap(
      nil, byteCount, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0)
    guard let pages, pages != MAP_FAILED else { return nil }
    madvise(pages, byteCount, MADV_HUGEPAGE)
    return pages
  }

  /// A buffer that holds `values`.
  public convenience init(_ values: [Float]) {
    self.init(count: values.count)
    start.update(from: values, count: values.count)
  }

  /// Samples `range` of another buffer, which lives as long as this.
  public init(_ buffer: AlignedBuffer, _ range: Range<Int>) {
    precondition(range.lowerBound >= 0 && range.upperBound <= buffer.count, "within the buffer")
    count = range.count
    start = buffer.start + range.lowerBound
    owner = .buffer(buffer)
  }

  deinit {
    switch owner {
    case .heap: start.deallocate()
    case .pages(let pages, let byteCount): munmap(pages, byteCount)
    case .buffer: break
    }
  }
}
