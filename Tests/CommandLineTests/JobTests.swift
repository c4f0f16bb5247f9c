import Foundation
import SystemPackage
import TestSupport
import Testing

/// `pastiche job` from end to end: what it prints is run by bash, as Slurm would run it.
@Suite(.enabled(if: command("bash") != nil, "scripts are bash's"), .deadline(minutes: 5))
struct JobTests {
  /// Nothing that a shell could take for something else comes through by chance.
  private static let names = [
    "1.png", "two words.png", "it's.png", "a\nb.png", "$HOME.png", "`x`.png", "雪 é.png", "-n.png",
  ]

  private func task(_ index: Int, of count: Int, in folder: Folder) throws -> Ended {
    let path = ProcessInfo.processInfo.environment["PATH"] ?? "/usr/bin:/bin"
    return try folder.start(
      ["\(folder.path)/job.sh"], of: try #require(command("bash")),
      environment: [
        "SLURM_ARRAY_JOB_ID": "7", "SLURM_ARRAY_TASK_ID": "\(index)",
        "SLURM_ARRAY_TASK_COUNT": "\(count)", "SLURM_ARRAY_TASK_MIN": "0",
        "SLURM_ARRAY_TASK_MAX": "\(count - 1)", "SLURM_ARRAY_TASK_STEP": "1",
        "PATH": "\(folder.path)/bin:\(path)",
      ]
    ).wait()
  }

  private func script(in folder: Folder, _ arguments: [String]) throws {
    let printed = try folder.run(["job", "slurm"] + arguments)
    #expect(printed.status == 0 && printed.errors == "", "\(printed.errors)")
    try folder.file("job.sh", Array(printed.output.utf8))
    try folder.file(
      "bin/scontrol", Array("#!/bin/sh\necho \"$@\" >> '\(folder.path)/asked'\n".utf8))
    chmod("\(folder.path)/bin/scontrol", 0o755)
  }

  @Test func tasksTogetherPaintWhatOneRunDoes() throws {
    let folder = try Folder()
    for (number, name) in Self.names.enumerated() {
      try folder.picture("it's $1 in\n/\(name)", width: 24, height: 16, seed: number)
    }
    try script(
      in: folder,
      [
        "--shards", "3", "--cpus", "1", "--", "stylize", "it's $1 in\n/", "-o", "out `2`/", "-q",
        "80",
      ])
    // Some twice, as after the failure of a node.
    for index in [0, 1, 2, 1, 0] {
      let ended = try task(index, of: 3, in: folder)
      #expect(ended.status == 0, "\(ended.errors)")
    }
    #expect(!folder.exists("asked"))
    let whole = try folder.run("it's $1 in\n/", "-o", "whole", "-q", "80")
    #expect(whole.status == 0)
    let painted = folder.files(in: "out `2`").filter { !$0.hasPrefix(".") }
    #expect(painted == Self.names.sorted())
    for name in painted {
      #expect(try folder.bytes("out `2`/\(name)") == folder.bytes("whole/\(name)"))
    }
    let lines = try folder.files(in: "out `2`").filter { $0.hasPrefix(".") }.flatMap {
      try folder.bytes("out `2`/\($0)").split(separator: UInt8(ascii: "\n"))
    }
    #expect(lines.count == Self.names.count)
  }

  @Test func aTaskWithPicturesThatFailIsNotTriedAgain() throws {
    let folder = try Folder()
    try folder.picture("in/1.png")
    try folder.file("in/2.png", Array("no picture".utf8))
    try script(in: folder, ["--shards", "1", "--", "in", "-o", "out/"])
    let ended = try task(0, of: 1, in: folder)
    #expect(ended.status == 1 && ended.errors.contains("2.png: failed: "), "\(ended.errors)")
    #expect(folder.exists("out/1.png") && !folder.exists("asked"))
  }

  @Test(.enabled(if: SmallDisk.isPossible, "mounting takes root"))
  func aTaskOnAFullDiskIsTriedAgain() throws {
    let disk = try #require(try SmallDisk("out", kilobytes: 16))
    for number in 1...20 {
      try disk.folder.picture("in/\(number).png", width: 24, height: 16, seed: number)
    }
    try script(in: disk.folder, ["--shards", "2", "--", "in", "-o", "out/"])
    let ended = try task(1, of: 2, in: disk.folder)
    #expect(ended.errors.contains("there is no space left; to be tried again"), "\(ended.errors)")
    #expect(try String(decoding: disk.folder.bytes("asked"), as: UTF8.self) == "requeue 7_1\n")
  }

  @Test func companyThatAShareChangesIsTold() throws {
    let printed = try Folder().run(
      "job", "slurm", "--", "in/", "-o", "out/", "--norm", "batch-live")
    #expect(printed.status == 0 && printed.output.hasPrefix("#!/bin/bash\n#SBATCH "))
    #expect(printed.errors.contains("company with those of their share alone"))
  }

  @Test func kubernetesIsGivenAJob() throws {
    let printed = try Folder().run(
      "job", "kubernetes", "--image", "registry/pastiche:1", "--mount", "pictures:/p", "--",
      "/p/in \"1\"/", "-o", "/p/out/")
    #expect(printed.status == 0 && printed.errors == "")
    #expect(printed.output.contains("\napiVersion: batch/v1\nkind: Job\n"))
    #expect(printed.output.contains(#"            - "/p/in \"1\"/""#))
  }

  @Test(arguments: [
    (["job", "slurm", "--", "in/", "-o", "out/", "--shard", "auto"], "with --shards, ahead of --"),
    (["job", "slurm", "--", "in/", "-o", "out/", "--frobnicate"], "Unknown option '--frobnicate'"),
    (["job", "kubernetes", "--image", "a", "--", "/in/", "-o", "/out/"], "gone with the pod"),
  ]) func whatMakesNoJobIsRefused(_ arguments: [String], _ words: String) throws {
    let run = try Folder().run(arguments)
    #expect(run.status == 64 && run.output == "" && run.errors.contains(words), "\(run.errors)")
  }
}
