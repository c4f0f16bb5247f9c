import ImageFiles
import Tensors

/// Makes crops, each from its number alone.
final class CropMaker: Sendable {
  let pictures: DecodedPictures
  private let order: PictureOrder
  private let side: Int
  private let seed: UInt64
  private let noise: Float

  init(_ pictures: DecodedPictures, side: Int, seed: UInt64, noise: Float) {
    self.pictures = pictures
    self.side = side
    self.seed = seed
    self.noise = noise
    order = PictureOrder(count: pictures.paths.count, seed: seed)
  }

  /// Makes crop number `index`.
  ///
  /// - Parameter isCancelled: The question whether to stop.
  /// - Throws: `CropSourceError.noPictures`, `.closed` where it was cancelled.
  func crop(_ index: Int, unless isCancelled: () -> Bool) throws(CropSourceError) -> Crop {
    let picture = try picture(index, unless: isCancelled)
    var generator = SplitMix64(seed: seed, for: .crop, index)
    let frame = CropPlace.frame(width: picture.width, height: picture.height, side: side)
    let place = CropPlace(side: side, frame: frame, from: &generator)
    let pixels = picture.crop(place, side: side)
    if noise > 0 { pixels.addNoise(noise, from: &generator) }
    return Crop(index: index, pixels: pixels)
  }

  /// The picture whose turn it is, or the next one in the epoch's order that can be read; after the
  /// last one comes the first.
  private func picture(
    _ index: Int, unless isCancelled: () -> Bool
  ) throws(CropSourceError) -> Image {
    let (epoch, turn) = index.quotientAndRemainder(dividingBy: pictures.paths.count)
    let order = order.order(ofEpoch: epoch)
    for step in order.indices {
      if isCancelled() { throw .closed }
      let number = order[(turn + step) % order.count]
      if let picture = pictures.picture(number, unless: isCancelled) { return picture }
    }
    if isCancelled() { throw .closed }
    throw .noPictures(tried: order.count, first: pictures.skipped.first)
  }
}
