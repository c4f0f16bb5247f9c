import ArgumentParser

/// `pastiche job slurm|kubernetes ... -- ARGUMENTS`
struct Job: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Print the script of a job in many tasks.",
    discussion: """
      Each paints a share of the pictures. The command at hand stands behind --, with the \
      arguments of pastiche stylize. Each task has --shard and --resume added, writes a manifest \
      of its own, and may run twice without harm.

      A task is tried again where that may help, after a full disk, a kill for memory or the loss \
      of its machine, and not for arguments or pictures that won't do the next time, either. \
      Paintings come out as in one run, but under --norm batch-live, where pictures keep company \
      with those of their share alone.
      """,
    subcommands: [SlurmJob.self, KubernetesJobCommand.self])
}
