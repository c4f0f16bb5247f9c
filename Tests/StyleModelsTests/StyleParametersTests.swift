import Testing
import WeightFiles

@testable import StyleModels

@Suite struct StyleParametersTests {
  /// Numbers of a network with norms of two channels and of one.
  private func style(_ value: Float, stored: Bool = true, matrix: [Float]? = nil)
    -> StyleParameters
  {
    func norm(_ values: [Float]) -> StyleParameters.Norm {
      .init(
        gamma: values, beta: values.map { -$0 },
        stored: stored ? .init(mean: values.map { 2 * $0 }, variance: values) : nil)
    }
    return StyleParameters(
      norms: [norm([value, 3 * value]), norm([value])], colorMatrix: matrix,
      colorShift: [value, 0, 1])
  }

  @Test func everyNumberIsTheWeightedMean() {
    let mixture = StyleParameters.mixture([(style(1), 3), (style(5), 1)])
    #expect(mixture == style(2))
    #expect(mixture.hasStoredStatistics)
  }

  /// To the bit, −0 among them, whatever the other is.
  @Test func weightsOfOneAndZeroAreTheFirst() {
    let (first, other) = (
      style(-0.0), style(7, stored: false, matrix: .init(repeating: 1, count: 9))
    )
    let mixture = StyleParameters.mixture([(first, 1), (other, 0)])
    #expect(mixture == first)
    #expect(mixture.norms[0].gamma[0].sign == .minus)
    #expect(StyleParameters.mixture([(other, 0), (first, 1)]) == first)
  }

  @Test func threeAreMixed() {
    let mixture = StyleParameters.mixture([(style(1), 1), (style(2), 1), (style(6), 2)])
    #expect(mixture == style(3.75))
  }

  @Test func aMatrixThatIsMissingIsTheIdentity() {
    let doubled: [Float] = [2, 0, 0, 0, 2, 0, 0, 0, 2]
    let mixture = StyleParameters.mixture([(style(1), 1), (style(1, matrix: doubled), 1)])
    #expect(mixture.colorMatrix == [1.5, 0, 0, 0, 1.5, 0, 0, 0, 1.5])
  }

  @Test func statisticsAreThereWhereAllHaveThem() {
    let mixture = StyleParameters.mixture([(style(1), 1), (style(1, stored: false), 1)])
    #expect(!mixture.hasStoredStatistics)
    #expect(mixture.norms.map(\.gamma) == [[1, 3], [1]])
  }

  @Test func aModelsNumbersAreItsTensors() throws {
    let model = try smallModel(statistics: true)
    let norms = model.parameters.norms
    #expect(norms.count == 7)
    #expect(norms[0].gamma == model.weights["in1.gamma"]?.values)
    #expect(norms[6].beta == model.weights["in5.beta"]?.values)
    #expect(norms[2].stored?.variance == model.weights["in3.variance"]?.values)
    #expect(model.parameters.colorShift == model.weights["deconv3.bias"]?.values)
    #expect(model.parameters.colorMatrix == nil)
    #expect(try smallModel().parameters.norms.allSatisfy { $0.stored == nil })
  }
}
