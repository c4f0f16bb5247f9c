import Glibc
import ImageFiles
import Layers
import StyleModels
import Synchronization
import Tensors

/// Brings a picture's rows into the network's first map, and the last map's rows back.
///
/// The pool's threads share them out, as converting pixels would else keep all but one waiting.
final class PictureRows: ParallelTask {
  /// The work that is still to be done on the last layer's samples.
  struct Finish {
    /// The layer's norm, and the floor of its activation; nil where neither does anything.
    var affine: ChannelAffine?
    var activation: LayerDescription.Activation
    /// `StyleParameters.colorMatrix` with `colorShift`, where the style has a matrix.
    var color: (matrix: [Float], shift: [Float])?
  }

  private enum Work {
    case reading
    /// `channels · width` samples of each row are wanted.
    case writing(Finish, channels: Int, width: Int)
  }

  private struct Job {
    let picture: Picture
    let map: FeatureMap
    let rows: Range<Int>
    let work: Work
  }

  private let pool: WorkerPool
  /// The value that the network calls black, and a step of 1 in 0…255.
  private let black: Float
  private let unit: Float
  private var job: Job?
  /// The failure of the first row that has one.
  private let failure = Mutex<(row: Int, error: StyleNetworkError)?>(nil)

  init(_ network: StyleNetwork, pool: WorkerPool) {
    let range = network.inputRange
    black = Float(range.lowerBound)
    unit = Float((range.upperBound - range.lowerBound) / 255)
    self.pool = pool
  }

  /// Fills in rows of the first layer's input, `[3, H, W]`, extended where the picture is too small.
  ///
  /// - Parameter rows: The rows to fill in; where the picture is extended, the first it is read by
  ///   are all of them.
  func read(_ rows: Range<Int>, of picture: Picture, into map: FeatureMap)
    throws(StyleNetworkError)
  {
    try share(
      Job(
        picture: picture, map: map, rows: rows.clamped(to: 0..<picture.height), work: .reading),
      inAnyOrder: picture.order.contains(.readsAny))
    for y in rows.clamped(to: picture.height..<max(picture.height, rows.upperBound)) {
      map.row(y).update(
        from: map.row(Picture.mirrored(y, picture.height)),
        count: map.width * FeatureMap.pixelLanes)
    }
  }

  /// Hands rows of the last layer's output to the picture, cropped to its size. They are no more in the
  /// map then.
  ///
  /// - Parameters:
  ///   - channels: Channels of a pixel.
  ///   - width: Pixels of a row that are handed over.
  func write(
    _ rows: Range<Int>, of map: FeatureMap, channels: Int, width: Int, _ finish: Finish,
    to picture: Picture
  ) throws(StyleNetworkError) {
    let rows = rows.clamped(to: 0..<picture.height)
    try share(
      Job(
        picture: picture, map: map, rows: rows,
        work: .writing(finish, channels: channels, width: width)),
      inAnyOrder: true)
    guard !picture.order.contains(.writesAny) else { return }
    for y in rows { try write(map.row(y), count: channels * width, to: picture, y) }
  }

  private func share(_ job: Job, inAnyOrder: Bool) throws(StyleNetworkError) {
    self.job = job
    if inAnyOrder {
      pool.run(job.rows.count, self)
    } else {
      for index in 0..<job.rows.count { run(part: index, worker: 0) }
    }
    self.job = nil
    let first = failure.withLock { failure in
      defer { failure = nil }
      return failure?.error
    }
    if let first { throw first }
  }

  func run(part index: Int, worker: Int) {
    guard let job else { return }
    let y = job.rows.lowerBound + index
    // The same row's failure is told whoever was faster.
    guard failure.withLock({ y < $0?.row ?? .max }) else { return }
    do throws(StyleNetworkError) {
      switch job.work {
      case .reading:
        try read(y, job)
      case .writing(let finish, let channels, let width):
        let count = channels * width
        try convert(y, of: job.map, finish, channels: channels, count: count)
        if job.picture.order.contains(.writesAny) {
          try write(job.map.row(y), count: count, to: job.picture, y)
        }
      }
    } catch {
      failure.withLock { first in
        if y < first?.row ?? .max { first = (y, error) }
      }
    }
  }

  // A row

  private func read(_ y: Int, _ job: Job) throws(StyleNetworkError) {
    let (picture, map, lanes) = (job.picture, job.map, FeatureMap.pixelLanes)
    let (width, pixels) = (picture.width, map.row(y))
    // At the end of the room for its pixels, of which each is in its place before its samples are
    // overwritten.
    let row = pixels + (lanes - 3) * width
    var samples = UnsafeMutableBufferPointer(start: row, count: 3 * width).mutableSpan
    do throws(ImageFileError) { try picture.readRow(y, &samples) } catch { throw .picture(error) }
    for x in 0..<width {
      let color = SIMD4(row[3 * x], row[3 * x + 1], row[3 * x + 2], 0) * unit + black
      for channel in 0..<3 { pixels[x * lanes + channel] = color[channel] }
      pixels[x * lanes + 3] = 0
    }
    for x in width..<max(map.width, width) {
      (pixels + x * lanes).update(
        from: pixels + Picture.mirrored(x, width) * lanes, count: lanes)
    }
  }

  /// Makes of a row of the map the picture's samples, side by side at its start.
  private func convert(
    _ y: Int, of map: FeatureMap, _ finish: Finish, channels: Int, count: Int
  ) throws(StyleNetworkError) {
    let (row, lanes) = (map.row(y), map.lanes)
    if map.blocks == 1 {
      for x in 0..<count / channels {
        for channel in 0..<channels { row[x * channels + channel] = row[x * lanes + channel] }
      }
    } else {
      let samples = Array(UnsafeBufferPointer(start: row, count: map.rowCount))
      for x in 0..<count / channels {
        for channel in 0..<channels {
          let block = channel / lanes * map.width
          row[x * channels + channel] = samples[(block + x) * lanes + channel % lanes]
        }
      }
    }
    Self.apply(finish, channels: channels, count: count, to: row)
    // Infinite or no number where all bits of the exponent are set.
    var largestExponent: UInt32 = 0
    for sample in 0..<count {
      let value = (row[sample] - black) / unit
      largestExponent = max(largestExponent, value.bitPattern & 0x7F80_0000)
      row[sample] = value
    }
    guard largestExponent < 0x7F80_0000 else { throw .outputNotFinite(row: y) }
  }

  private func write(
    _ row: UnsafeMutablePointer<Float>, count: Int, to picture: Picture, _ y: Int
  ) throws(StyleNetworkError) {
    do throws(ImageFileError) {
      try picture.writeRow(y, UnsafeBufferPointer(start: row, count: count).span)
    } catch {
      throw .picture(error)
    }
  }

  /// Does the rest of the work on a row.
  private static func apply(
    _ finish: Finish, channels: Int, count: Int, to row: UnsafeMutablePointer<Float>
  ) {
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
