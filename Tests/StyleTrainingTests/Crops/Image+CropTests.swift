import Glibc
import ImageFiles
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

@Suite struct ImageCropTests {
  /// Lanczos-3 by its definition, in Double, over the whole picture: pixel x of the crop looks at
  /// the picture around (place.x + (x + ½)·size/side)·width/frame.
  private func naive(_ image: Image, _ place: CropPlace, side: Int) -> [[[Float]]] {
    let frame = CropPlace.frame(width: image.width, height: image.height, side: side)
    func weights(_ start: Int, _ frame: Int, _ count: Int) -> [[Double]] {
      let scale = Double(place.size) / Double(side) * Double(count) / Double(frame)
      return (0..<side).map { target in
        let center = Double(start) * Double(count) / Double(frame) + (Double(target) + 0.5) * scale
        let values = (0..<count).map { source -> Double in
          let x = (Double(source) + 0.5 - center) / max(1, scale) * .pi
          if x == 0 { return 1 }
          return abs(x) >= 3 * .pi ? 0 : sin(x) / x * sin(x / 3) / (x / 3)
        }
        return values.map { $0 / values.reduce(0, +) }
      }
    }
    let across = weights(place.x, frame.width, image.width)
    let down = weights(place.y, frame.height, image.height)
    func sum(_ weights: [Double], _ values: (Int) -> Double) -> Double {
      weights.enumerated().reduce(0) { $1.element == 0 ? $0 : $0 + $1.element * values($1.offset) }
    }
    return (0..<3).map { channel in
      let lines = (0..<image.height).map { y in
        across.map { sum($0) { Double(image.bytes[y * image.bytesPerRow + 3 * $0 + channel]) } }
      }
      return down.map { weights in
        let row = (0..<side).map { x in Float(min(255, max(0, sum(weights) { lines[$0][x] }))) }
        return place.isFlipped ? row.reversed() : row
      }
    }
  }

  /// Pictures of their frame's size, which is 20 high, and smaller ones; crops at every border and
  /// within, of the smallest and largest size.
  @Test(arguments: [(30, 20), (20, 20), (20, 33), (19, 7), (3, 5), (2, 1), (1, 1)], [false, true])
  func isLanczos(_ size: (width: Int, height: Int), _ isFlipped: Bool) {
    let image = Image(randomWidth: size.width, height: size.height)
    let frame = CropPlace.frame(width: size.width, height: size.height, side: 16)
    for size in [6, 13, 16, 20] {
      for (x, y) in [(0, 0), (frame.width - size, frame.height - size), (3, 2)] {
        let place = CropPlace(
          size: size, x: min(x, frame.width - size), y: min(y, frame.height - size),
          isFlipped: isFlipped)
        let found = image.crop(place, side: 16)
        let expected = naive(image, place, side: 16)
        let difference = largestDifference(
          found.planes.joined().flatMap { $0 }, expected.joined().flatMap { $0 })
        #expect(difference < 0.01, "\(place)")
      }
    }
  }

  @Test func isPixelsOfFourLanes() {
    let image = Image(randomWidth: 30, height: 20)
    let crop = image.crop(CropPlace(size: 18, x: 4, y: 1, isFlipped: false), side: 16)
    #expect((crop.channels, crop.lanes, crop.rows) == (3, 4, 0..<16))
    #expect(crop.buffer.count == 16 * 16 * 4)
    let samples = crop.buffer.samples
    #expect(stride(from: 3, to: samples.count, by: 4).allSatisfy { samples[$0] == 0 })
    #expect(samples.allSatisfy { (0...255).contains($0) })
  }
}
