import Tensors
import Testing

@testable import StyleTraining

@Suite struct CropPlaceTests {
  private static let frame = (width: 480, height: 320)

  private func places(_ count: Int) -> [CropPlace] {
    (0..<count).map { index in
      var generator = SplitMix64(seed: 7, for: .crop, index)
      return CropPlace(side: 256, frame: Self.frame, from: &generator)
    }
  }

  /// By this program, after PictureOrderTests' first lines, to last.
  ///
  ///     def place(side, width, height, seed, i):
  ///         g = of(seed, 1, i)
  ///         draw = lambda a, b: a + (g.next() * (b - a + 1) >> 64)
  ///         large = g.next() >> 11 < 0.7 * 2 ** 53
  ///         k = draw(side * 5 // 6, height) if large else draw(side * 2 // 5, side * 5 // 6)
  ///         y, x = draw(0, height - k), draw(0, width - k)
  ///         return k, x, y, g.next() >> 11 < 0.5 * 2 ** 53
  ///     for i in 0, 1, 2, 10 ** 6: print(place(256, 480, 320, 7, i))
  @Test func placesLast() {
    let expected = [
      (0, CropPlace(size: 305, x: 85, y: 7, isFlipped: false)),
      (1, CropPlace(size: 282, x: 147, y: 35, isFlipped: false)),
      (2, CropPlace(size: 306, x: 126, y: 8, isFlipped: false)),
      (1_000_000, CropPlace(size: 122, x: 54, y: 33, isFlipped: false)),
    ]
    for (index, place) in expected {
      var generator = SplitMix64(seed: 7, for: .crop, index)
      #expect(CropPlace(side: 256, frame: Self.frame, from: &generator) == place)
    }
  }

  @Test func sevenOfTenAreLarge() {
    let places = places(10_000)
    #expect(places.map(\.size).min() == 102 && places.map(\.size).max() == 320)
    // 213 is drawn as a large and as a small one.
    let large = Double(places.count { $0.size > 213 }) + Double(places.count { $0.size == 213 }) / 2
    // Five deviations of √(10,000·0.7·0.3).
    #expect(abs(large - 7000) < 230)
    let mean = places.filter { $0.size > 213 }.reduce(0.0) { $0 + Double($1.size) } / large
    #expect(abs(mean - 266.5) < 3)
  }

  @Test func halfOfThemAreFlipped() {
    #expect(abs(places(10_000).count(where: \.isFlipped) - 5000) < 250)
  }

  /// Not about the middle: all nine parts of the free room are as likely.
  @Test func theyAreAnywhereInTheFrame() {
    var counts = [Int](repeating: 0, count: 9)
    for place in places(10_000) where place.size < 320 {
      let (across, down) = (Self.frame.width - place.size, Self.frame.height - place.size)
      #expect((0...across).contains(place.x) && (0...down).contains(place.y))
      counts[3 * place.y / (down + 1) * 3 + 3 * place.x / (across + 1)] += 1
    }
    #expect(counts.allSatisfy { abs($0 - 1110) < 220 })
    #expect(places(10_000).contains { $0.x == 0 })
    #expect(places(10_000).contains { $0.x + $0.size == Self.frame.width })
  }

  @Test(arguments: [
    (4000, 3000, 256, 427, 320), (3000, 4000, 256, 320, 427), (1, 1, 256, 320, 320),
    (10, 1, 256, 3200, 320), (320, 320, 256, 320, 320), (65_500, 1, 256, 20_960_000, 320),
    (7, 3, 16, 47, 20),
  ])
  func theFramesShorterSideIsFiveQuarters(
    _ width: Int, _ height: Int, _ side: Int, _ frameWidth: Int, _ frameHeight: Int
  ) {
    let frame = CropPlace.frame(width: width, height: height, side: side)
    #expect(frame.width == frameWidth && frame.height == frameHeight)
  }

  @Test(arguments: 4...40)
  func everySideHasPlaces(_ side: Int) {
    let frame = CropPlace.frame(width: 3, height: 2, side: side)
    var generator = SplitMix64(seed: 1)
    for _ in 0..<100 {
      let place = CropPlace(side: side, frame: frame, from: &generator)
      #expect(place.size >= 1 && place.size <= frame.height)
    }
  }
}
