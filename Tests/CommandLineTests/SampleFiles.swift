import ImageFiles
import SystemPackage
import TestSupport

/// Pictures that other scripts made, with what is known of them.
enum SampleFiles {
  private static let package = FilePath(#filePath).removingLastComponent().removingLastComponent()
    .removingLastComponent()

  /// The sample pictures that come with the program.
  static let pictures = package.appending("SampleImages")

  /// One of the fixtures of the image files' own tests.
  static func fixture(_ name: String) -> FilePath {
    package.appending("Tests/ImageFilesTests/Fixtures").pushing(FilePath(name))
  }

  /// Fixtures that decode: their names, and the samples that they must give, by NumPy and Pillow.
  static func decodable() throws -> [(name: String, image: Image)] {
    let list = String(decoding: try fixture("decodes/manifest.txt").bytes, as: UTF8.self)
    return try list.split(separator: "\n").map { line in
      let fields = line.split(separator: " ").map(String.init)
      let numbers = fields.dropFirst().compactMap { Int($0) }
      let format = PixelFormat(
        hasAlpha: numbers[2] == 4, depth: numbers[3] == 16 ? .sixteen : .eight)
      return (
        fields[0],
        Image(
          width: numbers[0], height: numbers[1], pixels: format,
          bytes: try fixture("decodes/\(fields[0]).rows").bytes)
      )
    }
  }
}

extension Folder {
  /// Copies a fixture here.
  func fixture(_ name: String, as copy: String) throws {
    try file(copy, SampleFiles.fixture(name).bytes)
  }

  /// A file's picture, and what it says besides.
  func opened(_ name: String) throws -> any RowSource {
    try ImageFile.open(path.pushing(FilePath(name)))
  }
}

extension ImageMetadata {
  /// Its texts as they stand in the file, and its comments.
  var words: [String] {
    texts.map { text in
      switch text {
      case .png(_, let bytes): String(decoding: bytes, as: UTF8.self)
      case .jpeg(let bytes): String(decoding: bytes, as: UTF8.self)
      }
    }
  }
}

extension [UInt8] {
  /// Whether `other` stands somewhere in these bytes.
  func contains(_ other: [UInt8]) -> Bool {
    indices.contains { self[$0...].starts(with: other) }
  }
}
