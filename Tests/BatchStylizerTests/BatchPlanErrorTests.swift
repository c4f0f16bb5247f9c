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
      BatchPlanError.clash(output: "out/a.png", inputs: ["x/a.png", "y/a.png"]).description
        == "x/a.png and y/a.png would both be written to out/a.png; rename one, or run them into "
        + "two directories")
    #expect(
      BatchPlanError.outputIsInput(output: "b.png", input: "a.png").description
        == "the output b.png is the input a.png; inputs are never written to, choose another output"
    )
    #expect(
      BatchPlanError.outputExists("b.png").description
        == "b.png exists already")
  }
}
