import ArgumentParser
import FoundationEssentials

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// How many threads compute.
struct ThreadOptions: ParsableArguments {
  @Option(
    name: [.customShort("j"), .long],
    help: ArgumentHelp(
      "Threads that compute; by default the processors this process may use.", valueName: "n"))
  var jobs: Int?

  func validate() throws {
    if let jobs, !(1...1024).contains(jobs) {
      throw ValidationError("--jobs must be in 1...1024, not \(jobs)")
    }
  }

  var count: Int { jobs ?? Self.usableProcessors }

  /// Those that affinity and the container's quota leave, at least 1.
  private static var usableProcessors: Int {
    let count = ProcessInfo.processInfo.activeProcessorCount
    return max(1, min(count, quota ?? count))
  }

  /// cgroup v2: "quota period" in microseconds, or "max period".
  private static var quota: Int? {
    guard let file = fopen("/sys/fs/cgroup/cpu.max", "r") else { return nil }
    defer { fclose(file) }
    var buffer = [CChar](repeating: 0, count: 64)
    guard fgets(&buffer, CInt(buffer.count), file) != nil else { return nil }
    let bytes = buffer.prefix { $0 != 0 && $0 != 10 }.map { UInt8(bitPattern: $0) }
    let words = String(decoding: bytes, as: UTF8.self).split(separator: " ")
    guard words.count == 2, let quota = Int(words[0]), let period = Int(words[1]), period > 0 else {
      return nil
    }
    return (quota + period - 1) / period
  }
}
