import Layers
import Testing

@testable import StyleEngine

@Suite struct StylizationTests {
  private let photograph = SIMD3<Float>(50, 200, 0)
  private let result = SIMD3<Float>(100, -40, 301)

  /// `s·result + (1 − s)·photograph`, unclamped.
  @Test func strengthMixes() {
    func mix(_ strength: Float) -> SIMD3<Float> {
      Stylization(normalization: .instance, strength: strength).mix(result, photograph)
    }
    #expect(mix(1) == result)
    #expect(mix(0.5) == SIMD3(75, 80, 150.5))
    #expect(mix(0.25) == SIMD3(62.5, 140, 75.25))
    #expect(mix(0) == photograph)
  }

  /// Y'CbCr of BT.601 as JFIF has it: Y of the result, Cb and Cr of the photograph.
  @Test func colourIsThePhotographs() {
    func components(_ pixel: SIMD3<Float>) -> (y: Float, cb: Float, cr: Float) {
      (
        0.299 * pixel.x + 0.587 * pixel.y + 0.114 * pixel.z,
        -0.168736 * pixel.x - 0.331264 * pixel.y + 0.5 * pixel.z,
        0.5 * pixel.x - 0.418688 * pixel.y - 0.081312 * pixel.z
      )
    }
    let mixed = components(
      Stylization(normalization: .instance, keepsColor: true).mix(result, photograph))
    #expect(abs(mixed.y - components(result).y) <= 1e-3)
    #expect(abs(mixed.cb - components(photograph).cb) <= 1e-3)
    #expect(abs(mixed.cr - components(photograph).cr) <= 1e-3)
    // Mixed after the colours are: half of the difference in Y.
    let half = components(
      Stylization(normalization: .instance, strength: 0.5, keepsColor: true)
        .mix(result, photograph))
    #expect(abs(half.y - (components(result).y + components(photograph).y) / 2) <= 1e-3)
    #expect(abs(half.cb - components(photograph).cb) <= 1e-3)
  }
}
