import Foundation

/// Bytes that this process has mapped, in use or not.
public func mappedBytes() throws -> Int {
  let words = try String(contentsOfFile: "/proc/self/statm", encoding: .utf8).split(separator: " ")
  return (words.first.flatMap { Int($0) } ?? 0) * sysconf(CInt(_SC_PAGESIZE))
}
