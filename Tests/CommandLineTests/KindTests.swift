import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// Every kind of file that is read, through the whole program.
@Suite(.deadline(minutes: 5)) struct KindTests {
  /// Without the network a PNG has every sample of its source: those of the arrays that the PNG
  /// fixtures were made from, and libjpeg's own of the JPEG ones.
  @Test(arguments: ["png", "jpg"]) func everySampleIsKept(_ kind: String) throws {
    let folder = try Folder()
    let known = try SampleFiles.decodable().filter { $0.name.hasSuffix(kind) }
    for (name, _) in known { try folder.fixture("decodes/\(name)", as: "in/\(name)") }
    let arguments = ["in", "--strength", "0", "--format", "png"]
    #expect(try folder.run(arguments + ["-o", "full", "--depth", "16"]).status == 0)
    #expect(try folder.run(arguments + ["-o", "eight"]).status == 0)
    #expect(known.count > 30)
    for (name, expected) in known {
      let output = name.prefix { $0 != "." } + ".png"
      let full = try folder.image("full/\(output)")
      #expect(full == expected.converted(to: .sixteen), "\(name)")
      let eight = try folder.image("eight/\(output)")
      #expect(eight == expected.converted(to: .eight), "\(name)")
    }
  }

  @Test func everySampleImageIsDone() throws {
    let folder = try Folder()
    let samples = SampleFiles.pictures.string
    let tree = try folder.run([samples, "-r", "-o", "all", "--strength", "0"])
    #expect(tree.status == 0)
    #expect(tree.errors.contains("passed over: "))
    let painted = try folder.run(["\(samples)/formats", "-o", "painted"])
    #expect(painted.status == 0)
    let names = folder.files(in: "painted")
    #expect(names.count >= 60)
    #expect(
      folder.files(in: "all").filter { $0.hasPrefix("formats/") } == names.map { "formats/\($0)" })
    for name in names {
      let image = try folder.image("painted/\(name)")
      #expect((image.width, image.height) == (48, 32), "\(name)")
    }
  }

  /// Of all eight orientations comes one picture.
  @Test func turnedPicturesComeUpright() throws {
    let folder = try Folder()
    let formats = "\(SampleFiles.pictures)/formats"
    let run = try folder.run([formats, "-o", "out", "--format", "png", "--strength", "0"])
    #expect(run.status == 0)
    let upright = try folder.image("out/jpeg_orientation_1.png")
    for orientation in 2...8 {
      // Colour is averaged in other blocks' order: the samples are near, not the same.
      let turned = try folder.image("out/jpeg_orientation_\(orientation).png")
      #expect(try #require(difference(turned, upright)) <= 24, "\(orientation)")
    }
    #expect(try folder.image("out/rgb_8_orientation_6.png") == folder.image("out/rgb_8.png"))
    #expect(try folder.image("out/rgb_8_animation.png") == folder.image("out/rgb_8.png"))
  }

  /// Gray pictures, too, are three colours afterwards, and JPEG has as many of each.
  @Test(arguments: ["gray", "420", "rgb", "cmyk"])
  func aJPEGBecomesOneInFullColour(_ kind: String) throws {
    let folder = try Folder()
    try folder.fixture("decodes/\(kind).jpg", as: "a.jpg")
    for (name, more) in [("b.jpg", []), ("c.jpg", ["-q", "92"]), ("d.jpg", ["-q", "91"])] {
      #expect(try folder.run(["a.jpg", "-o", name] + more).status == 0)
    }
    let bytes = try folder.bytes("b.jpg")
    let components: [UInt8] = [3, 1, 0x11, 0, 2, 0x11, 1, 3, 0x11, 1]
    // Baseline, 8 bits, the size, and 4:4:4.
    #expect(bytes.contains([0xFF, 0xC0, 0, 17, 8, 0, 19, 0, 29] + components))
    // The first of the IJG's table at quality 92: 16, 11 and 12 by 16 %, rounded.
    #expect(bytes.contains([0xFF, 0xDB, 0, 67, 0, 3, 2, 2]))
    #expect(try folder.bytes("c.jpg") == bytes)
    #expect(try folder.bytes("d.jpg") != bytes)
  }

  @Test(arguments: [
    ("12_bits.jpg", "JPEG with 12 bits a sample is not supported, only 8"),
    ("lossless.jpg", "lossless JPEG is not supported"),
    ("lossless_arithmetic.jpg", "lossless JPEG is not supported"),
    ("hierarchical.jpg", "hierarchical JPEG is not supported"),
    ("two_components.jpg", "JPEG with 2 components of unknown meaning is not supported"),
    ("103_scans.jpg", "more than 100 scans"),
    ("20000x20000.png", "20000x20000 pixels, but at most 268402689 are allowed"),
    ("65501x1.png", "65501x1 pixels, but a side may have 65500 at most"),
    ("empty.png", "the file is empty"),
    ("gif.png", "neither PNG nor JPEG but a GIF picture; convert it to PNG first"),
  ]) func whatIsNotReadIsNamed(_ name: String, _ words: String) throws {
    let folder = try Folder()
    try folder.fixture("refused/\(name)", as: name)
    for damaged in ["fail", "keep"] {
      let run = try folder.run([name, "-o", "out/", "--damaged", damaged])
      #expect(run.status == 2)
      #expect(run.errors.contains("\(name): failed: \(words)"))
      #expect(folder.files(in: "") == [name])
    }
  }
}
