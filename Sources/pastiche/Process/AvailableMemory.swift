import Glibc
import SystemFiles

/// The memory that this process may count on, and has taken.
enum AvailableMemory {
  /// The most that this process has had in memory: `VmHWM`, as what `getrusage` tells may be that of
  /// the process which started this one.
  static var peakResidentBytes: Int {
    let line = TextFile.line(of: "/proc/self/status", after: "VmHWM:")
    return (line?.split { $0.isWhitespace }.first.flatMap { Int($0) } ?? 0) * 1024
  }

  /// Bytes that the machine has, or the container where that is less.
  static var byteCount: Int {
    min(machine ?? .max, container ?? .max)
  }

  private static var machine: Int? {
    let (pages, size) = (sysconf(CInt(_SC_PHYS_PAGES)), sysconf(CInt(_SC_PAGESIZE)))
    return pages > 0 && size > 0 ? pages * size : nil
  }

  /// The least of the limits of this process's control group and of those above it (cgroup v2).
  private static var container: Int? {
    guard var path = TextFile.line(of: "/proc/self/cgroup", after: "0::") else { return nil }
    var least: Int?
    while true {
      for limit in ["memory.max", "memory.high"] {
        let file = "/sys/fs/cgroup\(path == "/" ? "" : path)/\(limit)"
        let words = TextFile.line(of: file, after: "")?.split { $0.isWhitespace }
        if let bytes = words?.first.flatMap({ Int($0) }) { least = min(least ?? .max, bytes) }
      }
      guard let slash = path.lastIndex(of: "/"), path.count > 1 else { return least }
      path = slash == path.startIndex ? "/" : path[..<slash]
    }
  }
}
