import ArgumentParser
import FoundationEssentials
import SystemFiles

/// The number of threads that compute.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: [.customShort("j", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Threads that compute; by default the processors this process may use.", valueName: "n"))
  var jobs: Int?

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs must be in 1...1024, not \(jobs)")
    }
  }

  var count: Int { jobs ?? Self.usableProcessors }

  /// The processors that affinity and the container's quota leave, at least 1.
  private static var usableProcessors: Int {
    let count = affinity ?? ProcessInfo.processInfo.activeProcessorCount
    return max(1, min(count, quota ?? count))
  }

  /// Processors that this process may run on: the bits of hexadecimal words.
  private static var affinity: Int? {
    let mask = TextFile.line(of: "/proc/self/status", after: "Cpus_allowed:")
    return mask.map { $0.reduce(0) { $0 + ($1.hexDigitValue?.nonzeroBitCount ?? 0) } }
  }

  /// The quota of cgroup v2: "quota period" in microseconds, or "max period".
  private static var quota: Int? {
    let words =
      TextFile.line(of: "/sys/fs/cgroup/cpu.max", after: "")?.split { $0.isWhitespace } ?? []
    guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), period > 0 else {
      return nil
    }
    return (quota + period - 1) / period
  }
}
