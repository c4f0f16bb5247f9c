import ArgumentParser
import Glibc

/// The command line: parses, prints, exits; nothing else does.
@main
struct Pastiche: ParsableCommand {
  static let version = "0.1.0"

  static let configuration = CommandConfiguration(
    commandName: "pastiche",
    abstract: "Repaints photographs in the style of a painting.",
    usage: """
      pastiche [stylize] <input> ... -o <out> [<options>]
      pastiche <subcommand>
      """,
    discussion: """
      A small feed-forward network with instance normalization (Johnson et al. 2016, Ulyanov et \
      al. 2016) repaints every picture at its own size.

        pastiche preview photo.jpg -o sheet.png             in every style
        pastiche photo.jpg -o painting.jpg -m great-wave    in one
        pastiche photos/ -o painted/ -m great-wave          a whole folder
        pastiche photos/ -o painted/ -m great-wave,udnie    in several
        pastiche train --style painting.jpg -o my.safetensors    your own
      """,
    version: version,
    subcommands: [
      Stylize.self, Preview.self, Models.self, Train.self, Evaluate.self, Convert.self,
      Calibrate.self, Stats.self, Compare.self, Experiment.self, Benchmark.self, Report.self,
      Job.self,
    ],
    defaultSubcommand: Stylize.self)

  static func main() {
    StandardStreams.fill()
    Interrupts.install()
    do {
      if let script = CompletionScript.asked(by: RawArguments.all) {
        return try StandardOutput.writeLine(script)
      }
      try UsageFault.checkSubcommand(RawArguments.all)
      try UsageFault.checkDashes(RawArguments.all)
      var command = try parseAsRoot(RawArguments.all)
      try command.run()
    } catch let status as ExitStatus {
      Glibc.exit(status.code)
    } catch let refusal as Refusal {
      StandardError.write(refusal: refusal.message)
      Glibc.exit(ExitStatus.nothingDone.code)
    } catch {
      // ArgumentParser's own: usage (64), help and version (0).
      UsageFault.end(error, of: RawArguments.all)
    }
  }
}
