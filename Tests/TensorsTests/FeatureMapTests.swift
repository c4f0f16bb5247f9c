import TestSupport
import Testing

@testable import Tensors

@Suite struct FeatureMapTests {
  @Test func bandNamesRowsOfTheWholeMap() {
    let count = FeatureMap.sampleCount(channels: 17, width: 3, rows: 2)
    #expect(count == 2 * 2 * 3 * 16)
    let buffer = AlignedBuffer((0..<count).map { Float($0) })
    let map = FeatureMap(channels: 17, height: 9, width: 3, rows: 4..<6, buffer: buffer)
    #expect(map.row(4) == buffer.start)
    #expect(map.row(5, block: 1) == buffer.start + 3 * 3 * 16)
    #expect(map.planes[16] == [[48, 64, 80], [144, 160, 176]])
  }

  /// A band that moves down: each row stays where it is as long as it is held.
  @Test func rowsLieInARing() {
    let buffer = AlignedBuffer(
      count: FeatureMap.sampleCount(channels: 4, width: 2, rows: 5, lanes: 4))
    var map = FeatureMap(
      channels: 4, height: 100, width: 2, lanes: 4, rows: 0..<0, capacity: 5, buffer: buffer)
    #expect(map.rowCount == 8)
    var places: [Int: UnsafeMutablePointer<Float>] = [:]
    for first in 0..<95 {
      map.rows = first..<first + 5
      let rows = map.rows.map { map.row($0) }
      #expect(Set(rows.map { ($0 - buffer.start) / 8 }) == Set(0..<5))
      for (y, row) in zip(map.rows, rows) where places[y] != nil { #expect(places[y] == row) }
      places = Dictionary(uniqueKeysWithValues: zip(map.rows, rows))
    }
    map.origin = 2
    #expect(map.row(98) == buffer.start)
  }

  @Test func memoryIsAligned() {
    for count in [0, 1, 17, 1000, 1 << 20] {
      let address = UInt(bitPattern: AlignedBuffer(count: count).start)
      #expect(address.isMultiple(of: UInt(AlignedBuffer.alignment)))
    }
  }

  /// To the system, not to a heap that keeps it.
  @Test func largeMemoryGoesBack() throws {
    // Mapped, not touched; other tests map less.
    var buffer: AlignedBuffer? = AlignedBuffer(count: 1 << 29)
    let mapped = try withExtendedLifetime(buffer) { try mappedBytes() }
    buffer = nil
    #expect(try mappedBytes() < mapped - 1 << 30)
  }

  @Test func partOfABufferIsItsMemory() {
    let whole = AlignedBuffer((0..<64).map { Float($0) })
    let part = AlignedBuffer(whole, 16..<48)
    #expect(part.start == whole.start + 16)
    #expect(part.count == 32)
  }
}
