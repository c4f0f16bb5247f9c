import SystemFiles
import SystemPackage
import Tensors
import TestSupport
import Testing

@testable import StyleEngine

@Suite(.deadline(minutes: 2)) struct ScratchTransferTests {
  private static let height = 5000

  /// A map of several pieces of what a thread moves at a time.
  private func map(_ value: (Int) -> Float) -> FeatureMap {
    let count = FeatureMap.sampleCount(channels: 16, width: 7, rows: Self.height)
    return FeatureMap(
      channels: 16, height: Self.height, width: 7, rows: 0..<Self.height,
      buffer: AlignedBuffer((0..<count).map(value)))
  }

  @Test func rowsComeBack() throws {
    let (written, read) = (map { Float($0) }, map { _ in .nan })
    let rowBytes = written.rowCount * MemoryLayout<Float>.stride
    let file = try ScratchFile(
      in: ScratchDirectory.standard(), byteCount: 64 + Self.height * rowBytes)
    let (transfer, pool) = (ScratchTransfer(), WorkerPool(workers: 3))
    try transfer.write(0..<Self.height, of: written, to: file, at: 64, pool: pool)
    try transfer.read(1000..<4000, of: read, from: file, at: 64, pool: pool)
    for y in 0..<Self.height {
      let isRead = (1000..<4000).contains(y)
      #expect(isRead ? read.row(y)[5] == written.row(y)[5] : read.row(y)[5].isNaN)
    }
  }

  /// A disk that fails on the way; the next transfer may do.
  @Test func failureIsToldOnce() throws {
    let map = map { Float($0) }
    let directory = try ScratchDirectory.standard()
    let file = try ScratchFile(in: directory, byteCount: 4096)
    let (transfer, pool) = (ScratchTransfer(), WorkerPool(workers: 3))
    #expect(throws: StyleNetworkError.scratch(.failed(directory, .ioError))) {
      try transfer.read(0..<Self.height, of: map, from: file, at: 0, pool: pool)
    }
    try transfer.read(0..<2, of: map, from: file, at: 0, pool: pool)
  }
}
