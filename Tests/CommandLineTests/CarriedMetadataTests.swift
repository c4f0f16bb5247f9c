import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// What of a file's metadata goes into its output: `--metadata`.
@Suite(.deadline(minutes: 5)) struct CarriedMetadataTests {
  /// EXIF's tag of type SHORT or LONG, and its one value, in the order of bytes of the fixture.
  private func entry(_ tag: UInt16, _ type: UInt8, _ value: UInt8) -> [UInt8] {
    [UInt8(tag & 0xFF), UInt8(tag >> 8), type, 0, 1, 0, 0, 0, value, 0, 0, 0]
  }

  @Test(arguments: [
    ("0", []), ("1", []), ("0", ["--max-side", "10"]), ("1", ["--max-side", "10"]),
  ])
  func allThatFitsIsKeptAndMended(_ strength: String, _ flags: [String]) throws {
    let folder = try Folder()
    try folder.fixture("metadata/everything.jpg", as: "a.jpg")
    let before = try folder.opened("a.jpg").metadata
    let size: (UInt8, UInt8) = flags.isEmpty ? (19, 29) : (7, 10)
    for name in ["b.jpg", "b.png"] {
      let run = try folder.run(["a.jpg", "-o", name, "--strength", strength] + flags)
      #expect(run.status == 0)
      #expect(!run.errors.contains("left out"))
      let output = try folder.opened(name)
      let after = output.metadata
      #expect(output.info.orientation == .upright)
      #expect((output.info.width, output.info.height) == (Int(size.0), Int(size.1)))
      #expect(after.iccProfile == before.iccProfile)
      #expect(after.iccProfile?.count == 70_000)
      let exif = try #require(after.exif)
      #expect(exif.contains(Array("Maker of cameras".utf8)))
      #expect(exif.contains(entry(0x0112, 3, 1)))
      #expect(exif.contains(entry(0x0100, 4, size.0)) && exif.contains(entry(0x0101, 3, size.1)))
      #expect(exif.contains(entry(0xA002, 3, size.0)) && exif.contains(entry(0xA003, 4, size.1)))
      #expect(!exif.contains(Array("a small picture".utf8)))
      let xmp = String(decoding: try #require(after.xmp), as: UTF8.self)
      #expect(xmp.contains("tiff:Orientation=\"1\"") && xmp.contains("A title"))
      #expect(xmp.contains("exif:PixelXDimension = '\(size.0)'"))
      #expect(!xmp.contains("Thumbnails"))
      #expect(after.words.contains { $0.hasSuffix("A comment") })
    }
    #expect(
      try folder.opened("b.jpg").metadata.density == PixelDensity(x: 300, y: 150, unit: .inch))
    #expect(
      try folder.opened("b.png").metadata.density == PixelDensity(x: 11811, y: 5906, unit: .metre))
  }

  @Test func whatAPNGSaysIsKept() throws {
    let folder = try Folder()
    try folder.fixture("metadata/everything.png", as: "a.png")
    #expect(try folder.run("a.png", "-o", "b.png").status == 0)
    let (before, after) = (
      try folder.opened("a.png").metadata, try folder.opened("b.png").metadata
    )
    #expect(after.gamma == 45455 && after.chromaticities == before.chromaticities)
    #expect(after.density == before.density)
    for word in ["Title", "Description", "Author"] {
      #expect(
        after.words.filter { $0.hasPrefix(word) } == before.words.filter { $0.hasPrefix(word) })
    }
  }

  @Test(arguments: ["everything.jpg", "everything.png"])
  func strippedOutputsSayNothingButColour(_ name: String) throws {
    let folder = try Folder()
    try folder.fixture("metadata/\(name)", as: name)
    let before = try folder.opened(name).metadata
    for output in ["b.jpg", "b.png"] {
      #expect(try folder.run("\(name)", "-o", "\(output)", "--metadata", "strip").status == 0)
      let source = try folder.opened(output)
      let after = source.metadata
      #expect(after.iccProfile == before.iccProfile)
      #expect(after.exif == nil && after.xmp == nil && after.texts.isEmpty && after.density == nil)
      #expect(after.gamma == (output == "b.png" ? before.gamma : nil))
      // Turned all the same.
      #expect(source.info.width < source.info.height)
      #expect(try !folder.bytes(output).contains(Array("Pastiche".utf8)))
    }
  }

  @Test(arguments: ["keep", "strip"]) func aProfileOfGrayIsMadeOneOfRGBAndSaid(_ policy: String)
    throws
  {
    let folder = try Folder()
    for name in ["gray_profile.png", "gray_profile.jpg"] {
      try folder.fixture("metadata/\(name)", as: name)
      let run = try folder.run("\(name)", "-o", "out/", "--metadata", "\(policy)")
      #expect(run.status == 0)
      #expect(
        run.errors.contains(
          "\(name): ICC profile of gray made one of RGB, as the output is RGB"))
      #expect(try folder.opened("out/\(name)").metadata.iccProfile != nil)
    }
  }

  @Test func linearLightStaysLinearAndSixteenBitsDeep() throws {
    let folder = try Folder()
    try folder.fixture("colors/linear16.png", as: "linear.png")
    #expect(try folder.run("linear.png", "-o", "out/").status == 0)
    let painted = try folder.opened("out/linear.png")
    #expect(painted.info.pixels.depth == .sixteen)
    #expect(painted.metadata.gamma == 100_000)
    #expect(try folder.run("linear.png", "-o", "b.png", "--depth", "8").status == 0)
    #expect(try folder.opened("b.png").info.pixels.depth == .eight)
  }

  @Test func highDynamicRangeIsLabelledOrGone() throws {
    let folder = try Folder()
    try folder.fixture("colors/pq16.png", as: "pq.png")
    let run = try folder.run("pq.png", "-o", "out/")
    #expect(run.errors.contains("pq.png: HDR highlights brighter than white, 203 cd/m², are cut"))
    let painted = try folder.opened("out/pq.png").metadata
    #expect(painted.cicp == [9, 16, 0, 1])
    #expect(painted.masteringDisplay == [UInt8](0..<24) && painted.contentLight == [UInt8](0..<8))
    let jpeg = try folder.run("pq.png", "-o", "a.jpg")
    #expect(
      jpeg.errors.contains("pq.png: colours written in sRGB: JPEG can't say that it is HDR"))
    #expect(try folder.opened("a.jpg").metadata.iccProfile == nil)
  }

  @Test func strippedAdobeRGBStaysAdobeRGB() throws {
    let folder = try Folder()
    try folder.fixture("colors/exif_r03.jpg", as: "adobe.jpg")
    #expect(try folder.run("adobe.jpg", "-o", "a.jpg", "--metadata", "strip").status == 0)
    let stripped = try folder.opened("a.jpg").metadata
    #expect(stripped.exif == nil)
    let name = "Adobe RGB (1998)".utf8.flatMap { [0, $0] as [UInt8] }
    #expect(stripped.iccProfile?.contains(name) == true)
  }

  /// Where nothing is painted, samples in any space are the file's.
  @Test(arguments: ["rgb.png", "prophoto.png", "gama_chrm.png", "cicp_2020.png", "tables.png"])
  func untouchedSamplesStayInTheirOwnSpace(_ name: String) throws {
    let folder = try Folder()
    try folder.fixture("colors/" + name, as: name)
    #expect(try folder.run("\(name)", "-o", "out/", "--strength", "0").status == 0)
    func samples(_ path: String) throws -> [UInt8] {
      try Image(reading: ImageFile.open(folder.path.pushing(FilePath(path)), colors: .stored)).bytes
    }
    #expect(try samples("out/" + name) == samples(name))
  }

  @Test(arguments: [
    (["--norm", "instance"], "Pastiche 0.1.0, style parau-api, instance norm"),
    (["-m", "mural", "--norm", "group"], "Pastiche 0.1.0, style mural, group norm"),
    (["--norm", "layer", "--strength", "0.5"], "Pastiche 0.1.0, style parau-api, layer norm"),
    (["--strength", "0"], "Pastiche 0.1.0"),
  ]) func outputsSayBySoftwareWhatMadeThem(_ flags: [String], _ words: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    for output in ["b.png", "b.jpg"] {
      #expect(try folder.run(["a.png", "-o", output] + flags).status == 0)
      let texts = try folder.opened(output).metadata.words
      #expect(texts == [output == "b.png" ? "Software\0\0\0\0\0\(words)" : "Software: \(words)"])
    }
    // Nothing of time: the same bytes again.
    for output in ["b.png", "b.jpg"] {
      let first = try folder.bytes(output)
      #expect(try folder.run(["a.png", "-o", output, "--overwrite"] + flags).status == 0)
      #expect(try folder.bytes(output) == first)
    }
  }

  /// Done twice, it is said once.
  @Test func outputsOfOutputsSayItOnce() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    for (input, output) in [("a.png", "b.jpg"), ("b.jpg", "c.png"), ("c.png", "d.jpg")] {
      #expect(try folder.run("\(input)", "-o", "\(output)").status == 0)
    }
    #expect(
      try folder.opened("d.jpg").metadata.words
        == ["Software: Pastiche 0.1.0, style parau-api, instance norm"])
  }

  @Test func anAnimationsOtherFramesAreLeftOutAndThatIsSaid() throws {
    let folder = try Folder()
    let input = "\(SampleFiles.pictures)/formats/rgb_8_animation.png"
    let run = try folder.run([input, "-o", "b.png", "--strength", "0"])
    #expect(run.status == 0)
    #expect(run.errors.contains("animation left out: the default image alone is used"))
    #expect(try !folder.bytes("b.png").contains(Array("fdAT".utf8)))
  }
}
