import Layers
import StyleModels
import Testing

@testable import StyleEngine

@Suite struct LayerFlowTests {
  private func flow(blocks: Int) throws -> LayerFlow {
    try LayerFlow(NetworkDescription(width: 4, residualBlocks: blocks).layers)
  }

  @Test func blocksShareTheirMaps() throws {
    let flow = try flow(blocks: 2)
    #expect(flow.last == 9 && flow.storedLayers == 0..<9 && !flow.lastIsNormalized)
    #expect(
      flow.blocks == [
        .init(layers: 3...4, stream: 2, before: nil), .init(layers: 5...6, stream: 2, before: 0),
      ])
    #expect(flow.maps == [0, 1, 2, 3, 3, 3, 3, 7, 8, 9])
    #expect((0..<9).filter(flow.isRecomputable) == [0, 1, 7, 8])
    #expect((0..<10).filter(flow.overwritesInput) == [4, 6])
  }

  @Test func withoutBlocksEveryMapIsALayersOwn() throws {
    let flow = try flow(blocks: 0)
    #expect(flow.blocks.isEmpty)
    #expect(flow.maps == Array(0..<6))
    #expect((0..<6).filter(flow.isRecomputable) == Array(0..<5))
  }

  /// What each pass of a plan in which everything is in memory reads.
  @Test func passesReadWhatTheLayersSay() throws {
    let flow = try flow(blocks: 2)
    let passes = Pass.all(flow, places: flow.storedLayers.map { _ in .memory }, isInspected: false)
    func stored(_ map: Int) -> Pass.StoredMap { .init(map: map, isScratch: false) }
    func stream(_ pending: ResidualStream.Pending) -> ResidualStream {
      ResidualStream(stored: stored(2), pending: pending)
    }
    let expected: [Pass.Source] = [
      .picture, .output(of: 0, stored(0)), .output(of: 1, stored(1)), .output(of: 2, stored(2)),
      .output(of: 3, stored(3)),
      .sum(
        .init(closing: 4, added: stored(3), stream: stream(.activation(of: 2)), isKept: true)),
      .output(of: 5, stored(3)),
      .sum(
        .init(closing: 6, added: stored(3), stream: stream(.nothing(sumOf: 4)), isKept: false)),
      .output(of: 7, stored(7)), .output(of: 8, stored(8)),
    ]
    #expect(passes.map(\.source) == expected)
    #expect(passes.map(\.layers) == (0..<10).map { $0..<$0 + 1 })
    #expect(passes[4].destination == .map(stored(3), overwrites: true))
    #expect(passes[9].destination == .picture)
  }

  // What can't be run is refused by the layer's name.

  private func refusal(_ change: (inout [LayerDescription]) -> Void) throws -> StyleNetworkError? {
    var layers = NetworkDescription(width: 4, residualBlocks: 1).layers
    change(&layers)
    do throws(StyleNetworkError) {
      _ = try LayerFlow(layers)
      return nil
    } catch {
      return error
    }
  }

  @Test func whatCannotBeRunIsRefusedByName() throws {
    #expect(try refusal { _ in } == nil)
    let changes: [(layer: String, reason: String, change: (inout [LayerDescription]) -> Void)] = [
      ("conv3", "it must read the layer before it", { $0[2].input = .output(of: 0) }),
      ("conv1", "it must read the layer before it", { $0[0].input = .output(of: 0) }),
      ("conv2", "it reads 5 channels of 4", { $0[1].convolution.inputChannels = 5 }),
      (
        "conv2", "only the last layer has a tanh",
        { $0[1].activation = .tanh(scale: 150, offset: 127.5) }
      ),
      ("deconv3", "the last layer adds nothing", { $0[7].adds = 6 }),
      (
        "res1.conv2", "what it adds is an earlier layer's, not within another residual block",
        { $0[4].adds = 4 }
      ),
      (
        "res1.conv2", "a residual block's input and output are of one size",
        { $0[3].padding = .init(.reflection, 0) }
      ),
      (
        "deconv1", "a transposed convolution's padding is zero",
        {
          $0[5].convolution.isTransposed = true
          $0[5].resampling = .none
        }
      ),
      (
        "conv1", "maxima are taken of a layer's output, not of the picture",
        { $0[0].resampling = .maximum }
      ),
    ]
    for (layer, reason, change) in changes {
      #expect(try refusal(change) == .unsupported(layer: layer, reason: reason))
    }
    #expect(
      try refusal { $0 = [] } == .unsupported(layer: "the network", reason: "it has no layers"))
  }
}
