import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

/// The rule that nothing is lost in silence: each segment and chunk of a file is in the output, or
/// something of its kind is, or a remark names it.
struct CarriedPiecesTests {
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  /// What became of the pieces of files.
  private struct Account {
    var files = 0, pieces = 0, carried = 0, mended = 0, said = 0
    var lost: [String] = []
  }

  /// A segment or a chunk of a file, found here by another way than the program's.
  private struct Piece {
    var name: String
    var bytes: ArraySlice<UInt8>

    /// The words of which a remark on it has one.
    var words: [String] {
      if name == "tEXt" || name == "zTXt" || name == "iTXt" || name == "COM" {
        return ["text", "Xt", "EXIF", "XMP", "IPTC"]
      }
      let kinds = [
        ("APP1 Exif", "EXIF"), ("APP1 http://ns.adobe.com", "XMP"), ("APP2 ICC", "ICC"),
        ("APP13 Photoshop", "IPTC"), ("APP0 JFXX", "JFXX"), ("APP2 MPF", "MPF"),
        ("APP2 urn", "gain map"), ("APP11 JP", "JUMBF"), ("APP12 Ducky", "APP12"), ("iCCP", "ICC"),
        ("eXIf", "EXIF"), ("fcTL", "animation"), ("fdAT", "animation"), ("acTL", "animation"),
      ]
      let own = kinds.filter { name.hasPrefix($0.0) }.map(\.1)
      return own + [String(name.prefix { $0 != " " })]
    }

    /// Whether it says how pixels are coded, which a decoder reads and an encoder writes anew.
    var isCoding: Bool {
      ["APP0 JFIF", "APP14 Adobe"].contains { name.hasPrefix($0) }
        || ["IHDR", "PLTE", "tRNS", "IDAT", "IEND"].contains(name)
    }
  }

  private static func pieces(of bytes: [UInt8]) -> [Piece] {
    bytes.starts(with: [0xFF, 0xD8]) ? segments(of: bytes) : chunks(of: bytes)
  }

  private static func segments(of bytes: [UInt8]) -> [Piece] {
    var (found, at): ([Piece], Int) = ([], 2)
    while at + 4 <= bytes.count, bytes[at] == 0xFF {
      let (marker, length) = (bytes[at + 1], Int(bytes[at + 2]) << 8 | Int(bytes[at + 3]))
      if marker == 0xFF {
        at += 1
        continue
      }
      guard marker != 0xDA, length >= 2, at + 2 + length <= bytes.count else { break }
      let data = bytes[at + 4..<at + 2 + length]
      if (0xE0...0xEF).contains(marker) {
        let title = String(decoding: data.prefix { (0x20...0x7E).contains($0) }, as: UTF8.self)
        found.append(Piece(name: "APP\(marker - 0xE0) \(title)", bytes: data))
      } else if marker == 0xFE, !data.isEmpty {
        found.append(Piece(name: "COM", bytes: data))
      }
      at += 2 + length
    }
    return found
  }

  private static func chunks(of bytes: [UInt8]) -> [Piece] {
    var (found, at): ([Piece], Int) = ([], 8)
    while at + 12 <= bytes.count {
      let length = bytes[at..<at + 4].reduce(0) { $0 << 8 | Int($1) }
      guard at + 12 + length <= bytes.count else { break }
      let name = String(decoding: bytes[at + 4..<at + 8], as: UTF8.self)
      found.append(Piece(name: name, bytes: bytes[at + 8..<at + 8 + length]))
      at += 12 + length
    }
    return found
  }

  /// Reads a file and writes it in its own format.
  private func check(_ path: FilePath, _ account: inout Account) throws {
    guard let source = try? ImageFile.open(path, colors: .stored),
      let image = try? Image(reading: source).converted(
        to: source.info.format == .jpeg ? .eight : source.info.pixels.depth)
    else { return }
    let output = folder.path.appending("out")
    let sink = try ImageFile.create(
      output, format: source.info.format, width: image.width, height: image.height,
      pixels: image.pixels, metadata: source.metadata, colors: .stored, replacing: true)
    try image.write(to: sink)
    try sink.finish()
    let remarks = (source.notes + sink.notes).map(\.description)
    let after = Self.pieces(of: try output.bytes)
    account.files += 1
    for piece in Self.pieces(of: try path.bytes) where !piece.isCoding {
      account.pieces += 1
      if after.contains(where: { $0.name == piece.name && $0.bytes == piece.bytes }) {
        account.carried += 1
      } else if remarks.contains(where: { remark in
        piece.words.contains { remark.contains($0) }
      }) {
        account.said += 1
      } else if after.contains(where: { $0.name == piece.name }) {
        account.mended += 1
      } else {
        account.lost.append("\(path.lastComponent?.string ?? ""): \(piece.name.prefix(40))")
      }
    }
  }

  @Test func nothingOfOurOwnIsLost() throws {
    var account = Account()
    for name in ["metadata", "colors", "decodes"] {
      let directory = Fixture.path(name)
      for file in try FileManager.default.contentsOfDirectory(atPath: directory.string).sorted() {
        try check(directory.appending(file), &account)
      }
    }
    #expect(account.lost == [])
    #expect(account.files > 100 && account.carried > 20 && account.mended > 3)
  }

  @Test(.enabled(if: corpus != nil)) func nothingOfTheCorpusIsLost() throws {
    var account = Account()
    let files = FileManager.default.enumerator(
      at: try #require(corpus), includingPropertiesForKeys: [.isRegularFileKey])
    for case let url as URL in try #require(files) where !url.hasDirectoryPath {
      try check(FilePath(url.path), &account)
    }
    #expect(account.lost == [])
    print(
      """
      \(account.files) files with \(account.pieces) segments and chunks: \(account.carried) carried, \
      \(account.mended) mended, \(account.said) named in remarks
      """)
  }
}

private let corpus = ProcessInfo.processInfo.environment["PASTICHE_SHARED"].map {
  URL(fileURLWithPath: $0).appendingPathComponent("data/corpus")
}
