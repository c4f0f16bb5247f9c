import ImageFiles
import TestSupport
import Testing

/// `experiment`
@Suite(.deadline(minutes: 5)) struct ExperimentTests {
  private func folder(_ count: Int = 3) throws -> Folder {
    let folder = try Folder()
    for index in 1...count {
      try folder.picture("photos/\(index).png", width: 20 + index, height: 16, seed: index)
    }
    return folder
  }

  /// What numbers and names are is said where people look, not in the table.
  @Test(arguments: [
    ("contrast", "a difference can be larger than 255"),
    ("company", "a difference can be larger than 255"),
    ("groups", "a difference can be larger than 255"),
    ("batches", "in1 is the norm after the convolution conv1"),
    ("affine", "in1 is the norm after the convolution conv1"),
  ]) func printsATableAndDrawsAFigure(_ name: String, explanation: String) throws {
    let folder = try folder()
    let run = try folder.run(
      "experiment", "\(name)", "photos", "-m", "stored", "-o", "figure.png")
    #expect(run.status == 0)
    #expect(run.errorLines.count == 1 && run.errors.contains(explanation))
    let lines = run.output.split(separator: "\n")
    #expect(lines.count > 4)
    #expect(Set(lines.map(\.count)).count == 1)
    let figure = try folder.image("figure.png")
    #expect(figure.width > 400 && figure.height > 200)
    #expect(folder.files(in: "").count == 4)
    let again = try folder.run("experiment", "\(name)", "photos", "-m", "stored")
    #expect(again.output == run.output)
  }

  @Test func figureTakesItsFormatFromItsName() throws {
    let folder = try folder(1)
    let run = try folder.run("experiment", "groups", "photos/1.png", "-o", "figure.JPG")
    #expect(run.status == 0)
    #expect(try folder.format("figure.JPG") == .jpeg)
  }

  @Test func figureThatIsThereIsKept() throws {
    let folder = try folder(1)
    try folder.file("figure.png", [1])
    let run = try folder.run("experiment", "groups", "photos", "-o", "figure.png")
    #expect(run.status == 2)
    #expect(run.output == "")
    #expect(run.errors.contains("figure.png exists already; pass --overwrite"))
    #expect(try folder.bytes("figure.png") == [1])
    let replaced = try folder.run(
      "experiment", "groups", "photos", "-o", "figure.png", "--overwrite")
    #expect(replaced.status == 0)
    #expect(try folder.format("figure.png") == .png)
  }

  @Test func pictureThatFailsLeavesTheOthers() throws {
    let folder = try folder(2)
    let without = try folder.run("experiment", "company", "photos")
    try folder.file("photos/0.png")
    let run = try folder.run("experiment", "company", "photos")
    #expect(run.status == 1)
    #expect(run.errors.contains("photos/0.png: failed: the file is empty"))
    #expect(run.output == without.output)
  }

  @Test func normsWithoutStatisticsAreNoted() throws {
    let run = try folder(1).run("experiment", "contrast", "photos")
    #expect(run.status == 0)
    #expect(run.errorLines.count == 3)
    #expect(run.errors.contains("batch is left out: parau-api has no stored statistics"))
    #expect(!run.output.contains("batch"))
  }

  @Test func whatCannotBeDoneIsRefused() throws {
    let folder = try folder(1)
    try folder.picture("photos/2.png")
    try folder.file("broken.png")
    try folder.directory("empty")
    let cases = [
      (["groups", "empty"], "no pictures found"),
      (["groups", "broken.png"], "takes 1 picture at least, and 0 can be used; name more"),
      (["company", "photos/1.png"], "takes 2 pictures at least, and 1 can be used; name more"),
      (["batches", "photos"], "parau-api has no stored statistics to compare with; measure some"),
      (["affine", "photos", "--memory", "1K"], "pass --memory"),
      (["affine", "photos", "-o", "missing/figure.png"], "write to missing: No such"),
      (["affine", "photos", "-m", "nothing"], "nothing"),
    ]
    for (arguments, reason) in cases {
      let run = try folder.run(["experiment"] + arguments)
      #expect(run.status == 2, "\(arguments)")
      #expect(run.errors.contains(reason), "\(run.errors)")
    }
  }

  @Test(arguments: [
    (["gravity", "a.png"], "gravity"),
    (["groups"], "Missing expected argument"),
    (["groups", "a.png", "--max-side", "0"], "--max-side must be at least 1, not 0"),
    (["groups", "a.png", "-q", "0"], "--quality must be in 1...100, not 0"),
    (["groups", "a.png", "-o", "figure.gif"], "must end in .png, .apng"),
    (["groups", "a.png", "-o", "figure.png/"], "must end in .png, .apng"),
  ]) func usageErrors(_ arguments: [String], _ reason: String) throws {
    let run = try Folder().run(["experiment"] + arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(reason))
  }
}
