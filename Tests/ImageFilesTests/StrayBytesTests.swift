import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

/// Bytes around a JPEG's pixels that don't belong there, as cameras and careless programs leave them.
struct StrayBytesTests {
  /// A maker's trailer: text, a second picture's beginning, a segment cut short.
  private static let trailer = Array("SEFT 1.0".utf8) + [0xFF, 0xD8, 0xFF, 0xE1, 0x00]
  /// Ahead of any marker, and no marker itself.
  private static let junk: [UInt8] = [0x4A, 0x00, 0x17]

  private struct Picture {
    let whole: Image
    let bytes: [UInt8]

    init(_ name: String) throws {
      bytes = try Fixture.bytes(name)
      whole = try StrayBytesTests.decoded(bytes).image
    }

    var withoutEnd: [UInt8] { Array(bytes.dropLast(2)) }

    /// Where `marker` stands for the last time.
    func last(_ marker: UInt8) throws -> Int {
      try #require(bytes.indices.dropLast().last { bytes[$0] == 0xFF && bytes[$0 + 1] == marker })
    }
  }

  private static func decoded(
    _ bytes: [UInt8], damaged: DamagePolicy = .fail
  ) throws -> (image: Image, notes: [ImageNote]) {
    let folder = try TemporaryFolder()
    let source = try ImageFile.open(
      folder.file("picture.jpg", holding: bytes), damaged: damaged)
    let image = try Image(reading: source)
    let notes = source.notes
    try source.restart()
    #expect(try Image(reading: source) == image, "a second reading is like the first")
    return (image, notes)
  }

  @Test(
    arguments: ["whole/baseline.jpg", "whole/progressive.jpg", "decodes/several_scans.jpg"],
    DamagePolicy.allCases)
  func theyAreARemark(_ name: String, _ policy: DamagePolicy) throws {
    let picture = try Picture(name)
    let (bytes, end) = (picture.bytes, picture.withoutEnd)
    let beforeTables = try picture.last(0xDB)
    let cases: [([UInt8], [ImageNote])] = [
      (
        bytes[..<beforeTables] + Self.junk + bytes[beforeTables...],
        [.harmless("stray bytes before the pixels, passed over")]
      ),
      (
        end + [0xFF, 0xD3] + Self.junk + [0xFF, 0xD9],
        [.harmless("stray bytes behind the pixels, passed over")]
      ),
      (end, [.harmless("the end marker is missing")]),
      (
        bytes + Self.trailer,
        [
          .dropped(
            "what stands behind the picture, \(Self.trailer.count) bytes",
            "the output has the picture alone")
        ]
      ),
      (
        end + Self.trailer,
        [
          .harmless("stray bytes behind the pixels, passed over"),
          .harmless("what follows the pixels isn't JPEG, passed over"),
        ]
      ),
      (
        end + Self.trailer.dropFirst(8),
        [.harmless("what follows the pixels isn't JPEG, passed over")]
      ),
    ]
    for (bytes, remarks) in cases {
      let (image, notes) = try Self.decoded(Array(bytes), damaged: policy)
      #expect(image == picture.whole)
      #expect(notes == remarks)
    }
  }

  @Test func withinThePixelsTheyAreDamage() throws {
    let restarts = try Fixture.bytes("decodes/restart.jpg")
    let place = try #require(
      restarts.indices.dropLast().first {
        restarts[$0] == 0xFF && (0xD0...0xD7).contains(restarts[$0 + 1])
      })
    #expect(throws: ImageFileError.self) {
      try Self.decoded(
        restarts[..<place] + [UInt8](repeating: 0x5A, count: 40) + restarts[place...])
    }
  }

  /// Without its last scan a progressive picture has all its rows, but none of them in full.
  @Test func anEndBetweenScansIsDamage() throws {
    let picture = try Picture("whole/progressive.jpg")
    let cut = Array(picture.bytes[..<(try picture.last(0xDA))])
    #expect(throws: ImageFileError.damaged("Premature end of JPEG file")) {
      try Self.decoded(cut)
    }
    #expect(throws: ImageFileError.self) { try Self.decoded(cut + Self.trailer) }
  }

  /// What libjpeg knows of the picture's frame is another's by the time that it complains.
  @Test(arguments: ["whole/progressive.jpg", "decodes/several_scans.jpg"], [0, 3, 255] as [UInt8])
  func aSecondFrameIsNoneOfThePicture(_ name: String, _ components: UInt8) throws {
    let picture = try Picture(name)
    for mode in [0xC0, 0xC2] as [UInt8] {
      let frame = [0xFF, mode, 0, 17, 8, 0, 9, 0, 13, components] + [UInt8](repeating: 1, count: 9)
      let (image, notes) = try Self.decoded(picture.withoutEnd + frame + [0xFF, 0xD9])
      #expect(image == picture.whole)
      #expect(notes == [.harmless("what follows the pixels isn't JPEG, passed over")])
      let scan = try picture.last(0xDA)
      #expect(
        throws: ImageFileError.damaged("Invalid JPEG file structure: two SOF markers")
      ) {
        try Self.decoded(picture.bytes[..<scan] + frame + picture.bytes[scan...])
      }
    }
  }

  /// Arithmetic codes may end in any number of zeros: what is missing can't be told.
  @Test func anArithmeticPictureNeedsItsEnd() throws {
    let bytes = try Fixture.bytes("decodes/arithmetic.jpg")
    #expect(throws: ImageFileError.damaged("Premature end of JPEG file")) {
      try Self.decoded(Array(bytes[..<(bytes.count / 2)]))
    }
  }
}
