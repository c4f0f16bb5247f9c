import Foundation
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
    (
      ["a.png", "a.png", "-o", "b.png"],
      "several pictures go to a directory, and b.png names a file"
    ),
    ([".", "-o", "b.png"], "several pictures go to a directory, and b.png names a file"),
    (["modles"], "no picture 'modles', and no subcommand. Did you mean 'models'?"),
    (["modles", "-o", "b.png"], "no picture 'modles', and no subcommand. Did you mean 'models'?"),
    (["help", "stylise"], "there is no subcommand 'stylise'. Did you mean 'stylize'?"),
    (["a.png", "-o", "b.png", "--norm", "instnce"], "Did you mean 'instance'?"),
    (["a.png", "-o", "b.png", "--format", "pgn"], "Did you mean 'png'?"),
    (["a.png", "-o", "b.png", "--memory", "101%"], "'101%' is invalid for '--memory <size>'"),
    (["a.png", "-o", "b.png", "--memory", "2GX"], "'2GX' is invalid for '--memory <size>'"),
    (["a.png", "-o", "b.png", "--scale", "x%"], "a number such as 0.7, or 70%, not 'x%'"),
    (["a.png", "-o", "b.png", "--strength", "120%"], "--strength must be in 0...1, not 1.2"),
    (["a.png", "-o", "b.png", "--strength", "70"], "not 70; did you mean 70%?"),
    (["a.png", "-o", "b.png", "--scale", "150"], "at most 16, not 150.0; did you mean 150%?"),
    (["a.png", "-o", "b.png", "--max-side", "-5"], "'--max-side <n>': '-5' begins with a dash"),
    (["a.png", "-o", "b.png", "--max-pixels", "1G"], "'1G' is invalid for '--max-pixels <n>'"),
    (["a.png", "-out", "b.png"], "Unknown option '-out'. Did you mean '--output'?"),
    (["-quiet", "a.png", "-o", "b.png"], "Unknown option '-quiet'. Did you mean '--quiet'?"),
    (["a.png", "--keep-color", "yes", "-o", "b.png"], "there is no picture 'yes'; options"),
    (["-V"], "Unknown option '-V'. Did you mean '--version'?"),
    (["a.png", "-o", "b.png", "-R"], "Unknown option '-R'. Did you mean '-r'?"),
    (["--versoin"], "Unknown option '--versoin'. Did you mean '--version'?"),
    (["styles"], "no picture 'styles', and no subcommand. Did you mean 'models'?"),
    (["version"], "no picture 'version', and no subcommand. Did you mean '--version'?"),
    (["train", "--style", "a.png", "-o", "b.safetensors", "--norm", "batch-live"], "norm batch,"),
  ]) func isRefused(_ arguments: [String], _ expected: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains(expected))
    #expect(run.output == "")
    #expect(folder.files(in: "") == ["a.png"])
  }

  /// As the run's own log would be, for programs.
  @Test func usageErrorsAreJSONWhereTheLogIs() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    for format in [["--log-format", "json"], ["--log-format=json"]] {
      let run = try folder.run(["a.png", "-o", "b.png", "--norm", "instnce"] + format)
      #expect(run.status == 64)
      let events = try run.events()
      #expect(events.count == 1)
      #expect(events.first?["event"] as? String == "refused")
      #expect((events.first?["error"] as? String)?.hasSuffix("Did you mean 'instance'?") == true)
    }
  }

  /// Other tools' ways to write the same.
  @Test func valuesMayBeJoinedAndHaveOtherForms() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let plain = try folder.run(
      "a.png", "-o", "b.jpg", "-j", "1", "-q", "80", "--strength", "0.7", "--memory", "1G")
    #expect(plain.status == 0)
    let joined = try folder.run(
      "a.png", "-oc.jpg", "-j1", "-q80", "-v", "--strength", "70%", "--memory", "1GiB", "--format",
      "jpg")
    #expect(joined.status == 0, "\(joined.errors)")
    #expect(joined.errors.contains("peak memory"))
    #expect(try folder.bytes("b.jpg") == folder.bytes("c.jpg"))
  }

  /// What can't act is said, once, and the run goes on.
  @Test func optionsThatDoNothingAreTold() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(
      "a.png", "-o", "b.png", "-q", "50", "--batch", "3", "--models", "nowhere", "--swap")
    #expect(run.status == 0)
    for words in [
      "--quality does nothing: what is written is PNG",
      "--batch does nothing without --norm batch-live", "--swap does nothing without --norm",
      "--models nowhere isn't there; styles were looked for elsewhere",
    ] {
      #expect(run.errorLines.count { $0 == words } == 1, "\(words)")
    }
    let detail = try folder.run("a.png", "-o", "c.png", "--detail", "none", "--stroke-size", "1")
    #expect(detail.errorLines.contains("--detail does nothing with --stroke-size 1"))
    let sheet = try folder.run("preview", "a.png", "-o", "s.png", "-q", "50", "-m", "ink")
    #expect(sheet.errorLines == ["--quality does nothing: what is written is PNG"])
    let jpeg = try folder.run("a.png", "-o", "b.jpg", "--compression", "1", "-q", "50")
    #expect(jpeg.errorLines.contains("--compression does nothing: what is written is JPEG"))
    #expect(!jpeg.errors.contains("--quality"))
  }

  @Test func whatIsNoManifestIsNotReported() throws {
    let folder = try Folder()
    try folder.file("notes.txt", Array("one\ntwo\n".utf8))
    let run = try folder.run("report", "notes.txt")
    #expect(run.status == 2 && run.output == "")
    #expect(run.errors.contains("no line of notes.txt is a manifest's; name manifests"))
  }

  /// Directories are made for paintings; of sheets, pages and styles a mistyped one is more likely.
  @Test(arguments: [
    "a.png -o b.png --html no/p.html", "preview a.png -m ink -o no/s.png",
    "stats a.png -m ink --html no/p.html", "compare a.png -m ink -o no/c.png",
    "convert ink -o no/i.onnx", "experiment groups a.png -m ink -o no/g.png",
    "calibrate a.png -m ink -o no/i.safetensors", "train --style a.png -o no/i.safetensors",
  ]) func directoriesThatAreNotThereAreToBeMade(_ command: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(command.split(separator: " ").map(String.init))
    #expect(run.status == 2)
    #expect(run.errors.contains("; make ") && run.errors.contains(" first"), "\(run.errors)")
    #expect(folder.files(in: "") == ["a.png"])
  }

  @Test func dryRunsAreJSONWhereTheLogIs() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 24, height: 18)
    try folder.file("b.png", [1])
    let run = try folder.run(
      "a.png", "b.png", "-o", "out/", "--dry-run", "--log-format", "json")
    let lines = try run.output.split(separator: "\n").map { line in
      try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [String: Any] ?? [:]
    }
    #expect(run.status == 1)
    #expect(lines.map { $0["event"] as? String } == ["planned", "failed", "planned_all"])
    #expect(lines.first?["width"] as? Int == 24)
    #expect(lines.first?["output"] as? String == "out/a.png")
    #expect((lines.last?["memory_bytes"] as? Int ?? 0) > 0 && lines.last?["pictures"] as? Int == 1)
  }

  /// A name that isn't found leads to what was meant.
  @Test func stylesThatAreFilesAreTold() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    try folder.file("my.safetensors", [1])
    for (style, words) in [
      ("my", "no style \"my\"; the file here is -m ./my.safetensors"),
      (
        "a.png",
        "no style \"a.png\"; to make one after a.png: pastiche train --style a.png -o a.saf"
      ),
      ("./a.png", "./a.png: not a safetensors file but a picture; `pastiche train --style` makes"),
      ("ink,ink", "two styles are named ink, by which paintings are told apart; name each once"),
    ] {
      let run = try folder.run(["preview", "a.png", "-o", "b.png", "-m", style])
      #expect(run.status == 2 && run.errors.contains(words), "\(run.errors)")
    }
    let card = try folder.run("models", "ink", "oil")
    #expect(card.status == 0)
    #expect(card.output.hasPrefix("ink\n") && card.output.contains("\noil\n"))
    let missing = try folder.run("models", "ikn")
    #expect(missing.status == 2 && missing.errors.contains("did you mean ink?"))
  }

  /// Behind commas there may be spaces.
  @Test func listsMayBeSpaced() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    for arguments in [
      ["a.png", "-o", "b.png", "-m", "ink:0.5, oil:0.5"],
      ["compare", "a.png", "-o", "c.png", "--norms", "instance, layer", "--contrast", "0.5, 1"],
    ] {
      let run = try folder.run(arguments)
      #expect(run.status == 0, "\(run.errors)")
    }
    let both = try folder.run("a.png", "-o", "out/", "-m", "all,ink")
    #expect(both.status == 64)
    #expect(both.errors.contains("all is every style at hand, and stands alone"))
  }

  /// Ahead of what else is wrong because of it.
  @Test(arguments: [
    ("a.png --ouput b.png", "--ouput", "--output"),
    ("a.png -o b.png --strenght 0.5", "--strenght", "--strength"),
    ("stylize a.png --ouput=b.png", "--ouput", "--output"),
    ("train --stile a.png -o b.safetensors", "--stile", "--style"),
    ("job slurm --shard 3", "--shard", "--shards"),
  ]) func mistypedOptionIsTold(_ command: String, _ option: String, _ meant: String) throws {
    let run = try Folder().run(command.split(separator: " ").map(String.init))
    #expect(run.status == 64)
    #expect(
      run.errorLines.first == "Error: Unknown option '\(option)'. Did you mean '\(meant)'?")
    #expect(run.errorLines.dropFirst().first?.hasPrefix("Usage: pastiche ") == true)
  }

  /// By every command that looks for styles, whatever becomes of it otherwise.
  @Test(arguments: [
    "stylize a.png -o b.png", "stats a.png", "compare a.png -o b.png", "preview a.png -o b.png",
    "calibrate a.png -o b.safetensors", "experiment groups a.png", "models",
    "benchmark --size 32x32 --rounds 1", "convert ink -o b.onnx",
    "evaluate -m ink --style a.png a.png", "train --style a.png -o b.safetensors --base none",
  ]) func stylesThatAreNotThereAreTold(_ command: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let arguments = command.split(separator: " ").map(String.init)
    let run = try folder.run(
      arguments + ["--models", "nowhere"]
        + (arguments[0] == "train" ? ["--loss-network", "missing"] : []))
    let words = "--models nowhere isn't there; styles were looked for elsewhere"
    #expect(run.errorLines.count { $0.hasSuffix(words) } == 1, "\(run.errors)")
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
      "-v, --verbose", "--files-from", "-0, --null", "--max-side", "--scale", "--depth",
      "--metadata",
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
