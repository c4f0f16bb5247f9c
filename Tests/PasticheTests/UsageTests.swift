import ArgumentParser
import Testing

@testable import pastiche

/// What can't be meant is refused as the command line is read.
@Suite struct UsageTests {
  @Test(arguments: [
    (["-o", "a.safetensors", "--style", "a.png", "b.png"], "several styles need a directory"),
    (["-o", "a/", "--style", "a.png", "b/a.png"], "two paintings have one name"),
    (["-o", "a/", "--style", "base.png", "--train", "all"], "a style can't be named base"),
    (
      ["-o", "a/", "--style", "a.png", "b.png", "--html", "a.html"], "--html shows the training of"
    ),
    (["--width", "16"], "--width goes with --base none"),
    (["--norm", "batch-live"], "train with --norm batch"),
    (["--iterations", "5", "--minutes", "1"], "--iterations and --minutes exclude one another"),
    (["--crop", "66"], "--crop must be a multiple of 4 in 64...1024, not 66"),
  ]) func trainRefuses(_ arguments: [String], _ words: String) {
    var all = arguments
    for (flag, value) in [("-o", "a.safetensors"), ("--style", "a.png")]
    where !all.contains(flag) {
      all += [flag, value]
    }
    expect(Train.self, all, refusedWith: words)
  }

  @Test(arguments: [
    (["--max-side", "15"], "--max-side must be in 16...2048, not 15"),
    (["-m", "all"], "this takes one style"),
  ]) func evaluateRefuses(_ arguments: [String], _ words: String) {
    var all = arguments + ["--style", "b.png", "a.png"]
    if !all.contains("-m") { all += ["-m", "ink"] }
    expect(Evaluate.self, all, refusedWith: words)
  }
}
