import Testing

@testable import SystemFiles

@Suite struct UnsortedNamesTests {
  /// Whatever is at hand at a time; names that begin alike and kinds are in one piece or in several.
  @Test(arguments: [1, 64, 1 << 10, 1 << 20]) func piecesAreMerged(_ pieceLength: Int) {
    var names = UnsortedNames(pieceLength: pieceLength)
    var state: UInt64 = 7
    func random(_ count: Int) -> Int {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      return Int(state >> 33) % count
    }
    var expected: [[UInt8]] = []
    for number in 0..<1000 {
      let letters = (0..<random(12) + 1).map { _ in [0x2D, 0x61, 0x62, 0xFF][random(4)] as UInt8 }
      let kind = FileKind(rawValue: UInt8(number & 3)) ?? .unknown
      names.append((letters + [0]).map { CChar(bitPattern: $0) }, kind)
      expected.append(letters + (kind == .directory ? [0x2F] : []))
    }
    expected.sort { $0.lexicographicallyPrecedes($1) }
    let sorted = names.sorted()
    #expect(sorted.count == 1000)
    var cursor = sorted.start
    var paths: [[UInt8]] = []
    while let kind = cursor.advance().flatMap(FileKind.init) {
      let name = cursor.withName { $0.map { UInt8(bitPattern: $0) } }
      paths.append(name + (kind == .directory ? [0x2F] : []))
    }
    #expect(paths == expected)
  }
}
