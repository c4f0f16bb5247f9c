import ArgumentParser
import Testing

@testable import pastiche

/// What makes no job is refused as the command line is read.
@Suite struct JobUsageTests {
  static let command = ["--", "photos/", "-o", "painted/"]

  @Test(arguments: [
    (["photos/", "-o", "painted/"], "the command is missing: behind -- stand the arguments"),
    ([], "the command is missing: behind -- stand the arguments of pastiche stylize"),
    (["--"], "the command is missing"),
    (["--", "photos/"], "Missing expected argument '--output <out>'"),
    (["--", "photos/", "-o", "painted/", "--frobnicate"], "Unknown option '--frobnicate'"),
    (["--", "photos/", "-o", "painted/", "-q", "0"], "--quality must be in 1...100, not 0"),
    (["--", "photos/", "-o", "painted/", "--help"], "pastiche help stylize tells"),
    (
      ["--", "a.png", "-o", "b.png"],
      "go into a directory, and b.png is a file: end -o in a slash"
    ),
    (["--", "photos/", "b/", "-o", "-"], "can go to standard output"),
    (["--", "-", "-o", "painted/"], "a task has no standard input"),
    (["--", "--files-from", "-", "-o", "painted/"], "a task has no standard input"),
    (
      ["--", "photos/", "-o", "painted/", "--shard", "1/8"], "say how many there are with --shards"
    ),
    (["--", "photos/", "-o", "painted/", "--shard=auto"], "say how many there are with --shards"),
    (["--", "photos/", "-o", "painted/", "-j", "2"], "say how many with --cpus, ahead of --"),
    (["--", "photos/", "-o", "painted/", "--memory", "2G"], "say how much with --memory, ahead"),
    (["--", "photos/", "-o", "painted/", "--dry-run"], "--dry-run does nothing"),
    (["--", "photos/", "-o", "painted/", "--html", "a.html"], "--html makes one page"),
    (["--", "train", "--style", "a.png", "-o", "a.safetensors"], "and train has no shares"),
    (["--shards", "0"] + command, "--shards must be in 1...100000, not 0"),
    (["--at-once", "0"] + command, "--at-once must be at least 1, not 0"),
    (["--cpus", "0"] + command, "--cpus must be in 1...1024, not 0"),
    (["--memory", "64M"] + command, "more than the 64M that the program takes for itself"),
    (["--memory", "unlimited"] + command, "and not unlimited: not unlimited"),
    (["--memory", "lots"] + command, "'lots' is invalid for '--memory <size>'"),
  ]) func aJobRefuses(_ arguments: [String], _ words: String) {
    expect(SlurmJob.self, arguments, refusedWith: words)
  }

  @Test(arguments: [
    (["--time", "soon"], "'soon' is invalid for '--time"),
    (["--time", "1:2:3:4"], "'1:2:3:4' is invalid for '--time"),
    (["--time", "1-"], "'1-' is invalid for '--time"),
    (["--time", "1\n#SBATCH --wrap=x"], "is invalid for '--time"),
    (["--partition", "a b"], "--partition must be names with commas between, not \"a b\""),
    (["--partition", "a\n#SBATCH"], "not \"a\\n#SBATCH\""),
    (["--partition", ""], "--partition must be"),
  ]) func slurmRefuses(_ arguments: [String], _ words: String) {
    expect(SlurmJob.self, arguments + Self.command, refusedWith: words)
  }

  @Test(arguments: ["90", "90:00", "1:30:00", "2-0", "2-0:30", "2-00:30:00"])
  func slurmTakesItsTimes(_ time: String) throws {
    #expect(try SlurmJob.parse(["--time", time] + Self.command).time?.text == time)
  }

  private static let pod = ["--image", "a/b:1", "--mount", "pictures:/p"]

  @Test(arguments: [
    (
      ["--mount", "pictures:/p", "--", "/p/a/", "-o", "/p/b/"], "Missing expected argument '--image"
    ),
    (["--image", "a b", "--mount", "c:/p", "--", "/p/a/", "-o", "/p/b/"], "not \"a b\""),
    (pod + ["--", "a/", "-o", "/p/b/"], "a is relative: name what is in the container from / on"),
    (pod + ["--", "/p/a/", "-o", "b/"], "b is relative"),
    (pod + ["--", "/p/a/", "-o", "/q/b/"], "/q/b would be gone with the pod"),
    (pod + ["--", "/p/a/", "-o", "/p/../q/"], "would be gone with the pod"),
    (pod + ["--", "/p/a/", "-o", "/pq/"], "would be gone with the pod"),
    (["--image", "a", "--", "/p/a/", "-o", "/p/b/"], "--mount pictures:/p"),
    (
      ["--image", "a", "--mount", "c:/p:ro", "--", "/p/a/", "-o", "/p/b/"], "in a mount that is ro"
    ),
    (pod + ["--mount", "c:/p/b:ro", "--", "/p/a/", "-o", "/p/b/"], "in a mount that is ro"),
    (pod + ["--mount", "other:/p", "--", "/p/a/", "-o", "/p/b/"], "two claims are to be at /p"),
    (pod + ["--mount", "Other:/q", "--", "/p/a/", "-o", "/p/b/"], "'Other:/q' is invalid for"),
    (pod + ["--mount", "c:q", "--", "/p/a/", "-o", "/p/b/"], "'c:q' is invalid for"),
    (pod + ["--mount", "c:/q/../p", "--", "/p/a/", "-o", "/p/b/"], "is invalid for"),
    (pod + ["--mount", "c:/q:rw", "--", "/p/a/", "-o", "/p/b/"], "is invalid for"),
    (pod + ["--name", "Pastiche", "--", "/p/a/", "-o", "/p/b/"], "at most 61 small letters"),
    (pod + ["--name", "a-", "--", "/p/a/", "-o", "/p/b/"], "small letters, digits and hyphens"),
    (
      pod + ["--name", String(repeating: "a", count: 62), "--", "/p/a/", "-o", "/p/b/"],
      "at most 61"
    ),
    (
      pod + ["--", "/p/\u{10FFFF}/", "-o", "/p/b/"],
      "Kubernetes takes UTF-8 alone, not \"/p/\\xFF/\""
    ),
  ]) func kubernetesRefuses(_ arguments: [String], _ words: String) {
    expect(KubernetesJobCommand.self, arguments, refusedWith: words)
  }
}
