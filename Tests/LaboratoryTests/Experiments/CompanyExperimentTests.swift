import ImageFiles
import Sheets
import TestSupport
import Testing

@testable import Laboratory

@Suite(.deadline(minutes: 2)) struct CompanyExperimentTests {
  @Test func onlyLiveBatchesSeeTheirMates() throws {
    let tests = try TestBench(pictures: 4)
    let experiment = try CompanyExperiment(on: tests.workbench(tests.calibrated()))
    #expect(
      experiment.table.headings.dropFirst() == ["with picture 2", "with 3 to 4", "with 2 to 4"])
    #expect(experiment.rows.map(\.norm).last == "batch-live")
    for row in experiment.rows {
      #expect(row.differences.count == 3)
      for difference in row.differences {
        if row.norm == "batch-live" {
          #expect(difference.mean > 0.1)
          #expect(difference.largest > difference.mean)
        } else {
          #expect(difference == FloatPicture.Difference(), "\(row.norm)")
        }
      }
    }
    #expect(try experiment.figure().height > 5 * 24)
  }

  @Test func twoPicturesMakeOneSet() throws {
    let experiment = try CompanyExperiment(on: TestBench(pictures: 2).workbench())
    #expect(experiment.table.headings.dropFirst() == ["with picture 2"])
  }
}
