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
    #expect(map.planes[16] == [[96, 112, 128], [144, 160, 176]])
  }

  @Test func memoryIsAligned() {
    for count in [0, 1, 17, 1000] {
      let address = UInt(bitPattern: AlignedBuffer(count: count).start)
      #expect(address.isMultiple(of: UInt(AlignedBuffer.alignment)))
    }
  }
}
