import TestSupport
import Testing

/// The norms' identities, on whole pictures.
@Suite(.deadline(minutes: 5)) struct NormTests {
  /// Pictures of different sizes.
  private func folder(_ count: Int = 3) throws -> Folder {
    let folder = try Folder()
    for index in 1...count {
      try folder.picture(
        "photos/\(index).png", width: 20 + 9 * index, height: 44 - 6 * index, seed: index)
    }
    return folder
  }

  private func run(_ flags: [String], to output: String, in folder: Folder) throws -> Ended {
    try folder.run((["photos", "-o", output] + flags))
  }

  @Test(arguments: [
    (["--norm", "group", "--groups", "1"], ["--norm", "layer"]),
    (["--norm", "group", "--groups", "channels"], ["--norm", "instance"]),
    (["--norm", "batch-live", "--batch", "1"], ["--norm", "instance"]),
    ([], ["--norm", "instance"]),
    (["--norm", "group"], ["--norm", "group", "--groups", "4"]),
  ]) func areTheSamePixels(_ a: [String], _ b: [String]) throws {
    let folder = try folder(2)
    #expect(try run(a, to: "a", in: folder).status == 0)
    #expect(try run(b, to: "b", in: folder).status == 0)
    for name in ["1.png", "2.png"] {
      #expect(try folder.image("a/\(name)") == folder.image("b/\(name)"))
    }
  }

  @Test func areAllDifferent() throws {
    let folder = try folder(2)
    let norms = [
      ["instance"], ["group", "--groups", "2"], ["layer"], ["batch"], ["batch-live"],
    ]
    for norm in norms {
      let run = try run(["-m", "stored", "--norm"] + norm, to: norm[0], in: folder)
      #expect(run.status == 0)
    }
    let images = try norms.map { try folder.image("\($0[0])/1.png") }
    for (index, image) in images.enumerated() { #expect(images.firstIndex(of: image) == index) }
  }

  @Test func batchCalibratedOnASetIsLiveBatchOfTheWholeSet() throws {
    let folder = try folder()
    let calibrated = try folder.run("calibrate", "photos", "-o", "own.safetensors")
    #expect(calibrated.status == 0)
    #expect(calibrated.errors == "own.safetensors: statistics of 3 pictures\n")
    let batch = try run(["-m", "own.safetensors", "--norm", "batch"], to: "batch", in: folder)
    #expect(batch.status == 0)
    let live = try run(["--norm", "batch-live", "--batch", "3"], to: "live", in: folder)
    #expect(live.status == 0)
    #expect(try run(["--norm", "instance"], to: "instance", in: folder).status == 0)
    for name in ["1.png", "2.png", "3.png"] {
      let image = try folder.image("live/\(name)")
      let largest = try #require(try difference(folder.image("batch/\(name)"), image))
      #expect(largest <= 1)
      #expect(try folder.image("instance/\(name)") != image)
    }
  }

  @Test func groupsAreFormedOfNeighboursInTheSortedPlan() throws {
    let folder = try folder(3)
    #expect(try run(["--norm", "batch-live", "--batch", "2"], to: "two", in: folder).status == 0)
    #expect(try run(["--norm", "instance"], to: "own", in: folder).status == 0)
    // The third is alone.
    #expect(try folder.image("two/3.png") == folder.image("own/3.png"))
    #expect(try folder.image("two/1.png") != folder.image("own/1.png"))
  }

  @Test func skippedPicturesKeepTheOthersCompany() throws {
    let folder = try folder()
    let flags = ["--norm", "batch-live", "--batch", "3"]
    #expect(try run(flags, to: "out", in: folder).status == 0)
    let whole = try folder.bytes("out/2.png")
    try folder.remove("out/2.png")
    let again = try run(flags, to: "out", in: folder)
    #expect(again.status == 0)
    #expect(again.errors.contains("1 done, 2 skipped"))
    #expect(try folder.bytes("out/2.png") == whole)
  }

  @Test func oneThatFailsLeavesItsGroupAndThatIsSaid() throws {
    let folder = try folder()
    try folder.file("photos/2.png")
    let flags = ["--norm", "batch-live", "--batch", "3"]
    let failed = try run(flags, to: "out", in: folder)
    #expect(failed.status == 1)
    for name in ["1", "3"] {
      #expect(
        failed.errorLines.contains(
          "photos/\(name).png: statistics of 2 pictures, without photos/2.png"))
    }
    try folder.remove("photos/2.png")
    #expect(try run(flags, to: "two", in: folder).status == 0)
    for name in ["1.png", "3.png"] {
      #expect(try folder.bytes("out/\(name)") == folder.bytes("two/\(name)"))
    }
  }

  @Test func batchNeedsStatistics() throws {
    let run = try run(["--norm", "batch"], to: "out", in: folder(1))
    #expect(run.status == 2)
    #expect(
      run.errors.contains(
        "parau-api has no stored statistics for --norm batch; measure some with pastiche "
          + "calibrate, or use --norm batch-live"))
  }

  @Test func groupsMustDivideTheChannels() throws {
    let run = try run(["--norm", "group", "--groups", "3"], to: "out", in: folder(1))
    #expect(run.status == 2)
    #expect(run.errors.contains("3 groups must divide the 4 channels of in1; pass --groups with"))
  }
}
