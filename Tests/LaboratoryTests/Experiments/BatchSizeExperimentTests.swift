import ImageFiles
import StyleEngine
import StyleModels
import TestSupport
import Testing
import WeightFiles

@testable import Laboratory

@Suite(.deadline(minutes: 2)) struct BatchSizeExperimentTests {
  @Test func batchOfAllPicturesHasTheirStoredStatistics() throws {
    let tests = try TestBench(pictures: 4)
    let experiment = try BatchSizeExperiment(on: tests.workbench(tests.calibrated()))
    #expect(experiment.sizes == [1, 2, 4])
    #expect(experiment.rows.count == 16)
    #expect(experiment.rows.last?.layer == "all")
    for row in experiment.rows {
      let (one, four) = (row.strays[0], row.strays[2])
      // The file holds them as f32.
      #expect(four.mean < 1e-6 && four.variance < 1e-6, "\(row.layer)")
      #expect(one.mean > 0.001 && one.variance > 0.001, "\(row.layer)")
    }
    #expect(try experiment.figure().width == 900)
  }

  /// Stored statistics three deviations above, of a variance e times too large.
  @Test func straysAreInDeviationsAndLogarithms() throws {
    let tests = try TestBench(pictures: 2)
    var model = try tests.calibrated()
    let means = try #require(model.weights["in2.mean"]?.values)
    let variances = try #require(model.weights["in2.variance"]?.values)
    let wider = variances.map { $0 * 2.718_281_8 }
    model = try model.storing(batchStatistics: [
      "in2": (mean: zip(means, wider).map { $0 + 3 * $1.squareRoot() }, variance: wider)
    ])
    let rows = try BatchSizeExperiment(on: tests.workbench(model)).rows
    let stray = try #require(rows.first { $0.layer == "in2" }?.strays.last)
    #expect(abs(stray.mean - 3) < 1e-3)
    #expect(abs(stray.variance - 1) < 1e-3)
    let all = try #require(rows.last?.strays.last)
    #expect(abs(all.mean - (9.0 / 15).squareRoot()) < 1e-3)
  }

  @Test func needsStoredStatistics() throws {
    #expect(throws: ExperimentError.noStoredStatistics(style: "great-wave")) {
      try BatchSizeExperiment(on: TestBench(pictures: 2).workbench())
    }
  }
}
