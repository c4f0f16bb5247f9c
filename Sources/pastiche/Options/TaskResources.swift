import ArgumentParser

/// How many tasks there are, and what each may have.
struct TaskResources: ParsableArguments {
  @Option(
    help: ArgumentHelp("Tasks, each of which does one share of the pictures.", valueName: "n"))
  var shards = 8

  @Option(help: ArgumentHelp("Tasks at the same time; by default all.", valueName: "n"))
  var atOnce: Int?

  @Option(
    help: ArgumentHelp("Processors of each task, handed on as --jobs.", valueName: "n"))
  var cpus = 4

  @Option(
    help: ArgumentHelp(
      "Memory of each task: a number with K, M or G; all but 64M for the program is handed on as "
        + "--memory.", valueName: "size"))
  var memory = ByteCount(2 << 30)

  /// Beside what `--memory` bounds, in megabytes.
  private static let programMegabytes = 64
  private static let greatestMegabytes = 1 << 24

  func validate() throws {
    guard (1...100_000).contains(shards) else {
      throw ValidationError("--shards must be in 1...100000, not \(shards)")
    }
    if let atOnce, atOnce < 1 {
      throw ValidationError("--at-once must be at least 1, not \(atOnce)")
    }
    guard (1...1024).contains(cpus) else {
      throw ValidationError("--cpus must be in 1...1024, not \(cpus)")
    }
    guard (Self.programMegabytes + 1...Self.greatestMegabytes).contains(megabytes) else {
      throw ValidationError(
        "--memory must be more than the 64M that the program takes for itself, and not unlimited: "
          + "not \(memory)")
    }
  }

  var megabytes: Int { memory.value >> 20 }

  /// What tells the program of them.
  var arguments: [String] {
    ["--jobs", "\(cpus)", "--memory", "\(megabytes - Self.programMegabytes)M"]
  }
}
