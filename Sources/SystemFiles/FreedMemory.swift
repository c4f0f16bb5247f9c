import CSystemFiles

public enum FreedMemory {
  /// Gives what was freed back to the system.
  ///
  /// The C library keeps up to 32 MB of each of its heaps for later, once a block of such a size was
  /// freed: what planning a large batch took would count beside what painting takes.
  public static func giveBack() { CSystemFiles_returnFreed() }
}
