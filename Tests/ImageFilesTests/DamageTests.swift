import Testing

@testable import ImageFiles

/// What is left of damaged files when they are kept.
struct DamageTests {
  /// The rows and notes of a refused fixture, kept.
  private func kept(_ name: String) throws -> (image: Image, notes: [ImageNote]) {
    let source = try ImageFile.open(Fixture.path("refused/" + name), damaged: .keep)
    let image = try Image(reading: source)
    return (image, source.notes)
  }

  private func whole(_ name: String) throws -> Image {
    try Image(reading: ImageFile.open(Fixture.path("whole/" + name)))
  }

  @Test(arguments: [
    "wrong_CRC_in_IDAT.png", "wrong_CRC_in_IHDR.png", "wrong_Adler_in_IDAT.png", "no_IEND.png",
  ])
  func everyPixelIsThere(_ name: String) throws {
    let (image, notes) = try kept(name)
    #expect(try image == whole("rgb.png"))
    switch name {
    case "wrong_CRC_in_IDAT.png": #expect(notes == [.damaged("IDAT: CRC error")])
    case "wrong_CRC_in_IHDR.png": #expect(notes == [.damaged("IHDR: CRC error")])
    case "wrong_Adler_in_IDAT.png": #expect(notes == [])
    default:
      #expect(notes == [.incomplete(firstMissing: 30, height: 30, "the file ends too early")])
    }
  }

  @Test(arguments: ["truncated_in_IDAT.png", "too_few_rows.png"])
  func missingRowsAreBlank(_ name: String) throws {
    let (image, notes) = try kept(name)
    let expected = try whole("rgb.png")
    guard case .incomplete(let first, 30, let words) = notes.first, notes.count == 1 else {
      Issue.record("unexpected notes \(notes)")
      return
    }
    #expect(first == (name == "too_few_rows.png" ? 20 : 7))
    #expect(words == (first == 20 ? "Not enough image data" : "the file ends too early"))
    for y in 0..<30 {
      let blank = [UInt8](repeating: 0, count: image.bytesPerRow)
      #expect(Array(image.row(y)) == (y < first ? Array(expected.row(y)) : blank))
    }
  }

  @Test func anInterlacedPictureCutShortIsCoarse() throws {
    let (image, notes) = try kept("truncated_in_IDAT_interlaced.png")
    #expect(notes == [.damaged("the file ends too early")])
    // The first pass has each eighth pixel, shown as a block of eight.
    let expected = try whole("rgb.png")
    for y in stride(from: 0, to: 30, by: 8) {
      let row = Array(image.row(y))
      #expect(Array(row[..<3]) == Array(expected.row(y).prefix(3)))
    }
    #expect(!image.row(29).allSatisfy { $0 == 0 })
  }

  @Test(arguments: [
    ("truncated_in_scan.jpg", "Premature end of JPEG file"),
    ("truncated_progressive.jpg", "Premature end of JPEG file"),
    ("marker_in_scan.jpg", "Corrupt JPEG data: premature end of data segment"),
    ("bytes_zeroed_in_scan.jpg", "Corrupt JPEG data: premature end of data segment"),
  ])
  func aDamagedJPEGGoesOn(_ name: String, _ words: String) throws {
    let (image, notes) = try kept(name)
    #expect(notes.first == .damaged(words))
    let whole = try whole(name == "truncated_progressive.jpg" ? "progressive.jpg" : "baseline.jpg")
    #expect(image.width == whole.width && image.height == whole.height)
    if name != "truncated_progressive.jpg" {
      #expect(Array(image.row(0).prefix(24)) == Array(whole.row(0).prefix(24)))
    }
  }

  @Test(arguments: [
    "signature_only.png", "truncated_in_IHDR.png", "no_IDAT.png", "zero_width.png",
    "palette_missing.png", "signature_only.jpg", "truncated_before_scan.jpg", "zero_height.jpg",
    "unknown_critical_chunk.png",
  ])
  func withoutAHeaderNothingCanBeKept(_ name: String) {
    #expect {
      _ = try kept(name)
    } throws: { error in
      if case .damaged = error as? ImageFileError { true } else { false }
    }
  }

  @Test func startingAgainTellsTheSame() throws {
    for name in [
      "truncated_in_IDAT.png", "truncated_in_IDAT_interlaced.png", "truncated_in_scan.jpg",
    ] {
      let source = try ImageFile.open(Fixture.path("refused/" + name), damaged: .keep)
      let first = try Image(reading: source)
      let notes = source.notes
      try source.restart()
      #expect(try Image(reading: source) == first)
      #expect(source.notes == notes)
    }
  }
}
