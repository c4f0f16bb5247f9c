import StyleTraining
import Testing

@Suite struct LossTermsTests {
  @Test func theTotalCountsEachTermByItsWeight() {
    var weights = LossWeights()
    (weights.content, weights.style, weights.range) = (1, 2, 3)
    (weights.lattice, weights.variation) = (4, 5)
    let terms = LossTerms(content: 1, style: 10, range: 100, lattice: 1000, variation: 10_000)
    #expect(weights.total(terms) == 54_321)
  }
}
