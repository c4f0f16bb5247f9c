import CSystemFiles

public enum FreedMemory {
  /// Lets large blocks go back to the system as soon as they are freed.
  ///
  /// The C library keeps up to 32 MB of each of its heaps for later, once a block of such a size was
  /// freed: what planning a large batch took would count beside what painting takes.
  public static func goesBack() { CSystemFiles_returnFreed(4 << 20) }
}
