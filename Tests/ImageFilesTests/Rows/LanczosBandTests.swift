import Testing

@testable import ImageFiles

@Suite struct LanczosBandTests {
  private func band() -> LanczosBand {
    LanczosBand(
      across: LanczosTaps(sourceCount: 4, targetCount: 3),
      down: LanczosTaps(sourceCount: 40, targetCount: 6))
  }

  /// A picture whose lines are each of one colour, their numbers: what comes out are numbers, too.
  @Test func aLineIsReadyWithTheLastOneThatItIsMadeOf() {
    var band = band()
    let down = LanczosTaps(sourceCount: 40, targetCount: 6)
    var (read, line) = (0, [SIMD4<Float>](repeating: .zero, count: 3))
    for y in 0..<6 {
      while !band.isReady(for: y) {
        band.append([SIMD4<Float>](repeating: SIMD4(repeating: Float(read)), count: 4))
        read += 1
      }
      #expect(read == down.ranges[y].upperBound)
      band.makeLine(y, into: &line)
      let expected = down.ranges[y].enumerated().reduce(Float(0)) {
        $0 + down.weights[y * down.stride + $1.offset] * Float($1.element)
      }
      for pixel in line { #expect(abs(pixel.x - expected) < 1e-4 && pixel.x == pixel.w) }
    }
    #expect(read == 40)
  }

  @Test func startsAgain() {
    var band = band()
    for _ in 0..<40 { band.append([SIMD4<Float>](repeating: .one, count: 4)) }
    #expect(band.isReady(for: 5))
    band.restart()
    #expect(!band.isReady(for: 0))
  }
}
