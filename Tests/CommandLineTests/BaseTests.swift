import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// The base that a style is made for.
@Suite(.deadline(minutes: 5)) struct BaseTests {
  /// Paints `a.png` in the style `ink` of a directory that is searched alone.
  private func paint(in folder: Folder) throws -> Ended {
    try folder.style("ink", as: "styles/ink")
    try folder.picture("a.png")
    return try folder.run(
      ["a.png", "-o", "b.png", "-m", "styles/ink.safetensors"],
      environment: ["PASTICHE_MODELS": "styles"])
  }

  private func hash(_ base: WeightFile) -> String {
    "\"canvas\" (sha256 \(TestStyles.digest(of: base.tensors).prefix(12))…)"
  }

  /// What the style is made for, as it says.
  private func wanted() throws -> String {
    "pastiche: styles/ink.safetensors: made for the base "
      + hash(try #require(TestStyles.bases["canvas"]))
  }

  @Test func oneThatIsMissingIsNamed() throws {
    let folder = try Folder()
    let run = try paint(in: folder)
    #expect(run.status == 2)
    #expect(
      run.errors.hasPrefix(
        try wanted() + ", which is not there: no canvas.safetensors in styles, /"))
    #expect(!folder.exists("b.png"))
  }

  @Test func oneThatIsAlteredIsNamed() throws {
    let folder = try Folder()
    var base = try #require(TestStyles.bases["canvas"])
    base.tensors["conv2.weight"]?.values[7] += 0.01
    try folder.directory("styles")
    try base.write(to: folder.path.appending("styles/canvas.safetensors"), replacing: false)
    let run = try paint(in: folder)
    #expect(run.status == 2)
    let words = ", and styles/canvas.safetensors is another: \(hash(base)); put the base"
    #expect(try run.errors.hasPrefix(wanted() + words))
    #expect(!folder.exists("b.png"))
  }

  @Test func oneOfAnotherWidthIsNamed() throws {
    let folder = try Folder()
    let base = TestStyles.base("canvas", seed: 11, width: 8)
    try folder.directory("styles")
    try base.write(to: folder.path.appending("styles/canvas.safetensors"), replacing: false)
    let run = try paint(in: folder)
    #expect(run.status == 2)
    let words = "another: \(hash(base)), of width 8 where the style's is 4; put"
    #expect(run.errors.contains(words))
  }

  @Test func oneThatIsBrokenIsNamed() throws {
    let folder = try Folder()
    try folder.file("styles/canvas.safetensors", [1])
    let run = try paint(in: folder)
    #expect(run.status == 2)
    #expect(
      run.errors.contains(
        "styles/ink.safetensors: its base styles/canvas.safetensors: 1 bytes are too few"))
  }

  /// Another one of its name beside the style is passed over where the right one is at hand.
  @Test func theRightOneIsFound() throws {
    let folder = try Folder()
    let base = try #require(TestStyles.bases["canvas"])
    try TestStyles.base("canvas", seed: 99).write(
      to: folder.path.appending("canvas.safetensors"), replacing: false)
    try folder.style("ink", as: "ink")
    try folder.directory("styles")
    try base.write(to: folder.path.appending("styles/canvas.safetensors"), replacing: false)
    try folder.picture("a.png")
    let run = try folder.run(
      ["a.png", "-o", "b.png", "-m", "ink.safetensors"],
      environment: ["PASTICHE_MODELS": "styles"])
    #expect(run.status == 0, "\(run.errors)")
    #expect(try folder.run("a.png", "-o", "c.png", "-m", "ink").status == 0)
    #expect(try folder.bytes("b.png") == folder.bytes("c.png"))
  }

  @Test func isNoStyleByItself() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    for arguments in [
      ["a.png", "-o", "b.png"], ["a.png", "-o", "out", "-m", "ink,canvas"], ["stats", "a.png"],
      ["preview", "a.png", "-o", "b.png"], ["calibrate", "a.png", "-o", "b.safetensors"],
    ] {
      let run = try folder.run(arguments + (arguments.contains("-m") ? [] : ["-m", "canvas"]))
      #expect(run.status == 2)
      let file = try TestStyles.shared.get().file("canvas")
      let words = "pastiche: \(file): a base, which styles share, and no style by itself; "
      #expect(run.errors.hasPrefix(words))
    }
    #expect(folder.files(in: "") == ["a.png"])
  }

  @Test func modelsSayWhatIsMadeForOneAndListNone() throws {
    let run = try Folder().run("models")
    #expect(run.status == 0)
    #expect(
      run.output.contains(
        "instance norm, width 4, 156 weights on the base \"canvas\", best at 16"))
    #expect(!run.output.contains("\ncanvas\n") && !run.output.contains("\nslate\n"))
  }
}
