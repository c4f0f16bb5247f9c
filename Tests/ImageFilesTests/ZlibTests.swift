import Testing

@testable import ImageFiles

struct ZlibTests {
  @Test(arguments: [0, 1, 4095, 4096, 4097, 100_000]) func comesBackAndIsBounded(
    _ count: Int
  ) throws {
    let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 / 7) }
    let stream = try Zlib.deflated(data)[...]
    #expect(Zlib.inflated(stream, maximumBytes: count) == data)
    if count > 0 { #expect(Zlib.inflated(stream, maximumBytes: count - 1) == nil) }
  }

  @Test func whatIsBrokenIsNone() throws {
    let stream = try Zlib.deflated([1, 2, 3])
    for end in 0..<stream.count {
      #expect(Zlib.inflated(stream[..<end], maximumBytes: 100) == nil)
    }
    var wrong = stream
    wrong[wrong.count - 1] ^= 1
    #expect(Zlib.inflated(wrong[...], maximumBytes: 100) == nil)
  }
}
