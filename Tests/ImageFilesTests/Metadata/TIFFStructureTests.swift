import Testing

@testable import ImageFiles

struct TIFFStructureTests {
  /// One directory with one entry: orientation 6.
  static let little: [UInt8] =
    [0x49, 0x49, 42, 0, 8, 0, 0, 0] + [1, 0] + [0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0]
    + [0, 0, 0, 0]
  static let big: [UInt8] =
    [0x4D, 0x4D, 0, 42, 0, 0, 0, 8] + [0, 1] + [1, 0x12, 0, 3, 0, 0, 0, 1, 0, 6, 0, 0]
    + [0, 0, 0, 0]

  @Test(arguments: [little, big, EXIF.header + big]) func bothOrdersAreRead(
    _ bytes: [UInt8]
  ) throws {
    #expect(EXIF.orientation(of: bytes) == .rightTop)
  }

  @Test(arguments: [little, big]) func everyTruncationIsHarmless(_ bytes: [UInt8]) {
    for count in 0..<bytes.count {
      let orientation = EXIF.orientation(of: Array(bytes.prefix(count)))
      // The entry ends at 22; the value of a big-endian SHORT stands in its first two bytes.
      #expect(orientation == (count < 22 ? nil : .rightTop))
    }
  }

  @Test func everyByteMayBeAnything() {
    for index in Self.little.indices {
      for value in UInt8.min...UInt8.max {
        var bytes = Self.little
        bytes[index] = value
        _ = EXIF.orientation(of: bytes)
      }
    }
  }

  @Test(arguments: [0, 2, 3]) func severalValuesAreNone(_ count: UInt8) {
    var bytes = Self.little
    bytes[14] = count
    #expect(EXIF.orientation(of: bytes) == nil)
  }

  @Test(arguments: [0, 9, 255]) func otherValuesAreNone(_ value: UInt8) {
    var bytes = Self.little
    bytes[18] = value
    #expect(EXIF.orientation(of: bytes) == nil)
  }
}
