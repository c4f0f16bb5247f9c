import ImageFiles
import TestSupport
import Testing

@testable import Laboratory

@Suite(.deadline(minutes: 2)) struct GroupExperimentTests {
  @Test func endsAreLayerAndInstanceNormExactly() throws {
    let experiment = try GroupExperiment(on: TestBench(pictures: 2).workbench())
    let rows = experiment.rows
    #expect(rows.map(\.groups) == ["1", "2", "4", "8", "16", "32", "channels"])
    #expect(rows.first?.fromLayer == FloatPicture.Difference())
    #expect(rows.last?.fromInstance == FloatPicture.Difference())
    #expect(rows.first?.fromInstance == rows.last?.fromLayer)
    for row in rows.dropFirst().dropLast() {
      #expect(row.fromLayer.mean > 0.1)
      #expect(row.fromInstance.mean > 0.1)
    }
    #expect(try experiment.figure().width > 6 * 150)
  }

  /// Means over the pictures, but the largest of any.
  @Test func picturesAreTakenTogether() throws {
    let both = try GroupExperiment(on: TestBench(pictures: 2).workbench()).rows[0].fromInstance
    let first = try GroupExperiment(on: TestBench(pictures: 1).workbench()).rows[0].fromInstance
    #expect(both.largest >= first.largest)
    #expect(both.mean != first.mean)
    #expect(both.mean > first.mean / 2)
  }
}
