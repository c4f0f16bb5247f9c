import Tensors

/// The order in which an epoch goes through the pictures, each once: any is as likely as any other,
/// and seed and epoch decide it.
final class PictureOrder: Sendable {
  private let count: Int
  private let seed: UInt64
  /// The order that was asked for last.
  private let latest = Monitor<(epoch: Int, order: [Int])?>(nil)

  init(count: Int, seed: UInt64) {
    self.count = count
    self.seed = seed
  }

  /// Pictures by their numbers in `0..<count`.
  func order(ofEpoch epoch: Int) -> [Int] {
    latest.withLock { latest in
      if let latest, latest.epoch == epoch { return latest.order }
      let order = shuffled(epoch)
      latest = (epoch, order)
      return order
    }
  }

  /// Durstenfeld 1964, "Algorithm 235: Random permutation" (doi:10.1145/364520.364540).
  private func shuffled(_ epoch: Int) -> [Int] {
    var order = Array(0..<count)
    var generator = SplitMix64(seed: seed, for: .order, epoch)
    for last in order.indices.dropFirst().reversed() {
      order.swapAt(last, generator.wholeNumber(in: 0...last))
    }
    return order
  }
}
