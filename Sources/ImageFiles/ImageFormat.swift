/// A kind of image file that is read and written here.
public enum ImageFormat: String, CaseIterable, Sendable {
  case png, jpeg

  /// The extensions that name the format, lower case, without a dot; the usual one first.
  public var fileExtensions: [String] {
    switch self {
    case .png: ["png", "apng"]
    case .jpeg: ["jpg", "jpeg", "jpe", "jfif"]
    }
  }

  /// All extensions as a sentence names them: ".png, … or .jfif".
  public static let extensionList: String = {
    let names = allCases.flatMap(\.fileExtensions).map { "." + $0 }
    return names.dropLast().joined(separator: ", ") + " or " + (names.last ?? "")
  }()

  /// The format that `fileExtension` names, in any case and without its dot, if any.
  public init?(fileExtension: String) {
    guard let format = Self.byExtension[fileExtension.lowercased()] else { return nil }
    self = format
  }

  private static let byExtension = Dictionary(
    uniqueKeysWithValues: allCases.flatMap { format in format.fileExtensions.map { ($0, format) } })

  /// The format of a file that begins with `bytes` (eight of them tell), whatever its name says.
  init?(signature bytes: some Collection<UInt8>) {
    if bytes.starts(with: Self.pngSignature) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else {
      return nil
    }
  }

  static let pngSignature: [UInt8] = [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]

  /// The longest side that the format can hold.
  var maximumSide: Int {
    switch self {
    case .png: 0x7FFF_FFFF
    case .jpeg: 65_500
    }
  }
}
