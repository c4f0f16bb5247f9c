import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `convert`, `calibrate`, `models` and `benchmark`.
@Suite(.deadline(minutes: 5)) struct StyleCommandTests {
  // MARK: convert

  private func published(
    in folder: Folder, _ change: (inout [String: StoredTensor]) -> Void = { _ in }
  ) throws {
    var tensors = TestStyles.published(seed: 5)
    change(&tensors)
    let file = WeightFile(metadata: ["source": "by hand"], tensors: tensors)
    try file.write(to: folder.path.appending("theirs.safetensors"), replacing: true)
  }

  @Test func convertMakesAStyle() throws {
    let folder = try Folder()
    try published(in: folder)
    let run = try folder.run("convert", "theirs.safetensors", "-o", "ours.safetensors")
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(
      run.errorLines == [
        "theirs.safetensors: taken as published, which the file doesn't tell: instance norm, epsilon "
          + "1e-05, a range of 0...255; else say --norm, --epsilon, --range",
        "theirs.safetensors: fast-neural-style: width 4, 5 residual blocks, instance norm; 62 tensors, "
          + "28467 parameters",
        "paint with it: pastiche PHOTO.jpg -o PAINTING.jpg -m ours.safetensors",
      ])
    try folder.picture("a.png")
    #expect(try folder.run("a.png", "-o", "b.png", "-m", "ours.safetensors").status == 0)
    let before = try folder.bytes("ours.safetensors")
    let again = try folder.run("convert", "theirs.safetensors", "-o", "ours.safetensors")
    #expect(again.status == 2)
    #expect(again.errors.contains("ours.safetensors exists already; pass --overwrite"))
    let twice = try folder.run("convert", "ours.safetensors", "-o", "twice.safetensors")
    #expect(twice.status == 2)
    #expect(twice.errors.contains("is a Pastiche style already"))
    #expect(
      try folder.run(
        "convert", "theirs.safetensors", "-o", "ours.safetensors", "--overwrite", "--licence",
        "BSD-3-Clause", "--training", "by chance"
      ).status == 0)
    #expect(try folder.bytes("ours.safetensors") != before)
    #expect(folder.files(in: "") == ["a.png", "b.png", "ours.safetensors", "theirs.safetensors"])
  }

  @Test func convertSaysWhatItLeavesOut() throws {
    let folder = try Folder()
    try published(in: folder) { tensors in
      tensors["in1.running_mean"] = StoredTensor(shape: [4], values: [0, 0, 0, 0])
      tensors["in1.running_var"] = StoredTensor(shape: [4], values: [1, 1, 1, 1])
    }
    let run = try folder.run("convert", "theirs.safetensors", "-o", "ours.safetensors")
    #expect(run.status == 0)
    #expect(
      run.errors.hasPrefix(
        "theirs.safetensors: left out 2 stored statistics that the norm doesn't use: "
          + "in1.running_mean, in1.running_var; a network that was trained with batch norm needs "
          + "--norm batch\n"))
  }

  @Test func convertNamesEveryFaultyTensor() throws {
    let folder = try Folder()
    try published(in: folder) { tensors in
      tensors["in2.weight"] = nil
      tensors["res3.conv1.conv2d.bias"] = StoredTensor(shape: [2], values: [0, 0])
      tensors["extra.weight"] = StoredTensor(shape: [1], values: [0])
    }
    let run = try folder.run("convert", "theirs.safetensors", "-o", "ours.safetensors")
    #expect(run.status == 2)
    #expect(
      run.errorLines == [
        "pastiche: theirs.safetensors: in2.weight: missing, expected [8]",
        "res3.conv1.conv2d.bias: expected [16], found [2]",
        "extra.weight: surplus, found [1]",
      ])
    #expect(!folder.exists("ours.safetensors"))
  }

  @Test func convertRefusesWhatIsNoWeightFile() throws {
    let folder = try Folder()
    try folder.file("words.txt", Array("nothing of the kind".utf8))
    for (file, reason) in [("words.txt", "safetensors"), ("missing", "No such file")] {
      let run = try folder.run("convert", "\(file)", "-o", "ours.safetensors")
      #expect(run.status == 2)
      #expect(run.errors.contains("pastiche: \(file): "))
      #expect(run.errors.contains(reason))
    }
    #expect(folder.files(in: "") == ["words.txt"])
  }

  // MARK: calibrate

  @Test func calibrateTakesTheTreeAndReplacesNothingUnasked() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png", seed: 1)
    try folder.picture("photos/deep/b.jpg", seed: 2, format: .jpeg)
    try folder.file("photos/notes.txt")
    let flat = try folder.run("calibrate", "-m", "mural", "photos", "-o", "flat.safetensors")
    #expect(
      flat.errors == """
        pastiche: passed over 1 directory; pass -r to enter it
        flat.safetensors: statistics of 1 picture

        """)
    let run = try folder.run("calibrate", "-m", "mural", "-r", "photos", "-o", "ours.safetensors")
    #expect(run.status == 0)
    #expect(run.output == "")
    #expect(run.errors == "ours.safetensors: statistics of 2 pictures\n")
    let style = try WeightFile(contentsOf: folder.path.appending("ours.safetensors"))
    let before = try WeightFile(contentsOf: TestStyles.shared.get().file("mural"))
    #expect(style.metadata == before.metadata)
    for (name, tensor) in before.tensors { #expect(style.tensors[name] == tensor) }
    #expect(style.tensors["res1.in2.variance"]?.shape == [16])

    let bytes = try folder.bytes("ours.safetensors")
    try folder.picture("photos/a.png", seed: 3)
    let again = try folder.run("calibrate", "-m", "mural", "photos", "-o", "ours.safetensors")
    #expect(again.status == 2)
    #expect(again.errors.contains("ours.safetensors exists already; pass --overwrite"))
    #expect(try folder.bytes("ours.safetensors") == bytes)
    let replaced = try folder.run(
      "calibrate", "-m", "mural", "photos", "-o", "ours.safetensors", "--overwrite")
    #expect(replaced.status == 0)
    #expect(try folder.bytes("ours.safetensors") != bytes)
  }

  @Test func calibrateGoesOnWithoutWhatFailsAndSaysSo() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.file("photos/b.png")
    let run = try folder.run("calibrate", "photos", "-o", "ours.safetensors")
    #expect(run.status == 1)
    #expect(run.errors.contains("photos/b.png: failed: the file is empty"))
    #expect(run.errors.contains("ours.safetensors: statistics of 1 picture\n"))
    try folder.remove("photos/a.png")
    let none = try folder.run("calibrate", "photos", "-o", "none.safetensors")
    #expect(none.status == 2)
    #expect(none.errors.contains("no pictures to calibrate with"))
    #expect(!folder.exists("none.safetensors"))
  }

  // MARK: models

  @Test func modelsListsCards() throws {
    let folder = try Folder()
    let run = try folder.run("models")
    #expect(run.status == 0)
    #expect(run.errors == "")
    let mural = try TestStyles.shared.get().file("mural")
    #expect(
      run.output.contains(
        """
        mural
          after: nobody
          instance norm, width 4, 9651 weights, also trained with group, batch norm
          never, by chance
          licence: CC0-1.0
          \(mural)

        """))
    #expect(!run.output.contains("mural.batch\n"))
  }

  /// Styles beside the executable, or where it is installed, go before those of the clone.
  @Test(arguments: ["bin/Models", "share/pastiche/Models"])
  func stylesAreFoundWithTheExecutable(_ place: String) throws {
    let folder = try Folder()
    try folder.directory("bin")
    let styles = try TestStyles.shared.get().path
    try folder.directory(place)
    for file in try FileManager.default.contentsOfDirectory(atPath: styles.string) {
      try FileManager.default.copyItem(
        atPath: styles.appending(file).string,
        toPath: folder.path.appending(place).appending(file).string)
    }
    // Copied by a process of its own: no other may have it open for writing when it is run.
    let run = try folder.start(
      [
        "-c", "cp \"$1\" bin/pastiche && exec bin/pastiche models --verbose", "sh",
        "\(Program.executable)",
      ], of: "/bin/sh", environment: ["PASTICHE_MODELS": ""]
    ).wait()
    #expect(run.status == 0)
    let looked = run.errorLines.filter { $0.hasPrefix("looked in ") }
    #expect(looked.count == 3)
    let bin = try #require(realpath(folder.path.string, nil))
    defer { free(bin) }
    let expected = "\(String(cString: bin))/\(place)"
    #expect(looked.contains("looked in \(expected)"))
    // The test's own styles, of which the clone has none.
    #expect(run.output.contains("\n  \(expected)/"))
    let first = try #require(looked.first { !$0.hasSuffix("isn't there") })
    #expect(first == "looked in \(expected)")
  }

  @Test func modelsAsJSON() throws {
    let run = try Folder().run("models", "--json")
    #expect(run.status == 0)
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let cards = try #require(object as? [[String: Any]])
    let stored = try #require(cards.first { $0["name"] as? String == "stored" })
    #expect(stored["norm"] as? String == "instance")
    #expect(stored["width"] as? Int == 4)
    #expect(stored["has_batch_statistics"] as? Bool == true)
    #expect(stored["licence"] as? String == "CC0-1.0")
    #expect(stored["training"] as? String == "never, by chance")
    #expect(stored["variants"] as? [String] == [])
    let mural = try #require(cards.first { $0["name"] as? String == "mural" })
    #expect(mural["variants"] as? [String] == ["group", "batch"])
    #expect(stored["card"] as? [String: String] == ["after": "nobody"])
    #expect(try stored["file"] as? String == TestStyles.shared.get().file("stored").string)
  }

  @Test func oneStyleThatIsBrokenSpoilsNoOther() throws {
    let folder = try Folder()
    try folder.file("styles/broken.safetensors", [1])
    let run = try folder.run("models", "--models", "styles")
    #expect(run.status == 1)
    #expect(run.output.contains("parau-api (the default)\n"))
    #expect(run.errors.contains("pastiche: styles/broken.safetensors: 1 bytes are too few"))
  }

  // MARK: benchmark

  @Test func benchmarkAsJSON() throws {
    let run = try Folder().run("benchmark", "--size", "33x17", "-j", "2", "--json")
    #expect(run.status == 0)
    #expect(run.errors == "")
    let object = try JSONSerialization.jsonObject(with: Data(run.output.utf8))
    let report = try #require(object as? [String: Any])
    #expect(report["width"] as? Int == 33)
    #expect(report["height"] as? Int == 17)
    #expect(report["jobs"] as? Int == 2)
    #expect(["baseline", "avx2", "avx512"].contains(report["kernels"] as? String))
    for key in ["median_ms", "peak_rss_bytes", "gmacs_per_second"] {
      #expect((report[key] as? Double).map { $0 > 0 } == true, "\(key)")
    }
  }

  @Test func benchmarkInWords() throws {
    let run = try Folder().run("benchmark", "--size", "16x16", "-j", "1", "--rounds", "1")
    #expect(run.status == 0)
    #expect(run.output.hasPrefix("parau-api, 16x16, 1 thread, "))
  }

  @Test func jobsAreTheProcessorsThatMayBeUsed() throws {
    let folder = try Folder()
    let run = try folder.start(
      [
        "taskset", "-c", "0", "\(Program.executable)", "benchmark", "--size", "8x8", "--rounds",
        "1", "--json",
      ], of: "/usr/bin/env"
    ).wait()
    try #require(run.status == 0, "taskset, of util-linux, is needed: \(run.errors)")
    #expect(run.output.contains("\"jobs\":1,"))
  }
}
