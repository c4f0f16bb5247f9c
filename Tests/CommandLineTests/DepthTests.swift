import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// `--depth`, and pictures of 16 bits.
@Suite(.deadline(minutes: 5)) struct DepthTests {
  /// A picture of 16 bits, all samples `shift` above those of the 8-bit picture of the same seed.
  private func deepPicture(
    _ folder: Folder, _ name: String, shift: UInt16 = 0, hasAlpha: Bool = false
  ) throws {
    try folder.picture("plain.png", width: 24, height: 20, hasAlpha: hasAlpha)
    let plain = try folder.image("plain.png")
    let samples = plain.bytes.map { UInt16($0) * 257 + ($0 < 255 ? shift : 0) }
    let deep = Image(
      width: 24, height: 20, pixels: PixelFormat(hasAlpha: hasAlpha, depth: .sixteen),
      bytes: samples.withUnsafeBytes { Array($0) })
    try Folder.write(deep, folder.path.appending(name), .png)
  }

  @Test func withoutItOutputsHaveEightBits() throws {
    let folder = try Folder()
    try deepPicture(folder, "a.png", shift: 100)
    for strength in ["0", "1"] {
      let run = try folder.run("a.png", "-o", "b.png", "--strength", "\(strength)", "--overwrite")
      #expect(run.status == 0)
      #expect(try folder.image("b.png").pixels == PixelFormat(depth: .eight))
    }
    // 100 of 257 round away.
    #expect(try folder.run("a.png", "-o", "c.png", "--strength", "0").status == 0)
    #expect(try folder.image("c.png") == folder.image("plain.png"))
  }

  /// What 8 bits round away is seen by the network, and comes out again.
  @Test func picturesAreStylizedFromTheirFullDepth() throws {
    let folder = try Folder()
    try deepPicture(folder, "deep.png", shift: 120)
    for name in ["plain", "deep"] {
      let run = try folder.run("\(name).png", "-o", "\(name)-painted.png", "--depth", "16")
      #expect(run.status == 0)
    }
    let plain = try folder.image("plain-painted.png")
    let deep = try folder.image("deep-painted.png")
    #expect(plain.pixels.depth == .sixteen && deep.pixels.depth == .sixteen)
    #expect(plain != deep)
  }

  /// The 8-bit result is the 16-bit one, rounded.
  @Test func bothDepthsAreOnePicture() throws {
    let folder = try Folder()
    try deepPicture(folder, "a.png", shift: 77, hasAlpha: true)
    #expect(try folder.run("a.png", "-o", "eight.png").status == 0)
    #expect(try folder.run("a.png", "-o", "sixteen.png", "--depth", "16").status == 0)
    let (eight, sixteen) = (try folder.image("eight.png"), try folder.image("sixteen.png"))
    // Rounded twice on this way, which one level can tell.
    #expect(try #require(difference(eight, sixteen.converted(to: .eight))) <= 1)
    let (before, after) = (try folder.image("a.png"), sixteen)
    for pixel in stride(from: 0, to: after.bytes.count, by: 8) {
      #expect(after.bytes[pixel + 6..<pixel + 8] == before.bytes[pixel + 6..<pixel + 8])
    }
  }

  @Test(arguments: [
    ["a.png", "-o", "b.jpg", "--depth", "16"], ["a.png", "-o", "b.JPEG", "--depth", "16"],
    ["a.png", "-o", "out/", "--depth", "16", "--format", "jpeg"],
    ["a.png", "-o", "-", "--depth", "16", "--format", "jpeg"],
  ]) func aJPEGOfSixteenBitsIsAUsageError(_ arguments: [String]) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains("JPEG has 8 bits a sample: --depth 16 goes with PNG"))
    #expect(folder.files(in: "") == ["a.png"])
  }

  @Test func aJPEGAmongOthersIsWrittenWithEightAndThatIsSaid() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.jpg", format: .jpeg)
    for strength in ["0", "1"] {
      let run = try folder.run(
        "photos", "-o", "out", "--depth", "16", "--strength", "\(strength)", "--overwrite")
      #expect(run.status == 0)
      #expect(
        run.errors.contains("photos/b.jpg: JPEG has 8 bits a sample; --format png keeps 16"))
      #expect(!run.errors.contains("photos/a.png: JPEG"))
      #expect(try folder.image("out/a.png").pixels.depth == .sixteen)
      #expect(try folder.format("out/b.jpg") == .jpeg)
    }
  }
}
