import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

/// A file beside these tests; `Fixtures/make_fixtures.py` makes them all and says what they hold.
struct Fixture: CustomTestStringConvertible, Sendable {
  /// The folder and the name, "decodes/gray_1.png".
  let name: String
  let width, height: Int
  let pixels: PixelFormat

  var testDescription: String { name }

  var path: FilePath { Self.path(name) }

  /// The samples that it must decode to.
  var expected: [UInt8] {
    get throws { try Self.bytes(name + ".rows") }
  }

  static func path(_ name: String) -> FilePath {
    FilePath(#filePath).removingLastComponent().appending("Fixtures").pushing(FilePath(name))
  }

  static func bytes(_ name: String) throws -> [UInt8] {
    try path(name).bytes
  }

  /// Every file that decodes, from the script's list.
  static let decodable: [Fixture] = {
    let list = (try? bytes("decodes/manifest.txt")) ?? []
    return String(decoding: list, as: UTF8.self).split(separator: "\n").compactMap { line in
      let fields = line.split(separator: " ")
      let numbers = fields.dropFirst().compactMap { Int($0) }
      guard numbers.count == 4, let depth = PixelFormat.Depth(rawValue: numbers[3]) else {
        return nil
      }
      return Fixture(
        name: "decodes/" + fields[0], width: numbers[0], height: numbers[1],
        pixels: PixelFormat(hasAlpha: numbers[2] == 4, depth: depth))
    }
  }()

  static func decodable(_ name: String) throws -> Fixture {
    guard let fixture = decodable.first(where: { $0.name == "decodes/" + name }) else {
      throw MissingFixture(name: name)
    }
    return fixture
  }
}

struct MissingFixture: Error {
  let name: String
}
