import Foundation
import TestSupport
import Testing

/// `-m ink:0.7,oil:0.3`: a style between styles of one base.
@Suite(.deadline(minutes: 5)) struct MixtureTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("a.png", width: 24, height: 20)
    return folder
  }

  /// The bytes of `a.png` in a style, without the words that name it.
  private func painting(_ style: String, _ flags: [String] = [], in folder: Folder) throws
    -> [UInt8]
  {
    let name = "\(UUID().uuidString).png"
    let run = try folder.run(["a.png", "-o", name, "-m", style, "--metadata", "strip"] + flags)
    #expect(run.status == 0, "\(style): \(run.errors)")
    return try folder.bytes(name)
  }

  @Test(arguments: [
    ("oil:1,ink:0", "oil"), ("ink:0,oil:3", "oil"), ("oil:0.25", "oil"), ("mural:2", "mural"),
    ("ink:7,oil:3", "ink:0.7,oil:0.3"), ("oil:2,ink:2", "ink:0.5,oil:0.5"),
    ("ink:1,oil:2,chalk:1", "ink:0.25,oil:0.5,chalk:0.25"),
    ("ink:1,oil:1,chalk:0", "ink:0.5,oil:0.5"),
  ]) func sharesAloneCount(_ style: String, _ same: String) throws {
    let folder = try folder()
    #expect(try painting(style, in: folder) == painting(same, in: folder))
  }

  /// Not only its samples: the file says the same of itself.
  @Test func aStyleWithAllTheWeightIsThatStyle() throws {
    let folder = try folder()
    for (name, style) in [("a.png", "oil"), ("b.png", "oil:1,ink:0")] {
      #expect(try folder.run("a.png", "-o", "\(name).out.png", "-m", "\(style)").status == 0)
    }
    #expect(try folder.bytes("a.png.out.png") == folder.bytes("b.png.out.png"))
  }

  /// In the style itself, and in how it is best painted.
  @Test(arguments: [[], ["--plain"]]) func everyPartAndItsShareCount(_ flags: [String]) throws {
    let folder = try folder()
    let styles = [
      "ink", "oil", "chalk", "ink:1,oil:1", "ink:1,oil:2", "ink:1,chalk:1", "ink:1,oil:1,chalk:1",
    ]
    let paintings = try styles.map { try painting($0, flags, in: folder) }
    #expect(Set(paintings).count == styles.count)
  }

  @Test func filesAreMixedAsNamesAre() throws {
    let folder = try folder()
    let mixed = try painting("ink:1,oil:2", in: folder)
    for name in ["ink", "oil"] { try folder.style(name, as: "\(name)") }
    #expect(try painting("ink.safetensors:1,oil.safetensors:2", in: folder) == mixed)
    try folder.style("oil", as: "mine/1:0.5")
    #expect(try painting("./ink.safetensors:1,mine/1:0.5.safetensors:2", in: folder) == mixed)
  }

  /// A file that is there is meant as it is typed.
  @Test(arguments: ["x,y", "x:2", "ink:1,oil:1", "sub/x:1,y:2"])
  func namesOfFilesMayHaveCommasAndColons(_ name: String) throws {
    let folder = try folder()
    try folder.style("oil", as: name)
    #expect(try painting("\(name).safetensors", in: folder) == painting("oil", in: folder))
  }

  @Test(arguments: [
    ("ink:1,pastel:1", ["ink and pastel", "base \"canvas\" (sha256 ", "base \"slate\" (sha256 "]),
    ("ink:1,oil:1,pastel:0", ["ink and pastel can't be mixed: ink is made for the base"]),
    ("ink:1,mural:1", ["ink and mural can't be mixed", "mural has convolutions of its own"]),
    ("mural:1,parau-api:1", ["mural and parau-api", "mural has convolutions of its own"]),
    ("ink:1,nosuch:1", ["no style \"nosuch\"; there are "]),
    ("ink:1,canvas:1", ["canvas.safetensors: a base, which styles share, and no style by itself"]),
  ]) func whatSharesNoBaseIsRefused(_ style: String, _ words: [String]) throws {
    let folder = try folder()
    let run = try folder.run("a.png", "-o", "b.png", "-m", "\(style)")
    #expect(run.status == 2)
    for words in words { #expect(run.errors.contains(words), "\(run.errors)") }
    #expect(!folder.exists("b.png"))
  }

  @Test(arguments: [
    ("ink:1,oil", "oil has no weight: give every style of a mixture one"),
    ("ink,oil:1", "ink has no weight"),
    ("ink:-1,oil:2", "the weight of ink must be a number, at least 0, not \"-1\""),
    ("ink:nan,oil:1", "the weight of ink must"), ("ink:", "must be a number, at least 0, not \"\""),
    ("ink:1,oil:inf", "the weight of oil must"), ("all:1", "name the styles of a mixture"),
    ("ink:0,oil:0", "one weight of a mixture must be above 0"), ("ink:0", "must be above 0"),
    ("ink:1,,oil:1", "a style is missing beside a comma"), ("", "is invalid for '-m"),
  ]) func weightsThatMakeNoMixtureAreUsageErrors(_ style: String, _ words: String) throws {
    let folder = try folder()
    for arguments in [
      ["a.png", "-o", "b.png"], ["preview", "a.png", "-o", "b.png"], ["stats", "a.png"],
    ] {
      let run = try folder.run(arguments + ["-m", style])
      #expect(run.status == 64)
      #expect(run.errors.contains(words), "\(run.errors)")
    }
    #expect(folder.files(in: "") == ["a.png"])
  }

  /// Statistics of one style's network are those of a mixture, too; several are not one.
  @Test func whatTakesOneStyleTakesAMixture() throws {
    let folder = try folder()
    #expect(try folder.run("stats", "a.png", "-m", "ink:1,oil:1").status == 0)
    for style in ["ink,oil", "all"] {
      let run = try folder.run("stats", "a.png", "-m", "\(style)")
      #expect(run.status == 64)
      #expect(run.errors.contains("this takes one style, or a mixture"))
    }
  }
}

extension Folder {
  /// Copies one of the tests' styles or bases here.
  func style(_ name: String, as copy: String) throws {
    try file("\(copy).safetensors", TestStyles.shared.get().file(name).bytes)
  }
}
