import Glibc
import ImageFiles
import Layers
import StyleModels
import Tensors

/// Brings a picture's rows into the network's first map, and the last map's rows back.
struct PictureRows {
  /// The work that is still to be done on the last layer's samples.
  struct Finish {
    /// The layer's norm, and the floor of its activation; nil where neither does anything.
    var affine: ChannelAffine?
    var activation: LayerDescription.Activation
    /// `StyleParameters.colorMatrix` with `colorShift`, where the style has a matrix.
    var color: (matrix: [Float], shift: [Float])?
  }

  /// The value that the network calls black, and a step of 1 in 0…255.
  private let black: Float
  private let unit: Float
  /// A row of the picture or of the result.
  private let row: UnsafeMutablePointer<Float>

  init(_ network: StyleNetwork, row: UnsafeMutablePointer<Float>) {
    let range = network.inputRange
    black = Float(range.lowerBound)
    unit = Float((range.upperBound - range.lowerBound) / 255)
    self.row = row
  }

  /// Fills in rows of the first layer's input, `[3, H, W]`, extended where the picture is too small.
  ///
  /// - Parameter rows: The rows to fill in; where the picture is extended, the first it is read by
  ///   are all of them.
  func read(_ rows: Range<Int>, of picture: Picture, into map: FeatureMap)
    throws(StyleNetworkError)
  {
    let lanes = FeatureMap.pixelLanes
    for y in rows {
      let pixels = map.row(y)
      guard y < picture.height else {
        pixels.update(
          from: map.row(Picture.mirrored(y, picture.height)), count: map.width * lanes)
        continue
      }
      var samples = UnsafeMutableBufferPointer(start: row, count: 3 * picture.width).mutableSpan
      do throws(ImageFileError) { try picture.readRow(y, &samples) } catch {
        throw .picture(error)
      }
      for x in 0..<picture.width {
        for channel in 0..<3 {
          pixels[x * lanes + channel] = black + unit * row[3 * x + channel]
        }
        pixels[x * lanes + 3] = 0
      }
      for x in picture.width..<max(map.width, picture.width) {
        (pixels + x * lanes).update(
          from: pixels + Picture.mirrored(x, picture.width) * lanes, count: lanes)
      }
    }
  }

  /// Hands rows of the last layer's output to the picture, cropped to its size.
  ///
  /// - Parameters:
  ///   - channels: Channels of a pixel.
  ///   - width: Pixels of a row that are handed over.
  func write(
    _ rows: Range<Int>, of map: FeatureMap, channels: Int, width: Int, _ finish: Finish,
    to picture: Picture
  ) throws(StyleNetworkError) {
    let count = channels * width
    for y in rows.clamped(to: 0..<picture.height) {
      copyRow(y, of: map, channels: channels, count: count)
      apply(finish, channels: channels, count: count)
      // Infinite or no number where all bits of the exponent are set.
      var largestExponent: UInt32 = 0
      for sample in 0..<count {
        let value = (row[sample] - black) / unit
        largestExponent = max(largestExponent, value.bitPattern & 0x7F80_0000)
        row[sample] = value
      }
      guard largestExponent < 0x7F80_0000 else { throw .outputNotFinite(row: y) }
      do throws(ImageFileError) {
        try picture.writeRow(y, UnsafeBufferPointer(start: row, count: count).span)
      } catch {
        throw .picture(error)
      }
    }
  }

  /// Sets `row` to the pixels of a row of the map, side by side.
  private func copyRow(_ y: Int, of map: FeatureMap, channels: Int, count: Int) {
    let lanes = map.lanes
    for channel in 0..<channels {
      let samples = map.row(y, block: channel / lanes) + channel % lanes
      for x in 0..<count / channels { row[x * channels + channel] = samples[x * lanes] }
    }
  }

  /// Does the rest of the work on `row`.
  private func apply(_ finish: Finish, channels: Int, count: Int) {
    if let affine = finish.affine {
      for sample in 0..<count {
        row[sample] = affine.value(of: row[sample], channel: sample % channels)
      }
    }
    if case .tanh(let scale, let offset) = finish.activation {
      for sample in 0..<count { row[sample] = scale * tanh(row[sample]) + offset }
    }
    if let (matrix, shift) = finish.color {
      for pixel in stride(from: 0, to: count, by: 3) {
        let color = SIMD3(row[pixel], row[pixel + 1], row[pixel + 2])
        for channel in 0..<3 {
          let factors = SIMD3(
            matrix[3 * channel], matrix[3 * channel + 1], matrix[3 * channel + 2])
          row[pixel + channel] = (factors * color).sum() + shift[channel]
        }
      }
    }
  }
}
