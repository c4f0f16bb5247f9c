import Dispatch
import Foundation
import SystemPackage
import TestSupport
import Testing

@testable import ImageFiles

/// Several pictures one after the other, and what is no such thing.
@Suite(.deadline(minutes: 2)) struct PictureStreamTests {
  /// The way in which bytes come.
  enum Way: CaseIterable {
    case file, pipe
    /// A few bytes at a time.
    case drips
  }

  private let folder: TemporaryFolder

  init() throws {
    folder = try TemporaryFolder()
    // A writer may be left with what nobody reads.
    _ = signal(SIGPIPE, SIG_IGN)
  }

  private func descriptor(_ bytes: [UInt8], _ way: Way) throws -> FileDescriptor {
    if way == .file {
      return try FileDescriptor.open(folder.file("stream", holding: bytes), .readOnly)
    }
    let ends = try FileDescriptor.pipe()
    let step = way == .pipe ? max(bytes.count, 1) : 13
    DispatchQueue(label: "writer").async {
      for start in stride(from: 0, to: bytes.count, by: step) {
        _ = try? ends.writeEnd.writeAll(bytes[start..<min(start + step, bytes.count)])
      }
      try? ends.writeEnd.close()
    }
    return ends.readEnd
  }

  private func stream(_ bytes: [UInt8], _ way: Way = .pipe) throws -> PictureStream {
    try #require(try PictureStream.pictures(owning: descriptor(bytes, way)))
  }

  private func next(_ stream: PictureStream) throws -> StreamedPicture? {
    try stream.next(unless: { false })
  }

  private func image(_ picture: StreamedPicture) throws -> Image {
    try Image(reading: ImageFile.open(picture))
  }

  static let two = ["rgb_8.png", "gray_16_interlaced.png"]
  static let streams = [
    two, ["444.jpg", "rgb_8.png"], ["rgb_8_1x1.png", "1x1.jpg"],
    [
      "rgb_8.png", "progressive_restart_thumbnail.jpg", "several_scans.jpg", "restart.jpg",
      "palette_4_tRNS.png", "arithmetic_progressive.jpg", "orientation_6_after_IDAT.png",
    ],
  ]

  @Test(arguments: streams, Way.allCases)
  func eachIsGivenInOrder(_ names: [String], _ way: Way) throws {
    let fixtures = try names.map { try Fixture.decodable($0) }
    let stream = try stream(fixtures.flatMap { try Fixture.bytes($0.name) }, way)
    #expect(stream.firstFormat == (names[0].hasSuffix("png") ? .png : .jpeg))
    for (index, fixture) in fixtures.enumerated() {
      let picture = try #require(try next(stream))
      #expect(picture.number == index + 1 && stream.count == index + 1)
      #expect(picture.format == (fixture.name.hasSuffix("png") ? .png : .jpeg))
      #expect(try image(picture).bytes == fixture.expected, "\(fixture.name)")
      #expect(!stream.isAtEnd)
    }
    #expect(try next(stream) == nil)
    #expect(stream.isAtEnd && stream.count == names.count)
  }

  /// Headers lie across the pieces in which it is read, at every place in them.
  @Test(arguments: [Way.file, .pipe]) func aLongOneIsReadInPieces(_ way: Way) throws {
    let names = ["rgb_8.png", "progressive_restart_thumbnail.jpg", "gray_8.png"]
    let pictures = try names.map { try Fixture.bytes("decodes/" + $0) }
    let stream = try stream((0..<600).flatMap { pictures[$0 % 3] }, way)
    for index in 0..<600 {
      let picture = try #require(try next(stream))
      let size = try picture.file.seek(offset: 0, from: .end)
      #expect(size == pictures[index % 3].count)
    }
    #expect(try next(stream) == nil)
  }

  private static let mpf: [UInt8] = {
    // Little-endian, a directory at 8 with one entry: a list of two pictures at 26, of which the
    // second has 100 bytes at 3000.
    let head: [UInt8] = [0x49, 0x49, 42, 0, 8, 0, 0, 0, 1, 0]
    let entry: [UInt8] = [2, 0xB0, 7, 0, 32, 0, 0, 0, 26, 0, 0, 0]
    let own = [UInt8](repeating: 0, count: 16)
    let other: [UInt8] = [0, 0, 0, 0, 100, 0, 0, 0, 0xB8, 0x0B, 0, 0, 0, 0, 0, 0]
    return Array("MPF\0".utf8) + head + entry + [0, 0, 0, 0] + own + other
  }()

  /// A file with a second picture that it says is its own, so many bytes away.
  private func pictureWithCompanion() throws -> (bytes: [UInt8], length: Int) {
    let plain = try Fixture.bytes("whole/baseline.jpg")
    let segment = [0xFF, 0xE2, 0, UInt8(2 + Self.mpf.count)] + Self.mpf
    var bytes = plain[..<2] + segment + plain[2...]
    // Behind the marker, the length and the name.
    let length = 2 + 8 + 3000 + 100
    #expect(bytes.count < length - 100)
    bytes += try Fixture.bytes("decodes/1x1.jpg").prefix(length - bytes.count)
    bytes += [UInt8](repeating: 0xFF, count: length - bytes.count)
    return (Array(bytes), length)
  }

  @Test func whatAFileSaysIsItsOwnIsReachedFor() {
    #expect(JPEGCompanions.reach(Self.mpf[...]) == 4 + 3100)
    for count in 0..<Self.mpf.count - 4 {
      #expect((JPEGCompanions.reach(Self.mpf[..<count]) ?? 0) <= 4 + 3100)
    }
    #expect(JPEGCompanions.reach([0x4D, 0x50, 0x46, 0, 1, 2]) == nil)
    #expect(JPEGCompanions.reach(Array("ICC_PROFILE\0".utf8)[...]) == nil)
  }

  @Test func aCompanionIsNoPictureOfTheStream() throws {
    let (bytes, length) = try pictureWithCompanion()
    let stream = try stream(bytes + Fixture.bytes("decodes/rgb_8.png"))
    let first = try #require(try next(stream))
    #expect(try first.file.seek(offset: 0, from: .end) == length)
    #expect(try image(first) == Image(reading: ImageFile.open(Fixture.path("whole/baseline.jpg"))))
    #expect(try next(stream)?.format == .png)
    #expect(try next(stream) == nil)
  }

  @Test(arguments: Way.allCases) func oneAloneKeepsWhatStandsBehindIt(_ way: Way) throws {
    let (jpeg, png) = (try Fixture.bytes("whole/baseline.jpg"), try Fixture.bytes("whole/rgb.png"))
    let signature = ImageFormat.pngSignature
    let broken = png[..<33] + [0xFF, 0, 0, 0] + png[37...]
    let cases: [[UInt8]] = [
      [], Array("words".utf8), signature, png, jpeg, jpeg.dropLast(2), Array(png.prefix(60)),
      jpeg + Array("SEFT 1.0".utf8) + jpeg, jpeg + [0, 0, 0, 24] + Array("ftypmp42".utf8),
      jpeg + [0] + jpeg, png + Array("\n".utf8) + png, png + signature.dropLast(),
      try pictureWithCompanion().bytes, try pictureWithCompanion().bytes + [1, 2, 3],
      // Nobody can tell where these end.
      broken + png, jpeg[..<2] + [0xFF, 0xE1, 0, 1] + jpeg[2...] + jpeg,
    ]
    for bytes in cases {
      guard case .one(let file) = try PictureStream.contents(owning: descriptor(bytes, way)) else {
        Issue.record("\(bytes.count) bytes are several pictures")
        continue
      }
      try file.closeAfter {
        var found = [UInt8](repeating: 0, count: bytes.count + 1)
        let count = try found.withUnsafeMutableBytes {
          try file.read(fromAbsoluteOffset: 0, into: $0)
        }
        #expect(Array(found.prefix(count)) == bytes)
      }
    }
  }

  /// Those who want one picture get the first, with the others behind it.
  @Test(arguments: Way.allCases) func severalMayBeTakenForOne(_ way: Way) throws {
    let bytes = try Self.two.flatMap { try Fixture.bytes("decodes/" + $0) }
    let stream = try stream(bytes, way)
    let file = try stream.wholeFile()
    #expect(try file.seek(offset: 0, from: .end) == bytes.count)
    let source = try ImageFile.open(owning: file.duplicate())
    #expect(try Image(reading: source).bytes == Fixture.decodable(Self.two[0]).expected)
  }

  @Test func whatStandsBetweenEndsIt() throws {
    let (jpeg, png) = (try Fixture.bytes("whole/baseline.jpg"), try Fixture.bytes("whole/rgb.png"))
    let broken = png[..<33] + [0xFF, 0, 0, 0] + png[37...]
    let short = jpeg[..<2] + [0xFF, 0xE1, 0, 1] + jpeg[2...]
    let junk: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8, 9]
    let (one, two) = (jpeg.count, jpeg.count + png.count)
    let cases: [([UInt8], Int, ImageFileError)] = [
      (jpeg + png + junk, 2, .strayBytes(Array(junk.prefix(8)), offset: two, pictures: 2)),
      (jpeg + png + [0], 2, .strayBytes([0], offset: two, pictures: 2)),
      (
        jpeg + png + junk + png, 2,
        .strayBytes(Array(junk.prefix(8)), offset: two, pictures: 2)
      ),
      (jpeg + broken + png, 1, .endNotFound(offset: one, pictures: 1)),
      (jpeg + png + short + png, 2, .endNotFound(offset: two, pictures: 2)),
    ]
    for (bytes, count, error) in cases {
      for way in Way.allCases {
        let stream = try stream(bytes, way)
        for _ in 0..<count { #expect(try next(stream) != nil) }
        #expect(throws: error) { try next(stream) }
        #expect(stream.isAtEnd && stream.count == count)
        #expect(try next(stream) == nil)
      }
    }
  }

  /// Where its end can be found, the others go on.
  @Test func aDamagedPictureIsGivenLikeOthers() throws {
    let (jpeg, png) = (try Fixture.bytes("whole/baseline.jpg"), try Fixture.bytes("whole/rgb.png"))
    let names = ["wrong_CRC_in_IDAT.png", "bad_filter.png", "truncated_in_scan.jpg", "no_IDAT.png"]
    for name in names {
      let stream = try stream(png + Fixture.bytes("refused/" + name) + jpeg + png)
      #expect(throws: Never.self, "\(name)") { _ = try image(#require(try next(stream))) }
      let damaged = try #require(try next(stream))
      #expect(throws: ImageFileError.self, "\(name)") { try image(damaged) }
      for _ in 0..<2 { _ = try image(#require(try next(stream))) }
      #expect(try next(stream) == nil)
    }
  }

  @Test(arguments: ["rgb_8.png", "progressive_restart_thumbnail.jpg"])
  func theLastMayBeCutShortAtAnyPlace(_ name: String) throws {
    let whole = try Fixture.bytes("decodes/" + name)
    for count in 8..<whole.count {
      let stream = try stream(whole + whole.prefix(count))
      _ = try image(#require(try next(stream)))
      let last = try #require(try next(stream))
      #expect(try last.file.seek(offset: 0, from: .end) == count)
      #expect(try next(stream) == nil)
      #expect(stream.isAtEnd)
    }
  }

  /// What comes before it is asked for more is waited for, and no longer.
  @Test func oneThatFallsSilentCanBeLeft() throws {
    let png = try Fixture.bytes("whole/rgb.png")
    for count in [0, 5, 100] {
      let ends = try FileDescriptor.pipe()
      defer { try? ends.writeEnd.close() }
      _ = try ends.writeEnd.writeAll(png + png + png.prefix(count))
      let stream = try #require(try PictureStream.pictures(owning: ends.readEnd))
      for _ in 0..<2 { #expect(try next(stream) != nil) }
      #expect(try stream.next(unless: { true }) == nil)
      #expect(!stream.isAtEnd && stream.count == 2)
    }
  }
}
