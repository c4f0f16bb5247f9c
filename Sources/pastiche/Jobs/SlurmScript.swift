import BatchStylizer
import SystemFiles
import SystemPackage

/// A script for Slurm's `sbatch`: an array, each task of which does its share of the pictures.
struct SlurmScript {
  let command: JobCommand
  let resources: TaskResources
  let time: SlurmTime?
  let partition: String?
  let program: FilePath
  /// Where relative paths begin.
  let directory: FilePath

  var text: String {
    (["#!/bin/bash"] + directives + [""] + Self.explanation + [""] + preparation + [""]
      + TaskWrapper.lines(traps: Self.traps) + [""] + Self.conclusion).joined(separator: "\n")
  }

  private var directives: [String] {
    let atOnce = resources.atOnce.map { "%\($0)" } ?? ""
    let options =
      [
        "--job-name=pastiche", "--array=0-\(resources.shards - 1)\(atOnce)",
        "--cpus-per-task=\(resources.cpus)", "--mem=\(resources.megabytes)M",
      ] + (time.map { ["--time=\($0.text)"] } ?? [])
      + (partition.map { ["--partition=\($0)"] } ?? []) + [
        "--requeue", "--open-mode=append", "--signal=B:USR1@60",
      ]
    return options.map { "#SBATCH \($0)" }
  }

  private static let explanation = """
    # By pastiche job slurm, for sbatch, which takes --account and the like.
    #
    # Each task paints its share of the pictures. It may run twice without harm: it goes on where it ended.
    # It ends, and is not tried again, with
    #   0   nothing failed
    #   1   some pictures can't be painted: its output and the manifest say which, and why
    #   2   none can be, or the run was refused
    #   64  the arguments aren't understood
    # It is tried again after a full disk or quota, a kill (137: for memory, most often), and the end of
    # its time, 60 s ahead of which it is asked to end: \(TaskWrapper.tries) times, and from then on as long as each run paints
    # something. After the failure of a node Slurm itself tries again.
    """.split(separator: "\n").map(String.init)

  private var preparation: [String] {
    let manifest = ManifestFile.name(ofShare: "\"$SLURM_ARRAY_TASK_ID\"", of: resources.shards)
    let words = [RawArguments.text(of: program.bytes)] + command.arguments
    return [
      "cd -- \(ShellWord.quoted(directory)) || exit 2",
      "manifest=\(ShellWord.quoted(command.output.path))/\(manifest)",
      "painted() {",
      "  local lines",
      "  lines=$(grep -cs '\"outcome\":\"done\"' -- \"$manifest\")",
      "  echo \"${lines:-0}\"",
      "}",
      "before=$(painted)",
      "set -- \(words.map(ShellWord.quoted).joined(separator: " "))",
    ]
  }

  private static let traps = [
    "time_is_up= cancelled=",
    "trap 'asked=1 time_is_up=1; end' USR1",
    "# Of scancel, which asks a program that runs, too.",
    "trap 'asked=1 cancelled=1; [ \"$program\" ] || end' TERM",
  ]

  private static let conclusion = """
    [ "$status" -ne 0 ] && [ -z "$cancelled" ] || exit "$status"
    if [ "$full" -eq 1 ]; then
      reason='there is no space left'
    elif [ "$status" -eq 137 ]; then
      reason='the program was killed'
    elif [ "$status" -eq 143 ] && [ "$time_is_up" ]; then
      reason='its time is up'
    else
      exit "$status"
    fi
    if [ "${SLURM_RESTART_COUNT:-0}" -ge \(TaskWrapper.tries) ] && [ "$(painted)" -le "$before" ]; then
      echo "$reason; tried again $SLURM_RESTART_COUNT times, and not any more" >&2
      exit "$status"
    fi
    echo "$reason; to be tried again" >&2
    # Not "$SLURM_JOB_ID": the last task has the array's own, which stands for them all.
    # A controller that is away is asked again, for ten minutes; one that has heard ends this script.
    for pause in 5 10 20 40 80 160 300 0; do
      scontrol requeue "${SLURM_ARRAY_JOB_ID}_$SLURM_ARRAY_TASK_ID" && break
      [ -z "$cancelled" ] || break
      sleep "$pause"
    done
    exit "$status"
    """.split(separator: "\n").map(String.init)
}
