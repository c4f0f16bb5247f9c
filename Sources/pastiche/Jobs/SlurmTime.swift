import ArgumentParser

/// A time as Slurm takes it: minutes, minutes:seconds, hours:minutes:seconds, days-hours,
/// days-hours:minutes or days-hours:minutes:seconds.
struct SlurmTime: ExpressibleByArgument {
  let text: String

  init?(argument: String) {
    func isNumber(_ text: Substring) -> Bool {
      !text.isEmpty && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }
    let parts = argument.split(separator: "-", omittingEmptySubsequences: false)
    guard let last = parts.last, parts.count <= 2, parts.dropLast().allSatisfy(isNumber) else {
      return nil
    }
    let numbers = last.split(separator: ":", omittingEmptySubsequences: false)
    guard numbers.count <= 3, numbers.allSatisfy(isNumber) else { return nil }
    text = argument
  }

  var defaultValueDescription: String { text }
}
