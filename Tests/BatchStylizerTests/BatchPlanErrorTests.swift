import SystemFiles
import SystemPackage
import Testing

@testable import BatchStylizer

@Suite struct BatchPlanErrorTests {
  @Test func wordsSayWhatWasFound() {
    #expect(
      BatchPlanError.noPictures(passedOverFiles: 1, passedOverDirectories: 2).description
        == "no pictures found: files ending in .png, .apng, .jpg, .jpeg, .jpe or .jfif; 1 other file passed over; "
        + "2 directories not entered")
    #expect(
      BatchPlanError.noPictures(passedOverFiles: 0, passedOverDirectories: 0).description
        == "no pictures found: files ending in .png, .apng, .jpg, .jpeg, .jpe or .jfif")
    #expect(
      BatchPlanError.outputIsInput(output: "b.png", input: "a.png").description
        == "the output b.png is the input a.png; inputs are never written to, choose another output"
    )
    #expect(
      BatchPlanError.outputExists("b.png").description
        == "b.png exists already")
  }

  @Test func oneIsNamedInALine() {
    #expect(
      BatchPlanError.clashes([OutputClash("out/a.png", ["x/a.png", "y/a.png"])]).description
        == "x/a.png and y/a.png would both be written to out/a.png")
    #expect(
      BatchPlanError.notBelow(base: "x", inputs: ["a.png"]).description
        == "a.png is not below x")
    #expect(
      BatchPlanError.notReplaceable([.init("a.png", .pipe)]).description
        == "a.png is a pipe, and only files are replaced")
    #expect(
      BatchPlanError.closed([ClosedPlace("out", .permissionDenied)]).description
        == "can't write to out: Permission denied")
  }

  @Test func ofManyTheFirstAreNamed() {
    let inputs = (1...8).map { FilePath("\($0)/a.png") }
    let clashes = (1...21).map { OutputClash(FilePath("out/\($0).png"), inputs) }
    let lines = BatchPlanError.clashes(clashes).description.split(separator: "\n")
    #expect(lines.count == 22)
    #expect(lines[0] == "21 outputs are wanted by several pictures each:")
    #expect(
      lines[20] == "  1/a.png, 2/a.png, 3/a.png, 4/a.png, 5/a.png and 3 more would all be "
        + "written to out/20.png")
    #expect(lines[21] == "  1 more")
  }
}
