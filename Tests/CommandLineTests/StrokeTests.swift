import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// `--stroke-size`, `--detail`, `--grain`, `--margin` and `--plain`.
@Suite(.deadline(minutes: 5)) struct StrokeTests {
  private func folder(hasAlpha: Bool = false) throws -> Folder {
    let folder = try Folder()
    try folder.picture("a.png", width: 48, height: 36, hasAlpha: hasAlpha)
    return folder
  }

  /// The bytes of `a.png` in a style that says how it is best painted.
  private func painting(
    _ flags: String..., style: String = "oil", in folder: Folder
  ) throws -> [UInt8] {
    let name = "\(UUID().uuidString).png"
    let run = try folder.run(["a.png", "-o", name, "-m", style] + flags)
    #expect(run.status == 0, "\(run.errors)")
    return try folder.bytes(name)
  }

  // MARK: What is the same

  @Test func plainIsWithoutStrokesGrainAndMargin() throws {
    let folder = try folder()
    let plain = try painting("--plain", in: folder)
    let spelled = ["--stroke-size", "1", "--grain", "0", "--margin", "0"]
    let run = try folder.run(["a.png", "-o", "b.png", "-m", "oil"] + spelled)
    #expect(run.status == 0)
    #expect(try folder.bytes("b.png") == plain)
    #expect(try painting(in: folder) != plain)
    // What says nothing is painted so.
    for style in ["ink", "mural"] {
      let same = try painting("--plain", style: style, in: folder)
      #expect(try painting(style: style, in: folder) == same)
      #expect(
        try painting("--stroke-size", "auto", "--detail", "photo", style: style, in: folder) == same
      )
    }
  }

  /// The longer side of 48 over the best size of 16.
  @Test func whatTheStyleSaysCanBeSpelledOut() throws {
    let folder = try folder()
    let own = try painting(in: folder)
    for flags in [
      ["--stroke-size", "auto"], ["--stroke-size", "3"], ["--grain", "4"], ["--margin", "6"],
      ["--detail", "painted", "--stroke-size", "3.0", "--grain", "4.0", "--margin", "6"],
    ] {
      let run = try folder.run(["a.png", "-o", "b.png", "-m", "oil", "--overwrite"] + flags)
      #expect(run.status == 0)
      #expect(try folder.bytes("b.png") == own, "\(flags)")
    }
    // As with all of them on one that says nothing.
    #expect(
      try painting("--stroke-size", "1", "--grain", "2", "--margin", "3", style: "ink", in: folder)
        != painting(style: "ink", in: folder))
  }

  @Test func everyFlagCounts() throws {
    let folder = try folder()
    let variants = [
      [], ["--stroke-size", "1"], ["--stroke-size", "2"], ["--detail", "photo"],
      ["--detail", "none"], ["--grain", "0"], ["--grain", "8"], ["--margin", "0"],
      ["--margin", "16"], ["--plain"],
    ]
    var paintings: Set<[UInt8]> = []
    for flags in variants {
      let run = try folder.run(["a.png", "-o", "b.png", "-m", "oil", "--overwrite"] + flags)
      #expect(run.status == 0)
      paintings.insert(try folder.bytes("b.png"))
    }
    #expect(paintings.count == variants.count)
  }

  @Test(arguments: ["painted", "photo", "none"])
  func bytesAreTheSameAtAnyThreadsAndMemory(_ detail: String) throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 700, height: 500, hasAlpha: true)
    let arguments = [
      "a.png", "-m", "oil", "--stroke-size", "3.3", "--detail", detail, "--depth", "16",
    ]
    let refused = try folder.run(arguments + ["-o", "least.png", "--memory", "64K"])
    #expect(refused.status == 2)
    let words = try #require(refused.errors.firstMatch(of: /pass --memory (\d+)M/))
    let least = try #require(Int(words.1))
    #expect(least < 12)
    let variants = [
      ["-j", "1", "--memory", "unlimited"], ["-j", "3", "--memory", "unlimited"],
      ["-j", "1", "--memory", "\(least)M"], ["-j", "3", "--memory", "\(least)M"],
      ["-j", "2", "--memory", "\(least + 4)M"],
    ]
    var paintings: Set<[UInt8]> = []
    for (index, variant) in variants.enumerated() {
      let run = try folder.run(arguments + ["-o", "\(index).png"] + variant)
      #expect(run.status == 0, "\(run.errors)")
      paintings.insert(try folder.bytes("\(index).png"))
    }
    #expect(paintings.count == 1)
    #expect(folder.files(in: "").allSatisfy { !$0.contains(".pastiche") })
  }

  @Test(arguments: ["painted", "photo", "none"]) func depthAndAlphaAreKept(_ detail: String) throws
  {
    let folder = try folder(hasAlpha: true)
    let flags = ["-m", "oil", "--detail", detail]
    #expect(try folder.run(["a.png", "-o", "8.png"] + flags).status == 0)
    #expect(try folder.run(["a.png", "-o", "16.png", "--depth", "16"] + flags).status == 0)
    let (before, eight, sixteen) = try (
      folder.image("a.png"), folder.image("8.png"), folder.image("16.png")
    )
    #expect(sixteen.pixels == PixelFormat(hasAlpha: true, depth: .sixteen))
    // Rounded twice on this way, which one level can tell.
    #expect(try #require(difference(eight, sixteen.converted(to: .eight))) <= 1)
    #expect(sixteen.converted(to: .eight).converted(to: .sixteen) != sixteen)
    for pixel in stride(from: 0, to: before.bytes.count, by: 4) {
      let alpha = before.bytes[pixel + 3]
      #expect(eight.bytes[pixel + 3] == alpha)
      #expect(sixteen.bytes[2 * pixel + 6] == alpha && sixteen.bytes[2 * pixel + 7] == alpha)
    }
  }

  /// Nothing is painted of what isn't there.
  @Test(arguments: ["painted", "photo", "none"], ["ink", "oil", "mural"])
  func onePictureOfOneColourStaysOne(_ detail: String, _ style: String) throws {
    let folder = try Folder()
    let color: [UInt8] = [200, 120, 60]
    let image = Image(
      width: 40, height: 30, pixels: PixelFormat(),
      bytes: (0..<40 * 30 * 3).map { color[$0 % 3] })
    try Folder.write(image, folder.path.appending("a.png"), .png)
    let run = try folder.run(
      "a.png", "-o", "b.png", "-m", "\(style)", "--grain", "8", "--margin", "10", "--stroke-size",
      "2", "--detail", "\(detail)")
    #expect(run.status == 0)
    let painted = try folder.image("b.png").bytes
    #expect(painted.indices.allSatisfy { painted[$0] == painted[$0 % 3] })
  }

  /// A margin that is larger than the picture is mirrored again and again.
  @Test(arguments: [(1, 1), (2, 5), (9, 1)])
  func theSmallestPicturesHaveStrokes(_ width: Int, _ height: Int) throws {
    let folder = try Folder()
    try folder.picture("a.png", width: width, height: height)
    for detail in ["painted", "photo", "none"] {
      let run = try folder.run(
        "a.png", "-o", "\(detail).png", "-m", "oil", "--stroke-size", "100", "--margin", "40",
        "--detail", "\(detail)")
      #expect(run.status == 0, "\(run.errors)")
      let image = try folder.image("\(detail).png")
      #expect((image.width, image.height) == (width, height))
    }
  }

  // MARK: What it costs

  @Test func aDryRunCountsTheWork() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 1600, height: 1200)
    func multiplications(_ flags: String...) throws -> Double {
      let run = try folder.run(
        ["a.png", "-o", "b.png", "--dry-run", "-m", "ink", "--memory", "unlimited"] + flags)
      let match = try #require(run.output.firstMatch(of: /([0-9.]+) G multiplications/))
      return try #require(Double(match.1))
    }
    let plain = try multiplications("--plain")
    let margin = try multiplications("--margin", "100")
    #expect(try multiplications("--grain", "9") == plain)
    #expect(margin > plain * 1.25 && margin < plain * 1.4)
    for (factor, share) in [(2.0, 0.25), (4, 0.0625)] {
      let sum = try multiplications("--stroke-size", "\(factor)")
      #expect(abs(sum / plain - 1 - share) < 0.03, "\(sum) \(plain)")
      for detail in ["photo", "none"] {
        let alone = try multiplications("--stroke-size", "\(factor)", "--detail", detail)
        #expect(abs(alone / plain - share) < 0.03, "\(alone) \(plain)")
      }
    }
  }

  // MARK: What can't be meant

  @Test(arguments: [
    (["--stroke-size", "0.5"], "'0.5' is invalid for '--stroke-size"),
    (["--stroke-size", "abc"], "'abc' is invalid for '--stroke-size"),
    (["--stroke-size", "nan"], "'nan' is invalid for '--stroke-size"),
    (["--stroke-size", "1001"], "'1001' is invalid for '--stroke-size"),
    (["--detail", "both"], "'both' is invalid for '--detail"),
    (["--grain", "65"], "--grain must be in 0...64, not 65"),
    (["--grain", "-1"], "--grain"), (["--grain", "nan"], "--grain must be in 0...64, not nan"),
    (["--margin", "257"], "--margin must be in 0...256, not 257"),
    (["--margin", "1.5"], "'1.5' is invalid for '--margin"),
    (
      ["--plain", "--grain", "4"], "--plain excludes --stroke-size, --detail, --grain and --margin"
    ),
    (["--plain", "--margin", "0"], "--plain excludes"),
    (["--plain", "--stroke-size", "auto"], "--plain excludes"),
    (["--plain", "--detail", "none"], "--plain excludes"),
  ]) func whatCannotBeMeantIsAUsageError(_ flags: [String], _ words: String) throws {
    let folder = try folder()
    let run = try folder.run(["a.png", "-o", "b.png"] + flags)
    #expect(run.status == 64)
    #expect(run.errors.contains(words), "\(run.errors)")
    #expect(!folder.exists("b.png"))
  }

  /// They show the network as it is.
  @Test(arguments: ["--stroke-size", "--detail", "--grain", "--margin", "--plain"])
  func studiesHaveNone(_ flag: String) throws {
    let folder = try folder()
    for command in [["stats", "a.png"], ["compare", "a.png", "-o", "b.png"]] {
      let run = try folder.run(command + ["-m", "oil", flag])
      #expect(run.status == 64)
      #expect(run.errors.contains("Unknown option '\(flag)'"))
    }
  }
}
