import Foundation
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// Which style a name means, and which norm it runs under.
@Suite(.deadline(minutes: 5)) struct StyleTests {
  private func folder() throws -> Folder {
    let folder = try Folder()
    try folder.picture("a.png", width: 24, height: 20)
    return folder
  }

  /// The output of `a.png` under the given flags.
  private func output(
    _ flags: [String], in folder: Folder, environment: [String: String] = [:]
  ) throws -> (bytes: [UInt8], errors: String) {
    let name = "\(UUID().uuidString).png"
    let run = try folder.run(["a.png", "-o", name] + flags, environment: environment)
    #expect(run.status == 0, "\(run.errors)")
    return (try folder.bytes(name), run.errors)
  }

  // MARK: Where styles are found

  @Test func byNameAndByPath() throws {
    let folder = try folder()
    let styles = try TestStyles.shared.get()
    let wave = try output([], in: folder).bytes
    let mural = try output(["-m", "mural"], in: folder).bytes
    #expect(mural != wave)
    #expect(try output(["-m", "parau-api"], in: folder).bytes == wave)
    #expect(try output(["--style", styles.file("mural").string], in: folder).bytes == mural)

    try FileManager.default.copyItem(
      atPath: styles.file("mural").string, toPath: "\(folder.path)/mine.safetensors")
    #expect(try output(["-m", "mine.safetensors"], in: folder).bytes == mural)
    #expect(try output(["-m", "./mine.safetensors"], in: folder).bytes == mural)
    // Whatever it is called, with a slash it is a path.
    try FileManager.default.moveItem(
      atPath: "\(folder.path)/mine.safetensors", toPath: "\(folder.path)/parau-api")
    #expect(try output(["-m", "./parau-api"], in: folder).bytes == mural)
    #expect(try output(["-m", "parau-api"], in: folder).bytes == wave)
  }

  @Test func theFlagComesBeforeTheVariable() throws {
    let folder = try folder()
    let styles = try TestStyles.shared.get()
    try folder.directory("styles")
    try FileManager.default.copyItem(
      atPath: styles.file("mural").string, toPath: "\(folder.path)/styles/parau-api.safetensors")
    let mural = try output(["-m", "mural"], in: folder).bytes
    #expect(try output(["--models", "styles"], in: folder).bytes == mural)
    #expect(try output([], in: folder, environment: ["PASTICHE_MODELS": "styles"]).bytes == mural)
    // What the directory lacks is looked up in the next place.
    #expect(try output(["--models", "styles", "-m", "mural"], in: folder).bytes == mural)
  }

  @Test func anUnknownNameListsWhatThereIs() throws {
    let run = try folder().run("a.png", "-o", "b.png", "-m", "nosuch")
    #expect(run.status == 2)
    // The package's own styles may stand between them.
    #expect(run.errors.hasPrefix("pastiche: no style \"nosuch\"; there are "))
    for name in ["parau-api", "mural", "stored"] { #expect(run.errors.contains(name)) }
    #expect(!run.errors.contains("mural.batch"))
  }

  @Test func aFileThatIsNoStyleIsRefused() throws {
    let folder = try folder()
    try folder.file("no.safetensors", [1, 2, 3])
    for (style, reason) in [
      ("./missing", "./missing: can't be read: No such file or directory"),
      ("no.safetensors", "no.safetensors: 3 bytes are too few for a safetensors file"),
    ] {
      let run = try folder.run("a.png", "-o", "b.png", "-m", "\(style)")
      #expect(run.status == 2)
      #expect(run.errors == "pastiche: \(reason)\n")
      #expect(!folder.exists("b.png"))
    }
  }

  @Test func everyFaultOfAStyleHasItsLine() throws {
    let folder = try folder()
    var file = TestStyles.style("faulty", seed: 1)
    file.tensors["in1.gamma"] = nil
    file.tensors["extra"] = file.tensors["in1.beta"]
    try file.write(to: folder.path.appending("faulty.safetensors"), replacing: false)
    let run = try folder.run("a.png", "-o", "b.png", "-m", "faulty.safetensors")
    #expect(run.status == 2)
    #expect(
      run.errorLines == [
        "pastiche: faulty.safetensors: in1.gamma: missing, expected [4]",
        "extra: surplus, found [4]",
      ])
  }

  // MARK: Variants

  @Test(arguments: ["batch", "group"]) func aVariantTrainedSoIsUsedAndSaid(_ norm: String) throws {
    let folder = try folder()
    let variant = try TestStyles.shared.get().file("mural.\(norm)")
    let run = try output(["-m", "mural", "--norm", norm] + groups(norm), in: folder)
    #expect(run.errors.contains("\(norm) norm: using \(variant), trained with it"))
    #expect(try run.bytes == output(["-m", variant.string], in: folder).bytes)
  }

  @Test func swapKeepsTheStylesOwnWeightsAndSaysSo() throws {
    let folder = try folder()
    let swapped = try output(["-m", "mural", "--norm", "group", "--swap"], in: folder)
    #expect(
      swapped.errors.contains(
        "group norm: other statistics under the weights of mural, which was trained with instance"))
    #expect(try swapped.bytes != output(["-m", "mural", "--norm", "group"], in: folder).bytes)
    let alone = try output(["-m", "mural", "--swap"], in: folder)
    #expect(try alone.bytes == output(["-m", "mural"], in: folder).bytes)
  }

  @Test func aVariantOfOtherGroupsIsNotUsed() throws {
    let run = try output(["-m", "mural", "--norm", "group", "--groups", "1"], in: folder())
    #expect(run.errors.contains("group norm: other statistics under the weights of mural"))
  }

  @Test func liveStatisticsGoWithWeightsTrainedUnderBatchNorm() throws {
    let run = try output(["-m", "mural", "--norm", "batch-live", "--batch", "1"], in: folder())
    #expect(run.errors.contains("using \(try TestStyles.shared.get().file("mural.batch"))"))
  }

  @Test func theStylesOwnNormNeedsNoWords() throws {
    for flags in [[], ["--norm", "instance"]] {
      #expect(!(try output(flags, in: folder()).errors.contains("norm:")))
    }
  }

  private func groups(_ norm: String) -> [String] { norm == "group" ? ["--groups", "2"] : [] }
}
