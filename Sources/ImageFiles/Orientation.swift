/// The turn that a stored picture needs to stand upright: EXIF's orientation, 1…8.
///
/// Each case is named by where the *stored* first row and first column belong in the upright
/// picture (EXIF 2.3, tag 0x0112).
public enum Orientation: Int, CaseIterable, Sendable {
  case topLeft = 1
  case topRight, bottomRight, bottomLeft
  case leftTop, rightTop, rightBottom, leftBottom

  /// The orientation of a picture stored as it is to be seen.
  public static let upright = Orientation.topLeft

  /// Whether turning swaps width and height.
  public var swapsSides: Bool { rawValue >= 5 }

  /// Whether upright rows can be made from stored rows one by one.
  public var keepsRows: Bool { self == .topLeft || self == .topRight }

  /// Finds where the pixel stored at (x, y) of a picture of `width`×`height` (as stored) stands
  /// upright.
  func upright(x: Int, y: Int, width: Int, height: Int) -> (x: Int, y: Int) {
    switch self {
    case .topLeft: (x, y)
    case .topRight: (width - 1 - x, y)
    case .bottomRight: (width - 1 - x, height - 1 - y)
    case .bottomLeft: (x, height - 1 - y)
    case .leftTop: (y, x)
    case .rightTop: (height - 1 - y, x)
    case .rightBottom: (height - 1 - y, width - 1 - x)
    case .leftBottom: (y, width - 1 - x)
    }
  }
}
