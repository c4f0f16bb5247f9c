import Foundation
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `pastiche train` that ends before its end, and goes on.
@Suite(.deadline(minutes: 5)) struct TrainResumeTests {
  @Test func whatGoesOnComesToTheSameBytes() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    let constant = ["--schedule", "constant", "--checkpoints", "kept", "-j", "1"]
    let half = try trained.train(
      constant + ["-o", "half/", "--iterations", "4", "--checkpoint-every", "3"])
    #expect(half.status == 0)
    let checkpoints = ["iteration-000003.safetensors", "iteration-000004.safetensors"]
    #expect(folder.files(in: "kept") == checkpoints)

    let rest = try trained.train(
      constant + ["-o", "rest/", "--iterations", "8", "--resume", "--log-format", "json"])
    #expect(rest.status == 0)
    #expect(rest.iterations == [5, 6, 7, 8])
    // They stay where they were asked for.
    #expect(folder.files(in: "kept") == [checkpoints[1], "iteration-000008.safetensors"])

    let whole = try trained.train(
      "-o", "whole/", "--schedule", "constant", "--iterations", "8", "-j", "2")
    #expect(whole.status == 0)
    #expect(folder.files(in: "whole") == ["painting.safetensors"])
    let bytes = try folder.bytes("whole/painting.safetensors")
    #expect(try folder.bytes("rest/painting.safetensors") == bytes)
    #expect(try folder.bytes("half/painting.safetensors") != bytes)
  }

  @Test func anInterruptionLeavesACheckpointToGoOnFrom() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    let running = try trained.start("-o", "a.safetensors", every: 1_000_000)
    running.waitForErrors("\"event\":\"iteration\"")
    running.send(SIGINT)
    let interrupted = try running.wait()
    #expect(interrupted.status == 130)
    #expect(!folder.exists("a.safetensors"))
    let done = try #require(interrupted.iterations.last)
    let digits = String(repeating: "0", count: 6 - "\(done)".count) + "\(done)"
    #expect(folder.files(in: "a.training") == ["iteration-\(digits).safetensors"])
    let event = try #require(try interrupted.events().last)
    #expect(event["event"] as? String == "interrupted" && event["iteration"] as? Int == done)
    #expect((event["text"] as? String)?.contains("pass --resume to go on from a.training") == true)

    let refused = try trained.train("-o", "a.safetensors")
    #expect(refused.status == 2)
    #expect(
      refused.errors == "pastiche: a.training/iteration-\(digits).safetensors is of a training "
        + "before this one; pass --resume to go on with it, or --overwrite to begin anew\n")

    let rest = try trained.train(
      "-o", "a.safetensors", "--iterations", "\(done + 2)", "--resume", "--log-format", "json")
    #expect(rest.status == 0)
    #expect(rest.iterations == [done + 1, done + 2])
    #expect(folder.exists("a.safetensors") && !folder.exists("a.training"))
  }

  @Test func aKilledOneLosesAnIntervalAtMost() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    let running = try trained.start("-o", "a.safetensors", every: 3)
    running.waitForErrors("\"event\":\"checkpoint\",\"iteration\":6")
    running.send(SIGKILL)
    let killed = try running.wait()
    #expect(killed.status == -SIGKILL)
    #expect(!folder.exists("a.safetensors"))
    let done = try #require(killed.iterations.last)
    let last = try #require(folder.files(in: "a.training").last { $0.hasPrefix("iteration-") })
    let kept = try #require(Int(last.dropFirst("iteration-".count).prefix(6)))
    #expect(kept >= done - 3)
    let rest = try trained.train(
      "-o", "a.safetensors", "--iterations", "\(kept + 1)", "--resume", "--log-format", "json")
    #expect(rest.status == 0)
    #expect(rest.iterations == [kept + 1])
    #expect(folder.exists("a.safetensors"))
  }

  // MARK: Checkpoints that can't be used

  @Test func aCheckpointOfAnotherTrainingIsRefusedByWhatDiffers() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    let arguments = ["-o", "a.safetensors", "--checkpoints", "kept"]
    #expect(try trained.train(arguments).status == 0)
    try folder.remove("a.safetensors")
    var network = TinyLossNetwork.file
    network.tensors["conv1_1.bias"]?.values[0] += 1
    try network.write(to: folder.path.appending("loss.safetensors"), replacing: true)
    let before = folder.files(in: "kept")
    let run = try trained.train(
      arguments + [
        "--resume", "--seed", "2", "--rate", "0.1", "--loss-network", "loss.safetensors",
      ])
    #expect(run.status == 2)
    #expect(
      run.errors == "pastiche: kept/iteration-000002.safetensors: of a training with other "
        + "settings (loss-network, rate, seed); give the same, or begin anew with --overwrite "
        + "instead of --resume\n")
    #expect(folder.files(in: "kept") == before && !folder.exists("a.safetensors"))
    let anew = try trained.train(
      arguments + ["--overwrite", "--seed", "2", "--iterations", "1", "--log-format", "json"])
    #expect(anew.status == 0 && anew.iterations == [1])
    #expect(folder.files(in: "kept") == ["iteration-000001.safetensors"])
  }

  @Test func theNewestThatCanBeReadIsUsed() throws {
    let trained = try TrainingFolder()
    let folder = trained.folder
    let arguments = ["-o", "a.safetensors", "--checkpoints", "kept", "--schedule", "constant"]
    let first = try trained.train(arguments + ["--iterations", "4", "--checkpoint-every", "2"])
    #expect(first.status == 0)
    let names = (2...4).map { "iteration-00000\($0).safetensors" }
    #expect(folder.files(in: "kept") == [names[0], names[2]])
    try folder.file("kept/\(names[2])", Array(folder.bytes("kept/\(names[2])").dropLast(9)))
    // The broken one isn't the one that is kept for that.
    let rest = try trained.train(
      arguments + [
        "--iterations", "3", "--resume", "--overwrite", "--log-format", "json", "--keep", "1",
      ])
    #expect(rest.status == 0 && rest.iterations == [3])
    #expect(rest.errors.contains("passed over: kept/\(names[2]): "))
    #expect(rest.errors.contains("going on from kept/\(names[0])"))
    #expect(folder.files(in: "kept") == [names[1], names[2]])

    for name in names[1...] { try folder.file("kept/\(name)", [1, 2, 3]) }
    let none = try trained.train(arguments + ["--resume", "--overwrite"])
    #expect(none.status == 2)
    #expect(none.errors.hasPrefix("pastiche: kept/\(names[2]): 3 bytes are too few"))
    #expect(none.errors.hasSuffix("; begin anew with --overwrite instead of --resume\n"))
  }
}
