import ImageFiles
import Sheets

/// A picture's red, green and blue in levels of 0…255, neither rounded nor clamped.
public struct FloatPicture: Equatable, Sendable {
  public let width, height: Int
  /// The samples, `[H, W, 3]`.
  public internal(set) var samples: [Float]

  /// The difference between two pictures, in levels.
  public struct Difference: Equatable, Sendable {
    public var mean = 0.0
    public var largest = 0.0
  }

  /// What those levels are, for people who read of one that is larger than 255.
  static let explanation =
    "levels are as the network computes them: what is below 0 or above 255 is cut off only when a "
    + "picture is written, so that a difference can be larger than 255"

  /// Measures the absolute differences of all samples.
  ///
  /// - Precondition: Both pictures have one size.
  public func difference(from other: FloatPicture) -> Difference {
    precondition((width, height) == (other.width, other.height), "pictures of one size")
    var sum = 0.0
    var largest: Float = 0
    for (own, others) in zip(samples, other.samples) {
      let distance = abs(own - others)
      sum += Double(distance)
      largest = max(largest, distance)
    }
    return Difference(mean: sum / Double(samples.count), largest: Double(largest))
  }

  /// Clamped and rounded to 8 bits, and shrunk to a cell of a sheet.
  func cell(width cellWidth: Int) throws(ImageFileError) -> ContactSheet.Cell {
    let image = Image(
      width: width, height: height, pixels: PixelFormat(),
      bytes: samples.map { UInt8(min(max($0, 0), 255).rounded()) })
    return .picture(try ContactSheet.thumbnail(of: ImageRows(image), cellWidth: cellWidth))
  }
}
