import ImageFiles
import Tensors

/// A picture's pixels as numbers, `[H, W]` of red, green, blue and 0.
typealias Pixel = SIMD4<Float>

extension FeatureMap {
  /// A picture of undefined pixels.
  static func pixels(height: Int, width: Int) -> FeatureMap {
    FeatureMap(
      channels: 3, height: height, width: width, lanes: pixelLanes, rows: 0..<height,
      buffer: AlignedBuffer(count: height * width * pixelLanes))
  }

  /// A picture's colours in 0…255; what is not seen is white.
  static func pixels(of image: Image) -> FeatureMap {
    let image = image.converted(to: .eight)
    let channels = image.pixels.channels
    let map = pixels(height: image.height, width: image.width)
    map.setPixels { y, x in
      let first = y * image.bytesPerRow + x * channels
      let color = Pixel(
        Float(image.bytes[first]), Float(image.bytes[first + 1]), Float(image.bytes[first + 2]), 0)
      guard image.pixels.hasAlpha else { return color }
      let alpha = Float(image.bytes[first + 3]) / 255
      return alpha * color + (1 - alpha) * Pixel(255, 255, 255, 0)
    }
    return map
  }

  /// A map of undefined samples.
  static func map(channels: Int, height: Int, width: Int) -> FeatureMap {
    FeatureMap(
      channels: channels, height: height, width: width, rows: 0..<height,
      buffer: AlignedBuffer(
        count: sampleCount(channels: channels, width: width, rows: height)))
  }

  /// Row `y` of a picture.
  func pixelRow(_ y: Int) -> UnsafeMutablePointer<Pixel> {
    UnsafeMutableRawPointer(row(y)).assumingMemoryBound(to: Pixel.self)
  }

  /// Sets each pixel from its place.
  func setPixels(_ pixel: (_ y: Int, _ x: Int) -> Pixel) {
    for y in 0..<height {
      let row = pixelRow(y)
      for x in 0..<width { row[x] = pixel(y, x) }
    }
  }

  /// Sets each pixel to what becomes of another picture's.
  func setPixels(from other: FeatureMap, _ change: (Pixel) -> Pixel) {
    for y in 0..<height {
      let (row, source) = (pixelRow(y), other.pixelRow(y))
      for x in 0..<width { row[x] = change(source[x]) }
    }
  }

  /// The picture at half the size, each pixel the mean of 2×2; odd rows and columns at the ends are
  /// left out.
  func setPixels(halving other: FeatureMap) {
    for y in 0..<height {
      let (row, upper, lower) = (pixelRow(y), other.pixelRow(2 * y), other.pixelRow(2 * y + 1))
      for x in 0..<width {
        row[x] = 0.25 * ((upper[2 * x] + upper[2 * x + 1]) + (lower[2 * x] + lower[2 * x + 1]))
      }
    }
  }

  /// Adds the gradient by the picture at half the size, led back.
  func addPixels(ofHalf gradient: FeatureMap) {
    for y in 0..<2 * gradient.height {
      let (row, half) = (pixelRow(y), gradient.pixelRow(y / 2))
      for x in 0..<2 * gradient.width { row[x] += 0.25 * half[x / 2] }
    }
  }
}
