import Tensors

/// The place of a crop in its picture's frame: the picture at the size at which its shorter side is
/// 5/4 of a crop's.
struct CropPlace: Equatable {
  /// The crop's side in the frame.
  let size: Int
  let x, y: Int
  /// Whether left and right change places.
  let isFlipped: Bool
}

extension CropPlace {
  /// Draws one. Seven of ten have 5/6 of `side` or more, up to the frame's whole shorter side, the
  /// others 2/5 to 5/6 of it. Every place in the frame is as likely, and so is being flipped or not.
  init(side: Int, frame: (width: Int, height: Int), from generator: inout SplitMix64) {
    let (least, middle) = (max(1, side * 2 / 5), max(1, side * 5 / 6))
    let sizes = generator.happens(0.7) ? middle...min(frame.width, frame.height) : least...middle
    size = generator.wholeNumber(in: sizes)
    y = generator.wholeNumber(in: 0...frame.height - size)
    x = generator.wholeNumber(in: 0...frame.width - size)
    isFlipped = generator.happens(0.5)
  }

  /// The size of the frame of a picture of `width` × `height` pixels.
  static func frame(width: Int, height: Int, side: Int) -> (width: Int, height: Int) {
    let (shorter, frame) = (min(width, height), side * 5 / 4)
    func scaled(_ length: Int) -> Int { (2 * length * frame + shorter) / (2 * shorter) }
    return (scaled(width), scaled(height))
  }
}
