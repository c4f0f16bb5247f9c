import Layers
import StyleEngine
import StyleModels
import TestSupport
import Testing

@testable import Laboratory

@Suite(.deadline(minutes: 2)) struct AffineExperimentTests {
  @Test func whatComesBackIsTheInputButForRounding() throws {
    let bench = try TestBench(pictures: 2).workbench()
    let experiment = try AffineExperiment(on: bench)
    #expect(experiment.rows.count == 15)
    #expect(experiment.rows.map(\.layer).prefix(4) == ["in1", "in2", "in3", "res1.in1"])
    for row in experiment.rows {
      // All samples have been seen: their mean square in deviations is about 1.
      #expect(row.largest > 1.5, "\(row.layer)")
      #expect(row.difference > 0, "\(row.layer)")
      #expect(row.difference < 4 * Double(Float.ulpOfOne) * row.largest, "\(row.layer)")
    }
  }

  @Test func deviationsAreThoseThatNormalize() throws {
    let bench = try TestBench(pictures: 1).workbench()
    var expected: [ClosedRange<Double>] = []
    let epsilon = bench.network.epsilon
    try bench.run(
      bench.photographs, .instance,
      observe: { record in
        let deviations = record.statistics.map { ($0.variance + epsilon).squareRoot() }
        expected.append((deviations.min() ?? 0)...(deviations.max() ?? 0))
      })
    #expect(try AffineExperiment(on: bench).rows.map(\.deviations) == expected)
  }
}
