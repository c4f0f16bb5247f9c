import Testing

@testable import StyleEngine

@Suite struct MemoryShareTests {
  @Test func leastBudgetIsTheLeast() {
    for byteCount in Array(0...3000) + [123_456_789, 1 << 40] {
      let memory = MemoryShare.whole(ofPlans: byteCount)
      #expect(MemoryShare.ofPlans(memory) >= byteCount)
      if memory > 0 { #expect(MemoryShare.ofPlans(memory - 1) < byteCount) }
    }
    #expect(MemoryShare.ofPlans(.max) == .max)
  }

  /// Plans and patches together exceed the budget by 16 MB at most, and one patch.
  @Test func threadsAndPlansFitTogether() {
    for memory in [0, 1 << 20, 128 << 20, 1 << 31] {
      let threads = MemoryShare.threads(memory, patchBytes: 1 << 20)
      #expect(threads >= 17)
      // The first one's patch is in the plan.
      let patches = (threads - 1) << 20
      #expect(MemoryShare.ofPlans(memory) + patches <= memory + 16 << 20)
    }
    #expect(MemoryShare.threads(.max, patchBytes: 1) == .max)
  }
}
