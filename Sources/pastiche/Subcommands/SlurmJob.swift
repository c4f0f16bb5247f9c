import ArgumentParser
import SystemPackage

/// `pastiche job slurm ... -- ARGUMENTS`
struct SlurmJob: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "slurm",
    abstract: "Print a script for Slurm's sbatch.",
    usage: "pastiche job slurm [<options>] -- <input> ... -o <out> [<options of stylize>]",
    discussion: """
        pastiche job slurm -- photos/ -r -o painted/ -m great-wave > job.sh
        sbatch job.sh

      An array, whose tasks run the program that printed it, in the directory where it did; sbatch \
      takes --account and the like. 60 s ahead of the end of its time a task is asked to end, and \
      is tried again: 5 times, and from then on as long as each run paints something.
      """)

  @OptionGroup var resources: TaskResources

  @Option(
    help: ArgumentHelp(
      "Time that a task may take at once; by default the partition's.", valueName: "[d-]h:m:s"))
  var time: SlurmTime?

  @Option(help: ArgumentHelp("The partitions to run in.", valueName: "name,..."))
  var partition: String?

  @Argument(
    parsing: .postTerminator,
    help: ArgumentHelp(
      "Pictures, -o and options, as pastiche stylize takes them.", valueName: "arguments"))
  var arguments: [String] = []

  func validate() throws {
    let punctuation = "-_.,+".unicodeScalars
    if let partition,
      partition.isEmpty
        || !partition.unicodeScalars.allSatisfy({
          $0.isASCII && ($0.properties.isAlphabetic || $0.properties.numericType != nil)
            || punctuation.contains($0)
        })
    {
      throw ValidationError(
        "--partition must be names with commas between, not \"\(printable(partition))\"")
    }
    _ = try command()
  }

  func run() throws {
    guard let program = OwnPlace.executable, let directory = OwnPlace.directory else {
      throw Refusal("the working directory is gone; call this from one that is there")
    }
    let script = try script(program: program, directory: directory)
    if let note = script.command.note { StandardError.writeLine(note) }
    try StandardOutput.writeLine(script.text)
  }

  func script(program: FilePath, directory: FilePath) throws -> SlurmScript {
    SlurmScript(
      command: try command(), resources: resources, time: time, partition: partition,
      program: program, directory: directory)
  }

  private func command() throws -> JobCommand {
    try JobCommand(arguments, resources, shard: .automatic(count: nil))
  }
}
