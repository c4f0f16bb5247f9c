import Testing

@testable import StyleTraining

@Suite struct LossTapsTests {
  @Test func textIsReadAsItIsWritten() throws {
    #expect(LossTaps().contentText == "relu3_1/2,relu2_2/4")
    #expect(LossTaps(content: "relu3_1/2,relu2_2/4") == LossTaps())
    let taps = try #require(LossTaps(content: "relu1_2,relu3_4/4"))
    #expect(taps.content == [.init(.relu12, scale: 0), .init(.relu34, scale: 2)])
    #expect(taps.style == LossTaps().style)
    #expect(taps.contentText == "relu1_2,relu3_4/4")
  }

  @Test(arguments: [
    "", ",", "relu2_2,", "relu5_1", "relu2_2/1", "relu2_2/3", "relu2_2/8", "relu2_2/", "/2",
    "relu2_2/2/2", "relu2_2 relu3_1", "relu2_2,relu2_2", "RELU2_2",
  ])
  func anythingElseIsNone(_ text: String) {
    #expect(LossTaps(content: text) == nil)
  }
}
