import ImageFiles
import StyleModels
import TestSupport
import Testing

@testable import StyleEngine

@Suite struct CostModelTests {
  /// 70 % of the peak, 2 GB a second, 40 ns a pixel.
  @Test func forecastIsOfTheNetworkTheDiskAndTheFiles() throws {
    let network = try StyleNetwork(randomStyle(NetworkDescription(width: 16)))
    let source = ImageRows(Image(randomWidth: 512, height: 512))
    func plan(_ brush: Brush = Brush(), memory: Int = .max) throws -> PaintingPlan {
      try NetworkSession(network: network, workers: 1, memory: memory)
        .plan([NetworkSession.Member(source, brush: brush)])
    }
    let roomy = try plan()
    let arithmetic = Double(roomy.multiplications) / 70e9
    #expect(abs(CostModel.seconds(roomy, peak: 100e9) - arithmetic - 0.010_485_76) < 1e-9)
    let tight = try plan(memory: 16 << 20)
    let disk = Double(tight.scratchTraffic) / 2e9
    #expect(disk > 0)
    let work = Double(tight.multiplications) / 70e9
    #expect(abs(CostModel.seconds(tight, peak: 100e9) - work - disk - 0.010_485_76) < 1e-9)
    var brush = Brush()
    brush.strokeSize = .factor(2)
    let strokes = try plan(brush)
    #expect(strokes.multiplications > roomy.multiplications * 5 / 4)
    let twice = Double(strokes.multiplications) / 70e9
    // σ is √3, and six rows and columns to each side are looked at.
    let blur = 2.0 * 6 * 512 * 512 * 0.5e-9
    #expect(abs(CostModel.seconds(strokes, peak: 100e9) - twice - blur - 0.026_214_4) < 1e-9)
  }

  @Test func stagesFollowOneAnother() {
    #expect(CostModel.decoding.lowerBound == 0)
    #expect(CostModel.decoding.upperBound == CostModel.network.lowerBound)
    #expect(CostModel.network.upperBound == CostModel.encoding.lowerBound)
    #expect(CostModel.encoding.upperBound == 1)
  }
}
