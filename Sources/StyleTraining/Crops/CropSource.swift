import ImageFiles
import SystemPackage
import Tensors

/// Crops of photographs without end, by their numbers.
///
/// A crop is decided by its number, the seed, the list of pictures, the side and the noise alone: a
/// training that goes on at some iteration sees what it would have seen. Each epoch goes through all
/// pictures, in another order. A picture is thought of as shrunk or enlarged until its shorter side
/// is 5/4 of a crop's; a crop is a square anywhere in that, 2/5 to 5/4 of its own side, resized and,
/// by chance, mirrored (`CropPlace`). Noise keeps gradients finite where a picture is of one colour:
/// a norm divides by its deviation.
///
/// Any thread may ask. Meanwhile threads of the source make the next crops, until it is closed or let
/// go of.
public final class CropSource: Sendable {
  let maker: CropMaker
  private let crops: CropsAhead

  /// - Parameters:
  ///   - pictures: PNG or JPEG files of any size, in an order that is the same the next time.
  ///   - side: A crop's side in pixels, at least 4.
  ///   - seed: The number that decides which crops are taken.
  ///   - noise: The standard deviation of the noise that is added to every sample, in levels of 255.
  ///   - limits: The most that a picture's header may claim.
  ///   - byteLimit: The most bytes of decoded pictures that are kept.
  ///   - ahead: Crops that are made before they are asked for.
  ///   - threads: Threads that make them; where there are none, each is made when it is asked for.
  /// - Throws: `CropSourceError.noPictures` where the list is empty.
  public init(
    pictures: [FilePath], side: Int, seed: UInt64, noise: Float = 3, limits: ImageLimits = .init(),
    byteLimit: Int = 256 << 20, ahead: Int = 4, threads: Int = 1
  ) throws(CropSourceError) {
    precondition(side >= 4, "side >= 4")
    precondition(noise >= 0 && noise.isFinite, "noise >= 0")
    precondition(ahead >= 0 && threads >= 0, "ahead >= 0 and threads >= 0")
    if pictures.isEmpty { throw .noPictures(tried: 0, first: nil) }
    let decoded = DecodedPictures(pictures, side: side, limits: limits, byteLimit: byteLimit)
    let maker = CropMaker(decoded, side: side, seed: seed, noise: noise)
    self.maker = maker
    crops = CropsAhead(ahead: ahead, threads: threads, making: maker.crop)
  }

  deinit { close() }

  /// Pictures that were found unreadable so far, in the order of the list. The next readable one in
  /// the epoch's order stands in for each.
  public var skipped: [SkippedPicture] { maker.pictures.skipped }

  /// Crop number `index`; the ones after it are made ahead.
  ///
  /// - Throws: `CropSourceError.noPictures` where not one picture can be read, `.closed`.
  public func crop(_ index: Int) throws(CropSourceError) -> Crop {
    precondition(index >= 0, "index >= 0")
    return try crops.crop(index)
  }

  /// Ends what is being made, within milliseconds but where a picture can only be decoded whole.
  public func close() { crops.close() }
}
