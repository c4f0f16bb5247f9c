import Glibc

/// Shares a run's memory out among the groups of pictures that are on their way at the same time.
///
/// A group is admitted when its decoding fits beside what is held and beside the largest network
/// that is running or still to run, so that the stages never wait for one another in a circle: what
/// was admitted can always go on, and what goes on ends. Groups pass the network in the order in
/// which they were admitted.
final class MemoryBudget: @unchecked Sendable {
  private let byteCount: Int
  private let lock = UnsafeMutablePointer<pthread_mutex_t>.allocate(capacity: 1)
  private let changed = UnsafeMutablePointer<pthread_cond_t>.allocate(capacity: 1)

  // Guarded by `lock`.
  private var held = 0
  /// What the networks of admitted groups will need beside what is held, in order.
  private var networks: [Int] = []
  /// What the network keeps between two groups.
  private var kept = 0

  init(byteCount: Int) {
    self.byteCount = byteCount
    pthread_mutex_init(lock, nil)
    pthread_cond_init(changed, nil)
  }

  deinit {
    pthread_mutex_destroy(lock)
    pthread_cond_destroy(changed)
    lock.deallocate()
    changed.deallocate()
  }

  /// Waits until a group may be decoded, and takes what it holds meanwhile.
  ///
  /// - Parameters:
  ///   - bytes: What it holds until `release`.
  ///   - network: What its network will need besides; nil where none follows.
  ///   - evict: Lets go of what the network keeps. Called only while no network is running.
  func admit(holding bytes: Int, network: Int?, evict: () -> Void = {}) {
    pthread_mutex_lock(lock)
    defer { pthread_mutex_unlock(lock) }
    while true {
      let reserved = max(networks.max() ?? 0, kept)
      if fits(held, bytes, reserved) { break }
      if networks.isEmpty, kept > 0 {
        evict()
        kept = 0
      } else if networks.isEmpty, held == 0 {
        // More than all there is: no smaller plan was to be had, and it goes alone.
        break
      } else {
        pthread_cond_wait(changed, lock)
      }
    }
    held += bytes
    if let network { networks.append(network) }
  }

  private func fits(_ parts: Int...) -> Bool {
    var rest = byteCount
    for part in parts { rest -= part }
    return rest >= 0
  }

  /// The group that was admitted last has no network to run.
  func withdrawNetwork() {
    change { networks.removeLast() }
  }

  func release(_ bytes: Int) {
    change { held -= bytes }
  }

  /// Waits until the network of the group that was admitted first has room: those before it are
  /// being written and give back what they hold. What the network has kept counts until it ends, as
  /// it lets go of that some time after this.
  ///
  /// - Parameter own: What the group itself holds.
  func beginNetwork(holding own: Int) {
    pthread_mutex_lock(lock)
    while let need = networks.first, !fits(held, need), held > own {
      pthread_cond_wait(changed, lock)
    }
    pthread_mutex_unlock(lock)
  }

  /// - Parameter kept: What the network keeps for the next group.
  func endNetwork(keeping kept: Int) {
    change {
      if !networks.isEmpty { networks.removeFirst() }
      self.kept = kept
    }
  }

  private func change(_ body: () -> Void) {
    pthread_mutex_lock(lock)
    body()
    pthread_cond_broadcast(changed)
    pthread_mutex_unlock(lock)
  }
}
