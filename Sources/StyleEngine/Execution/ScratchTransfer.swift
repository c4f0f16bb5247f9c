import Synchronization
import SystemFiles
import Tensors

/// Moves rows of a map between memory and a scratch file, in pieces that the pool's threads share
/// out: copying to and from the system's cache is work for all of them.
final class ScratchTransfer: ParallelTask {
  private enum Direction {
    case read, write
  }

  private struct Job {
    let file: ScratchFile
    let direction: Direction
    let map: FeatureMap
    /// The place of row 0 in the file.
    let offset: Int
    let rows: Range<Int>
    let rowsPerPiece: Int
  }

  private var job: Job?
  private let failure = Mutex<ScratchFileError?>(nil)

  /// The size of a piece, in bytes.
  private static let pieceSize = 1 << 18

  /// Fills rows `rows` of a map, which it has room for.
  func read(
    _ rows: Range<Int>, of map: FeatureMap, from file: ScratchFile, at offset: Int,
    pool: WorkerPool
  ) throws(StyleNetworkError) {
    try run(.read, rows, map, file, offset, pool)
  }

  func write(
    _ rows: Range<Int>, of map: FeatureMap, to file: ScratchFile, at offset: Int, pool: WorkerPool
  ) throws(StyleNetworkError) {
    try run(.write, rows, map, file, offset, pool)
  }

  private func run(
    _ direction: Direction, _ rows: Range<Int>, _ map: FeatureMap, _ file: ScratchFile,
    _ offset: Int, _ pool: WorkerPool
  ) throws(StyleNetworkError) {
    guard !rows.isEmpty else { return }
    let perPiece = max(1, Self.pieceSize / (map.rowCount * MemoryLayout<Float>.stride))
    job = Job(
      file: file, direction: direction, map: map, offset: offset, rows: rows,
      rowsPerPiece: perPiece)
    pool.run((rows.count - 1) / perPiece + 1, self)
    job = nil
    if let failure = failure.withLock({ failure in
      defer { failure = nil }
      return failure
    }) {
      throw .scratch(failure)
    }
  }

  func run(part index: Int, worker: Int) {
    guard let job else { return }
    let first = job.rows.lowerBound + index * job.rowsPerPiece
    let rows = first..<min(first + job.rowsPerPiece, job.rows.upperBound)
    let byteCount = job.map.rowCount * MemoryLayout<Float>.stride
    do throws(ScratchFileError) {
      for y in rows {
        let row = UnsafeMutableRawBufferPointer(start: job.map.row(y), count: byteCount)
        let place = job.offset + y * byteCount
        switch job.direction {
        case .read: try job.file.read(at: place, into: row)
        case .write: try job.file.write(UnsafeRawBufferPointer(row), at: place)
        }
      }
    } catch {
      failure.withLock { $0 = error }
    }
  }
}
