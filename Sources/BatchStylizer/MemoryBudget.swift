import Tensors

/// Shares a run's memory out among the groups of pictures that are on their way at the same time.
///
/// A group is admitted when its decoding fits beside what is held and beside the largest network
/// that is running or still to run, so that the stages never wait for one another in a circle: what
/// was admitted can always go on, and what goes on ends. Groups pass the network in the order in
/// which they were admitted.
final class MemoryBudget: Sendable {
  private let byteCount: Int
  private let use = Monitor(Use())

  private struct Use {
    var held = 0
    /// Bytes that the networks of admitted groups will need beside what is held, in order.
    var networks: [Int] = []
    /// Bytes that the networks that run take together.
    var running = 0
    /// Bytes that the network keeps between two groups.
    var kept = 0
  }

  init(byteCount: Int) {
    self.byteCount = byteCount
  }

  /// Bytes that groups hold.
  var held: Int { use.withLock { $0.held } }
  /// Networks of admitted groups that haven't ended.
  var networkCount: Int { use.withLock { $0.networks.count } }

  /// Waits until a group may be decoded, and takes what it holds meanwhile.
  ///
  /// One thread at a time admits groups with a network.
  ///
  /// - Parameters:
  ///   - bytes: Bytes that the group holds until `release`.
  ///   - network: Bytes that its network will need besides; nil where none follows.
  ///   - evict: Lets go of what the network keeps. Called only while no network is running.
  func admit(holding bytes: Int, network: Int?, evict: () -> Void = {}) {
    while !isAdmitted(holding: bytes, network: network) {
      evict()
      use.change { $0.kept = 0 }
    }
  }

  /// Waits like `admit`; false where what the network keeps has to go first.
  private func isAdmitted(holding bytes: Int, network: Int?) -> Bool {
    use.wait { use in
      if !fits(use.held, bytes, max(use.networks.max() ?? 0, use.running, use.kept)) {
        guard use.networks.isEmpty else { return nil }
        if use.kept > 0 { return false }
        // More than all there is: no smaller plan was to be had, and it goes alone.
        guard use.held == 0 else { return nil }
      }
      use.held += bytes
      if let network { use.networks.append(network) }
      return true
    }
  }

  private func fits(_ parts: Int...) -> Bool {
    var rest = byteCount
    for part in parts { rest -= part }
    return rest >= 0
  }

  /// The group that was admitted last has no network to run.
  func withdrawNetwork() {
    use.change { $0.networks.removeLast() }
  }

  /// Takes bytes of a group that was admitted, beside those that it was admitted with.
  func hold(_ bytes: Int) {
    use.change { $0.held += bytes }
  }

  func release(_ bytes: Int) {
    use.change { $0.held -= bytes }
  }

  /// Waits until the network of the group that was admitted first has room: those before it are
  /// being written and give back what they hold. What the network has kept counts until it ends, as
  /// it lets go of that some time after this.
  ///
  /// - Parameters:
  ///   - own: Bytes that the group itself holds.
  ///   - limit: Networks that are to run at the same time, of the groups that come first.
  /// - Returns: How many of them have room together.
  @discardableResult
  func beginNetworks(holding own: Int, atMost limit: Int = 1) -> Int {
    use.wait { use in
      guard let need = use.networks.first else { return 1 }
      if !fits(use.held, need), use.held > own { return nil }
      var count = 1
      use.running = need
      while count < min(limit, use.networks.count), fits(use.held, use.running, use.networks[count])
      {
        use.running += use.networks[count]
        count += 1
      }
      return count
    }
  }

  /// - Parameters:
  ///   - count: Networks that have run.
  ///   - kept: Bytes that they keep for the next groups.
  func endNetworks(_ count: Int = 1, keeping kept: Int) {
    use.change { use in
      use.networks.removeFirst(min(count, use.networks.count))
      use.running = 0
      use.kept = kept
    }
  }
}
