import TestSupport
import Testing

/// What can't be meant ends with 64 before anything is done.
@Suite(.deadline(minutes: 5)) struct UsageTests {
  @Test(arguments: [
    ([], "name a picture, a directory, or a list"),
    (["a.png"], "Missing expected argument '--output <out>'"),
    (["-o", "b.png"], "name a picture, a directory, or a list"),
    (["a.png", "-o", ""], "invalid for '-o <out>'"),
    (["a.png", "-o", "b.png", "--frobnicate"], "Unknown option '--frobnicate'"),
    (["a.png", "-o", "b.gif"], "the output b.gif must end in .png, .apng"),
    (["a.png", "-o", "b"], "to name a directory, end it in a slash"),
    (["a.png", "-o", "b.png", "--format", "jpeg"], "--format jpeg and the output b.png disagree"),
    (["a.png", "-o", "b.JPG", "--format", "png"], "--format png and the output b.JPG disagree"),
    (["a.png", "-o", "b.png", "--format", "gif"], "'gif' is invalid for '--format <format>'"),
    (["a.png", "-o", "b.png", "-q", "0"], "--quality must be in 1...100, not 0"),
    (["a.png", "-o", "b.png", "-q", "101"], "--quality must be in 1...100, not 101"),
    (["a.png", "-o", "b.png", "--quality", "best"], "'best' is invalid for '--quality <n>'"),
    (["a.png", "-o", "b.png", "--compression", "10"], "--compression must be in 0...9, not 10"),
    (["a.png", "-o", "b.png", "--compression", "-1"], "--compression"),
    (["a.png", "-o", "b.png", "--strength", "1.5"], "--strength must be in 0...1, not 1.5"),
    (["a.png", "-o", "b.png", "--strength", "nan"], "--strength must be in 0...1, not nan"),
    (["a.png", "-o", "b.png", "--strength", "half"], "'half' is invalid for '--strength <0...1>'"),
    (["a.png", "-o", "b.png", "--max-pixels", "0"], "--max-pixels must be at least 1, not 0"),
    (["a.png", "-o", "b.png", "-j", "0"], "--jobs must be in 1...1024, not 0"),
    (["a.png", "-o", "b.png", "-j", "2000"], "--jobs must be in 1...1024, not 2000"),
    (["a.png", "-o", "b.png", "-j", "all"], "'all' is invalid for '-j <n>'"),
    (["a.png", "-o", "b.png", "--batch", "0"], "--batch must be at least 1, not 0"),
    (["a.png", "-o", "b.png", "--norm", "spectral"], "'spectral' is invalid for '--norm <norm>'"),
    (["a.png", "-o", "b.png", "--groups", "2"], "--groups goes with --norm group"),
    (["a.png", "-o", "b.png", "--norm", "layer", "--groups", "2"], "--groups goes with"),
    (["a.png", "-o", "b.png", "--norm", "group", "--groups", "0"], "'0' is invalid for '--groups"),
    (["a.png", "-o", "b.png", "--norm", "group", "--groups", "some"], "'some' is invalid for"),
    (["a.png", "-o", "b.png", "--log-format", "xml"], "'xml' is invalid for '--log-format"),
    (["a.png", "-o", "b.png", "--quiet", "--verbose"], "--quiet and --verbose exclude"),
    (["convert", "-o", "b.safetensors"], "Missing expected argument '<file|style>'"),
    (["convert", "a.png", "-o", "b.png"], "the output b.png must end in .safetensors"),
    (["calibrate", "a.png", "-o", "b"], "the output b must end in .safetensors"),
    (["calibrate", "a.png", "-o", "b.safetensors", "--max-side", "0"], "--max-side must be at"),
    (["benchmark", "--size", "64"], "'64' is invalid for '--size <WxH>'"),
    (["benchmark", "--size", "0x64"], "'0x64' is invalid for '--size <WxH>'"),
    (["benchmark", "--rounds", "0"], "--rounds must be at least 1, not 0"),
    (["models", "--html"], "Unknown option '--html'"),
  ]) func isRefused(_ arguments: [String], _ expected: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(expected))
    #expect(run.output == "")
    #expect(folder.files(in: "") == ["a.png"])
  }

  @Test func helpNamesEveryFlagAndShowsNoInnards() throws {
    let folder = try Folder()
    let help = try folder.run("stylize", "--help")
    #expect(help.status == 0)
    #expect(help.errors == "")
    let flags = [
      "-o, --output", "-m, --style", "--models", "--norm", "--groups", "--swap", "-r, --recursive",
      "--format", "-q, --quality", "--compression", "--strength", "--keep-color", "--max-pixels",
      "--batch", "-j, --jobs", "--overwrite", "--fail-fast", "--dry-run", "--log-format", "--quiet",
      "--verbose", "--files-from", "-0, --null", "--max-side", "--scale", "--depth", "--metadata",
      "--damaged",
    ]
    for flag in flags { #expect(help.output.contains("  \(flag) "), "\(flag)") }
    #expect(help.output.contains("by default parau-api"))
    for command in ["models", "convert", "calibrate", "experiment", "benchmark"] {
      let help = try folder.run("help", "\(command)")
      #expect(help.status == 0)
      #expect(!help.output.contains("PathArgument"))
    }
  }

  @Test func theProgramsHelpShowsBothWaysToCallIt() throws {
    let help = try Folder().run("--help")
    #expect(help.status == 0)
    #expect(help.output.contains("USAGE: pastiche [stylize] <input> ... -o <out> [<options>]"))
    #expect(try Folder().run("--version").output == "0.1.0\n")
  }
}
