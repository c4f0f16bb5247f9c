import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import BatchStylizer

@Suite(.deadline(minutes: 2)) struct MemoryBudgetTests {
  /// Groups of many sizes through three stages: what is in use never exceeds the budget, and all
  /// get through.
  @Test(arguments: 1...5)
  func stagesNeverTakeMoreThanThereIs(_ seed: UInt64) {
    struct Group: Sendable {
      let decoding: Int
      let held: Int
      let network: Int
    }
    var samples = Samples(seed: seed)
    let total = 1000
    let groups = (0..<200).map { _ in
      let held = samples.wholeNumber(upTo: 300)
      return Group(
        decoding: held + samples.wholeNumber(upTo: total - held), held: held,
        network: samples.wholeNumber(upTo: total - held))
    }
    let budget = MemoryBudget(byteCount: total)
    // In use: held, and what the network has and keeps.
    let use = Mutex((held: 0, network: 0, most: 0))
    @Sendable func change(held: Int = 0, network: Int? = nil) {
      use.withLock { use in
        use.held += held
        use.network = network ?? use.network
        use.most = max(use.most, use.held + use.network)
      }
    }
    let (decoded, painted) = (
      BoundedQueue<Group>(capacity: 2), BoundedQueue<Group>(capacity: 2)
    )
    let written = Atomic<Int>(0)
    let stages = DispatchGroup()
    @Sendable func stage(_ body: @escaping @Sendable () -> Void) {
      DispatchQueue(label: "stage").async(group: stages, execute: body)
    }
    stage {
      for group in groups {
        budget.admit(holding: group.decoding, network: group.network) { change(network: 0) }
        change(held: group.decoding)
        change(held: group.held - group.decoding)
        budget.release(group.decoding - group.held)
        decoded.push(group)
      }
      decoded.close()
    }
    stage {
      while let group = decoded.pop() {
        budget.beginNetworks(holding: group.held)
        change(network: group.network)
        budget.endNetworks(keeping: group.network)
        painted.push(group)
      }
      painted.close()
    }
    for _ in 0..<2 {
      stage {
        while let group = painted.pop() {
          change(held: -group.held)
          budget.release(group.held)
          written.add(1, ordering: .sequentiallyConsistent)
        }
      }
    }
    stages.wait()
    #expect(written.load(ordering: .sequentiallyConsistent) == groups.count)
    #expect(use.withLock { $0.held } == 0)
    #expect(use.withLock { $0.most } <= total)
  }

  /// Small ones are decoded while one before is in the network.
  @Test func groupsThatFitTogetherGoTogether() {
    let budget = MemoryBudget(byteCount: 100)
    budget.admit(holding: 10, network: 50)
    budget.admit(holding: 10, network: 60)
    budget.admit(holding: 20, network: 30)
    budget.beginNetworks(holding: 10)
    budget.release(40)
  }

  /// As many as have room beside what is held, in their order.
  @Test func networksThatFitTogetherRunTogether() {
    let budget = MemoryBudget(byteCount: 100)
    for network in [20, 30, 10, 5] { budget.admit(holding: 10, network: network) }
    #expect(budget.beginNetworks(holding: 10, atMost: 4) == 3)
    #expect(budget.networkCount == 4)
    // They count together, though each alone would leave room.
    let group = DispatchGroup()
    DispatchQueue(label: "admitted").async(group: group) {
      budget.admit(holding: 10, network: nil)
    }
    #expect(group.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
    budget.endNetworks(3, keeping: 0)
    group.wait()
    #expect(budget.networkCount == 1)
    #expect(budget.beginNetworks(holding: 10, atMost: 2) == 1)
  }

  @Test func whatTheNetworkKeepsGivesWay() {
    let budget = MemoryBudget(byteCount: 100)
    budget.admit(holding: 10, network: 80)
    budget.beginNetworks(holding: 10)
    budget.endNetworks(keeping: 80)
    budget.release(10)
    var isEvicted = false
    budget.admit(holding: 15, network: 5) { isEvicted = true }
    #expect(!isEvicted)
    budget.withdrawNetwork()
    budget.admit(holding: 60, network: 5) { isEvicted = true }
    #expect(isEvicted)
  }

  /// What lets go may take locks of its own, and ask the budget.
  @Test func evictionIsCalledOutsideTheLock() {
    let budget = MemoryBudget(byteCount: 100)
    budget.admit(holding: 10, network: 80)
    budget.beginNetworks(holding: 10)
    budget.endNetworks(keeping: 80)
    budget.admit(holding: 60, network: 5) { budget.release(10) }
    #expect(budget.held == 60)
  }

  /// The next network lets go of it, but when is not the budget's to know.
  @Test func whatTheNetworkKeepsCountsUntilTheNextHasEnded() {
    let budget = MemoryBudget(byteCount: 100)
    budget.admit(holding: 10, network: 80)
    budget.beginNetworks(holding: 10)
    budget.endNetworks(keeping: 80)
    budget.release(10)
    budget.admit(holding: 5, network: 10)
    budget.beginNetworks(holding: 5)
    let group = DispatchGroup()
    DispatchQueue(label: "admitted").async(group: group) {
      budget.admit(holding: 20, network: nil)
    }
    #expect(group.wait(timeout: .now() + .milliseconds(50)) == .timedOut)
    budget.endNetworks(keeping: 10)
    group.wait()
  }

  @Test func moreThanThereIsGoesAlone() {
    let budget = MemoryBudget(byteCount: 100)
    budget.admit(holding: 150, network: 200)
    budget.beginNetworks(holding: 150)
    budget.endNetworks(keeping: 200)
    budget.release(150)
    budget.admit(holding: 150, network: nil)
  }
}
