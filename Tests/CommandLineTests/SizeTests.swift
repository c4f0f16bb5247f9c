import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// `--max-side` and `--scale`.
@Suite(.deadline(minutes: 5)) struct SizeTests {
  @Test(arguments: [
    (["--max-side", "20"], 20, 15), (["--max-side", "40"], 40, 30),
    (["--max-side", "400"], 40, 30),
    (["--max-side", "1"], 1, 1), (["--scale", "0.5"], 20, 15), (["--scale", "1"], 40, 30),
    (["--scale", "1.5"], 60, 45), (["--scale", "0.001"], 1, 1), (["--scale", "0.11"], 4, 3),
  ]) func outputsKeepTheSizeAskedFor(_ flags: [String], _ width: Int, _ height: Int) throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 40, height: 30)
    try folder.picture("b.jpg", width: 40, height: 30, format: .jpeg)
    for strength in ["0", "1"] {
      let arguments = ["a.png", "b.jpg", "-o", "out", "--overwrite", "--strength", strength]
      let run = try folder.run(arguments + flags)
      #expect(run.status == 0)
      #expect(run.errors.contains("a.png -> out/a.png (\(width)x\(height))"))
      for name in ["out/a.png", "out/b.jpg"] {
        let image = try folder.image(name)
        #expect((image.width, image.height) == (width, height))
      }
    }
  }

  /// Pillow's Lanczos on the fixture's samples, colours weighted by alpha.
  @Test(arguments: [("rgb_8", "8"), ("rgba_8", "8"), ("rgb_16", "16"), ("rgba_16", "16")])
  func samplesAreLanczos(_ name: String, _ depth: String) throws {
    let folder = try Folder()
    try folder.fixture("resized/\(name).png", as: "a.png")
    let run = try folder.run(
      "a.png", "-o", "b.png", "--strength", "0", "--max-side", "20", "--depth", "\(depth)")
    #expect(run.status == 0)
    let image = try folder.image("b.png")
    let expected = Image(
      width: 20, height: 13,
      pixels: PixelFormat(
        hasAlpha: name.hasPrefix("rgba"), depth: depth == "16" ? .sixteen : .eight),
      bytes: try SampleFiles.fixture("resized/\(name)_20x13.rows").bytes)
    if depth == "8" {
      #expect(try #require(difference(image, expected)) <= 1)
    } else {
      // Bytes of 16-bit samples: a difference of 1 may carry.
      #expect(
        difference(image.converted(to: .eight), expected.converted(to: .eight)) ?? 99 <= 1)
    }
  }

  /// It is the upright picture's longer side, whatever side was stored.
  @Test func aTurnedPictureShrinksUpright() throws {
    let folder = try Folder()
    try folder.fixture("metadata/everything.jpg", as: "a.jpg")
    #expect(try folder.run("a.jpg", "-o", "b.jpg", "--max-side", "10").status == 0)
    let image = try folder.image("b.jpg")
    #expect((image.width, image.height) == (7, 10))
  }

  /// The network sees the small picture: it is as if that had been the input.
  @Test func picturesShrinkBeforeTheNetwork() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 40, height: 30)
    #expect(
      try folder.run("a.png", "-o", "small.png", "--scale", "0.5", "--strength", "0").status == 0)
    #expect(try folder.run("small.png", "-o", "after.png", "--metadata", "strip").status == 0)
    #expect(
      try folder.run("a.png", "-o", "at-once.png", "--scale", "0.5", "--metadata", "strip").status
        == 0)
    #expect(try folder.bytes("after.png") == folder.bytes("at-once.png"))
  }

  @Test func anEnlargedPictureHasLimitsToo() throws {
    let folder = try Folder()
    try folder.picture("long.png", width: 5000, height: 1)
    try folder.picture("large.png", width: 40, height: 30)
    let long = try folder.run("long.png", "-o", "b.png", "--scale", "16", "--strength", "0")
    #expect(long.status == 2)
    #expect(long.errors.contains("80000x16 pixels, but a side may have 65500 at most"))
    let large = try folder.run("large.png", "-o", "b.png", "--scale", "2", "--max-pixels", "1200")
    #expect(large.status == 2)
    #expect(large.errors.contains("80x60 pixels, but at most 1200 are allowed"))
    #expect(!folder.exists("b.png"))
  }

  @Test(arguments: [
    (["--max-side", "0"], "--max-side must be at least 1, not 0"),
    (["--max-side", "9", "--scale", "1"], "--max-side and --scale exclude one another"),
    (["--scale", "0"], "--scale must be above 0 and at most 16, not 0.0"),
    (["--scale", "nan"], "--scale must be above 0 and at most 16, not nan"),
    (["--scale", "inf"], "--scale must be above 0 and at most 16, not inf"),
    (["--scale", "1e300"], "--scale must be above 0 and at most 16"),
    (["--scale", "half"], "'half' is invalid for '--scale <f>'"),
  ]) func otherSizesAreUsageErrors(_ flags: [String], _ words: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(["a.png", "-o", "b.png"] + flags)
    #expect(run.status == 64)
    #expect(run.errors.contains(words))
  }

  /// Whatever colours stand where nothing can be seen, what can be seen is the same.
  @Test(arguments: [
    [], ["--max-side", "17"], ["--scale", "1.7"], ["--strength", "0.5"], ["--keep-color"],
    ["--scale", "0.6", "--strength", "0"], ["--format", "jpeg"], ["--depth", "16"],
  ]) func hiddenColoursDoNotBleed(_ flags: [String]) throws {
    let folder = try Folder()
    try folder.picture("in/a.png", width: 32, height: 24, hasAlpha: true)
    var image = try folder.image("in/a.png")
    for pixel in stride(from: 0, to: image.bytes.count, by: 4) where image.bytes[pixel + 3] == 0 {
      image.bytes.replaceSubrange(pixel..<pixel + 3, with: [255, 0, UInt8(pixel % 251)])
    }
    try Folder.write(image, folder.path.appending("in/b.png"), .png)
    #expect(try folder.image("in/a.png") != image)
    #expect(try folder.run(["in", "-o", "out"] + flags).status == 0)
    let kind = flags.contains("jpeg") ? "jpg" : "png"
    let (a, b) = (try folder.image("out/a.\(kind)"), try folder.image("out/b.\(kind)"))
    #expect((a.width, a.height, a.pixels) == (b.width, b.height, b.pixels))
    let size = a.pixels.bytesPerPixel
    let isVisible = { (pixel: Int) in
      !a.pixels.hasAlpha || a.bytes[pixel + size * 3 / 4..<pixel + size].contains { $0 != 0 }
    }
    let visible = stride(from: 0, to: a.bytes.count, by: size).filter(isVisible)
    #expect(visible.count > a.bytes.count / size / 3)
    #expect(visible.allSatisfy { a.bytes[$0..<$0 + size] == b.bytes[$0..<$0 + size] })
  }
}
