import ArgumentParser
import BatchStylizer
import StyleModels
import SystemFiles
import SystemPackage

/// The command of a job's tasks: that which was given, of which each task does its share.
struct JobCommand {
  /// The program's arguments.
  let arguments: [String]
  /// The directory of the paintings.
  let output: PathArgument
  /// The pictures that are named.
  let inputs: [PathArgument]
  let shares: Int
  /// Whether a picture's company decides how it comes out.
  let isLive: Bool

  /// Checks arguments as the command itself would, and adds what makes a share of it.
  ///
  /// - Parameters:
  ///   - typed: The arguments.
  ///   - resources: What each task has.
  ///   - shard: How a task finds its share.
  /// - Throws: A usage error.
  init(_ typed: [String], _ resources: TaskResources, shard: ShardArgument) throws {
    var typed = typed[...]
    if typed.first == Stylize._commandName {
      _ = typed.popFirst()
    } else if let other = Pastiche.configuration.subcommands.first(where: {
      $0._commandName == typed.first
    }) {
      throw ValidationError(
        "a job paints pictures: behind -- stand the arguments of pastiche stylize, and "
          + "\(other._commandName) has no shares")
    }
    guard !typed.isEmpty else {
      throw ValidationError(
        "the command is missing: behind -- stand the arguments of pastiche stylize, as in "
          + "-- photos/ -o painted/ -m great-wave")
    }
    let given = try Self.parse(Array(typed))
    try Self.refuseUnfit(given, resources)
    // Ahead of the others, behind which there may be a --.
    arguments =
      [Stylize._commandName, "--shard", shard.text] + (given.resumption.resume ? [] : ["--resume"])
      + resources.arguments + typed
    output = given.output.output
    inputs = given.input.inputs
    shares = resources.shards
    isLive = given.norm.norm == .batchLive
  }

  private static func parse(_ arguments: [String]) throws -> Stylize {
    do { return try Stylize.parse(arguments) } catch {
      if Stylize.exitCode(for: error) == .success {
        throw ValidationError("pastiche help stylize tells what can stand behind --")
      }
      throw ValidationError(Stylize.message(for: error))
    }
  }

  /// - Throws: A usage error for what a task can't do, or what the job sees to.
  private static func refuseUnfit(_ given: Stylize, _ resources: TaskResources) throws {
    func check(_ isValid: Bool, _ message: String) throws {
      if !isValid { throw ValidationError(message) }
    }
    try check(
      given.resumption.shard == nil,
      "the job gives each task its --shard; say how many there are with --shards, ahead of --")
    try check(
      given.threads.jobs == nil,
      "the job hands its processors on as --jobs; say how many with --cpus, ahead of --")
    try check(
      given.memory.memory == nil,
      "the job hands its memory on; say how much with --memory, ahead of --")
    let readsStream =
      given.input.inputs.contains(where: \.path.isStandardStream)
      || given.input.filesFrom?.path.isStandardStream ?? false
    try check(!readsStream, "a task has no standard input (-): name files")
    if case .file(let path) = try given.target() {
      throw ValidationError(
        "a job's paintings and manifests go into a directory, and \(printable(path)) is a file: end "
          + "-o in a slash")
    }
    try check(!given.dryRun, "--dry-run does nothing; try the command by itself")
    try check(
      given.page.html == nil || resources.shards == 1,
      "--html makes one page, and every task would write it; leave it out")
  }

  /// What whoever hands the job in should know.
  var note: String? { isLive && shares > 1 ? ResumeOptions.companyNote : nil }
}
