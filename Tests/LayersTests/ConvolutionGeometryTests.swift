import StyleModels
import Testing

@testable import Layers

@Suite struct ConvolutionGeometryTests {
  private func geometry(
    _ side: Int, kernel: Int = 3, stride: Int = 1,
    resampling: LayerDescription.Resampling = .none
  ) -> ConvolutionGeometry {
    LayerCase(
      inputs: 1, outputs: 1, kernel: kernel, stride: stride, resampling: resampling, height: side,
      width: 9
    ).geometry
  }

  /// As PyTorch counts: (side · upsampling + 2 · (k / 2) − k) / stride + 1.
  @Test func outputSizesAreThoseOfTheDefinition() {
    let strided = [5, 6, 7, 8, 9].map { geometry($0, stride: 2).outputHeight }
    #expect(strided == [3, 3, 4, 4, 5])
    let wide = [5, 6].map { geometry($0, kernel: 9).outputHeight }
    #expect(wide == [5, 6])
    let enlarged = [1, 2, 3].map { geometry($0, resampling: .nearest).outputHeight }
    #expect(enlarged == [2, 4, 6])
  }

  private func inputRows(_ positions: Range<Int>, _ geometry: ConvolutionGeometry) -> [Int?] {
    positions.map { geometry.inputRow(at: $0) }
  }

  @Test func paddingReflectsWithoutRepeatingTheEdge() {
    #expect(inputRows(0..<7, geometry(5)) == [1, 0, 1, 2, 3, 4, 3])
    #expect(
      inputRows(0..<13, geometry(5, kernel: 9)) == [4, 3, 2, 1, 0, 1, 2, 3, 4, 3, 2, 1, 0])
    // Columns of 9, where kernels compute a few that nobody keeps.
    let columns = (0..<14).map { geometry(5).inputColumn(at: $0) }
    #expect(columns == [1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 7, 8, 8, 8])
  }

  /// Enlarging first and reflecting then repeats the edge of the small image.
  @Test func reflectionOfTheEnlargedIsReplicationOfTheSmall() {
    #expect(inputRows(0..<8, geometry(3, resampling: .nearest)) == [0, 0, 0, 1, 1, 2, 2, 2])
    #expect(inputRows(0..<4, geometry(1, resampling: .nearest)) == [0, 0, 0, 0])
  }

  /// All rows that are needed and none besides, against looking at each tap.
  @Test(
    arguments: [(3, 1, 1), (3, 2, 1), (3, 1, 2), (9, 1, 1)] as [(Int, Int, Int)],
    [5, 8, 13, 24, 37])
  func inputRowsAreThoseOfTheTaps(_ kind: (kernel: Int, stride: Int, upsampling: Int), side: Int) {
    let geometry = geometry(
      side, kernel: kind.kernel, stride: kind.stride,
      resampling: kind.upsampling == 2 ? .nearest : .none)
    let height = geometry.outputHeight
    for first in 0..<height {
      for end in first + 1...height {
        var touched: Set<Int> = []
        for row in first..<end {
          for tap in 0..<kind.kernel {
            var position = row * kind.stride + tap - kind.kernel / 2
            let last = side * kind.upsampling - 1
            if position < 0 { position = -position }
            if position > last { position = 2 * last - position }
            touched.insert(position / kind.upsampling)
          }
        }
        let found = geometry.inputRows(for: first..<end)
        #expect(found.lowerBound == touched.min() && found.upperBound - 1 == touched.max())
      }
    }
    #expect(geometry.inputRows(for: 3..<3).isEmpty)
  }

  @Test func stripsAreCountedFromRowZero() {
    let strips = [1, 6, 7, 12, 13].map { geometry($0, resampling: .nearest).strips }
    #expect(strips == [1, 1, 2, 2, 3])
    let tiling = LayerCase(inputs: 1, outputs: 1, height: 25, width: 9).tiling
    let rows = (0..<3).map { tiling.part(strip: $0, tile: 0).rows }
    #expect(rows == [0..<12, 12..<24, 24..<25])
    #expect(tiling.strips(of: 12..<25) == 1..<3)
    #expect(tiling.strips(of: 0..<12) == 0..<1)
  }
}
