import StyleModels
import Tensors
import Testing

@testable import StyleEngine

@Suite struct LayerFlowTests {
  private func flow(blocks: Int) throws -> LayerFlow {
    LayerFlow(
      StyleNetwork(
        try randomStyle(NetworkDescription(width: 4, residualBlocks: blocks)),
        kernels: KernelSet.available[0]))
  }

  @Test func blocksShareTheirMaps() throws {
    let flow = try flow(blocks: 2)
    #expect(flow.layers == 10 && flow.last == 9)
    #expect(flow.blocks == 3..<7 && flow.stream == 2 && flow.inner == 3)
    #expect((0..<9).map { flow.map(of: $0) } == [0, 1, 2, 3, 3, 3, 3, 7, 8])
    #expect((0..<9).filter(flow.isRecomputable) == [0, 1, 7, 8])
    #expect((0..<10).filter(flow.overwritesInput) == [4, 6])
    let inputs: [LayerFlow.Input] = [
      .picture, .output(of: 0), .output(of: 1), .output(of: 2), .output(of: 3), .sum(of: 4),
      .output(of: 5), .sum(of: 6), .output(of: 7), .output(of: 8),
    ]
    #expect((0..<10).map { flow.input(of: $0) } == inputs)
  }

  @Test func withoutBlocksEveryMapIsALayersOwn() throws {
    let flow = try flow(blocks: 0)
    #expect(flow.blocks.isEmpty && flow.stream == nil && flow.inner == nil)
    #expect((0..<5).map { flow.map(of: $0) } == Array(0..<5))
    #expect((0..<6).filter(flow.isRecomputable) == Array(0..<5))
    #expect((1..<6).map { flow.input(of: $0) } == (0..<5).map { .output(of: $0) })
  }
}
