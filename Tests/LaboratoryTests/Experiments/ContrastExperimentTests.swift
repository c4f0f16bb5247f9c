import ImageFiles
import StyleEngine
import TestSupport
import Testing

@testable import Laboratory

@Suite(.deadline(minutes: 2)) struct ContrastExperimentTests {
  @Test func onlyEachChannelsOwnStatisticsTakeContrastOut() throws {
    let tests = try TestBench(pictures: 3)
    let experiment = try ContrastExperiment(on: tests.workbench(tests.calibrated()))
    #expect(
      experiment.rows.map(\.norm) == ["instance", "group (4)", "layer", "batch", "batch-live"])
    #expect(experiment.notes.isEmpty)
    for row in experiment.rows {
      #expect(row.differences[2] == FloatPicture.Difference())
      for place in [0, 1, 3, 4] {
        let difference = row.differences[place].mean
        #expect(row.norm == "instance" ? difference < 0.01 : difference > 1, "\(row.norm)")
      }
    }
    let figure = try experiment.figure()
    #expect(figure.width > 5 * 150)
  }

  @Test func whatCannotBeTriedIsNoted() throws {
    let experiment = try ContrastExperiment(on: TestBench(pictures: 1).workbench())
    #expect(experiment.rows.map(\.norm) == ["instance", "group (4)", "layer"])
    #expect(
      experiment.notes == [
        .leftOut(norm: "batch", .noStoredStatistics(style: "great-wave")), .singlePicture,
      ])
  }
}
