import StyleModels
import Tensors
import TestSupport
import Testing

@testable import Layers
@testable import StyleEngine

@Suite(.deadline(minutes: 2)) struct BandScheduleTests {
  static let sizes = [(5, 5), (100, 37), (37, 400), (2000, 131), (12, 1000)]

  /// Of the layers before and after the residual blocks.
  private func chains(_ size: (Int, Int)) throws -> [ArraySlice<ConvolutionTiling>] {
    let network = StyleNetwork(
      try randomStyle(NetworkDescription(width: 4, residualBlocks: 1)),
      kernels: KernelSet.available[0])
    let shape = PictureShape(network, ExecutionPlan.Job.Size(width: size.0, height: size.1))
    return [
      0...0, 0...1, 0...2, 1...2, 3...3, 4...4, 5...5, 5...6, 5...7, 6...7, 7...7,
    ].map { shape.tilings[$0] }
  }

  @Test(arguments: sizes, [1, 2, 5, .max])
  func everyRowIsComputedOnceFromRowsThatAreHeld(_ size: (Int, Int), _ strips: Int) throws {
    for tilings in try chains(size) {
      var schedule = BandSchedule(tilings, strips: strips)
      let extents = BandExtents(tilings, strips: strips)
      // Rows of each layer's output that are held: those from `kept` on.
      var held = tilings.map { _ in 0..<0 }
      let geometries = tilings.map(\.geometry)
      var inputRead = 0
      // Twice, as a schedule is walked for every picture.
      for _ in 0..<2 {
        held = tilings.map { _ in 0..<0 }
        inputRead = 0
        schedule.walk { step in
          let geometry = geometries[step.layer]
          #expect(step.input == geometry.inputRows(for: step.rows))
          #expect(step.rows.lowerBound == held[step.layer].upperBound)
          #expect(step.rows.lowerBound.isMultiple(of: ConvolutionGeometry.stripHeight))
          if step.layer > 0 {
            let window = held[step.layer - 1]
            #expect(window.lowerBound <= step.input.lowerBound)
            #expect(window.upperBound >= step.input.upperBound)
          } else {
            #expect(step.input.count <= extents.source)
            #expect(step.input.upperBound - inputRead <= extents.freshSource)
            inputRead = max(inputRead, step.input.upperBound)
          }
          held[step.layer] = step.kept..<step.rows.upperBound
          if step.layer < extents.windows.count {
            #expect(held[step.layer].count <= extents.windows[step.layer])
          } else {
            #expect(step.rows.count <= extents.target)
            #expect(step.rows.upperBound - step.input.lowerBound <= extents.lead)
          }
        }
        for (layer, geometry) in geometries.enumerated().suffix(1) {
          #expect(held[layer].upperBound == geometry.outputHeight)
        }
      }
    }
  }

  /// High bands are wanted for many threads, and no higher than these can use.
  @Test func bandsAreNoHigherThanThreadsNeed() throws {
    for tilings in try chains((12, 1000)) {
      #expect(BandExtents(tilings, strips: .max) == BandExtents(tilings, strips: 128))
    }
  }
}
