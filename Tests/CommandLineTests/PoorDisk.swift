/// A directory `disk` in a test's folder that can less than others: what it can't is told by
/// `Shims/disk.c`.
enum PoorDisk {
  private static let shim = Shim("disk")

  /// The environment of a run that sees such a disk.
  static func environment(_ lacks: String) -> [String: String] {
    shim.environment("TEST_DISK", lacks)
  }

  /// Whether there is a compiler for it.
  static let isPossible = shim.library != nil
}
