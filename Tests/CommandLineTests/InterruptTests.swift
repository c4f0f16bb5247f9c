import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// Ctrl-C and the polite kill end a run soon, and leave what is complete.
@Suite(.deadline(minutes: 5)) struct InterruptTests {
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aRunEndsWithWhatIsCompleteAndASecondDoesTheRest(_ signal: Int32, _ status: Int32) throws {
    let folder = try Folder()
    try folder.directory("photos")
    try large(in: folder, "large.png", width: 1000, height: 500)
    // Many seconds of work, whatever the build.
    let names = (10..<90).map { "\($0).png" }
    for name in names { try folder.link("photos/\(name)", to: "../large.png") }
    let running = try folder.start(["photos", "-o", "out", "-j", "1"])
    // A run that fails instead must not be waited for.
    var patience = 60_000
    while patience > 0, !folder.exists("out/10.png") {
      usleep(1000)
      patience -= 1
    }
    running.send(signal)
    let interrupted = try running.wait()
    #expect(interrupted.status == status)
    #expect(interrupted.errors.contains("; ended early"))
    let done = folder.files(in: "out")
    #expect(interrupted.errors.contains("\(done.count) done in "))
    #expect(done == names.prefix(done.count).map { $0 })
    #expect(1..<names.count ~= done.count)
    #expect(try folder.image("out/\(#require(done.last))").width == 1000)

    try folder.picture("large.png")
    let second = try folder.run("photos", "-o", "out")
    #expect(second.status == 0)
    #expect(
      second.errors.contains("\(names.count - done.count) done, \(done.count) skipped in "))
    #expect(folder.files(in: "out") == names)
  }

  private func large(in folder: Folder, _ name: String, width: Int, height: Int) throws {
    let bytes = [UInt8](repeating: 99, count: width * height * 3)
    try Folder.write(
      Image(width: width, height: height, pixels: PixelFormat(), bytes: bytes),
      folder.path.pushing(FilePath(name)), .png)
  }

  @Test func aBenchmarkCanBeEnded() throws {
    let folder = try Folder()
    let running = try folder.start(["benchmark", "--size", "200x200", "--rounds", "1000000"])
    usleep(300_000)
    running.send(SIGINT)
    // To a shell both are 130; a signal that comes before the program does ends it at once.
    let ended = try running.wait()
    #expect([130, -SIGINT].contains(ended.status))
    #expect(ended.output == "")
  }

  /// A pipe into which nobody writes is not waited for.
  @Test(arguments: ["0", "1"]) func aRunThatWaitsForAPipeCanBeEnded(_ strength: String) throws {
    let folder = try Folder()
    mkfifo("\(folder.path)/a.png", 0o600)
    let running = try folder.start(["a.png", "-o", "b.png", "--strength", "\(strength)"])
    usleep(300_000)
    running.send(SIGTERM)
    #expect(try running.wait().status == 143)
    #expect(!folder.exists("b.png"))
  }

  /// Without the network pictures go from file to file, and end between two rows.
  @Test(arguments: ["png", "jpg"]) func aCopyCanBeEnded(_ kind: String) throws {
    let folder = try Folder()
    try Folder.write(
      Image(
        width: 6000, height: 4000, pixels: PixelFormat(),
        bytes: [UInt8](repeating: 99, count: 6000 * 4000 * 3)),
      folder.path.appending("a.png"), .png)
    let running = try folder.start(
      ["a.png", "-o", "out/b.\(kind)", "--strength", "0", "--compression", "9"])
    while !folder.exists("out") { usleep(1000) }
    running.send(SIGINT)
    let ended = try running.wait()
    #expect(ended.status == 130)
    #expect(ended.errors.contains("0 done in "))
    #expect(folder.files(in: "out") == [])
  }

  /// What can't be interrupted, here a disk, is dropped: at the first signal after a while, at the
  /// second at once, and either way nothing of it stays, even where files have names from the first.
  @Test(
    .enabled(if: PoorDisk.isPossible, "a C compiler is needed"),
    arguments: [1, 2], ["slow", "slow nolink norename"])
  func whatCannotBeInterruptedIsDropped(_ signals: Int, _ disk: String) throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.png")
    try folder.directory("disk")
    let running = try folder.start(
      ["photos", "-o", "disk", "--manifest", "--html", "page.html"],
      environment: PoorDisk.environment(disk))
    var patience = 60_000
    while patience > 0, !folder.exists("disk/.pastiche-manifest.jsonl") {
      usleep(1000)
      patience -= 1
    }
    usleep(500_000)
    let start = ContinuousClock.now
    for _ in 0..<signals { running.send(SIGINT) }
    let ended = try running.wait()
    #expect(ended.status == 130)
    #expect(ContinuousClock.now - start < .seconds(60))
    #expect(
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/disk")
        == [".pastiche-manifest.jsonl"])
    #expect(try folder.bytes("disk/.pastiche-manifest.jsonl").isEmpty)
    if signals == 1 {
      #expect(ended.errors.contains("0 done in ") && ended.errors.contains("; ended early"))
      #expect(folder.exists("page.html"))
    }
  }

  /// What a killed run leaves on a disk where files have names from the first is gone after the next.
  @Test(.enabled(if: PoorDisk.isPossible, "a C compiler is needed"))
  func whatAKilledRunLeavesIsRemoved() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.directory("disk")
    let running = try folder.start(
      ["photos", "-o", "disk"], environment: PoorDisk.environment("slow nolink norename"))
    func entries() throws -> [String] {
      try FileManager.default.contentsOfDirectory(atPath: "\(folder.path)/disk")
    }
    var patience = 60_000
    while patience > 0, try entries().isEmpty {
      usleep(1000)
      patience -= 1
    }
    running.send(SIGKILL)
    #expect(try running.wait().status == -SIGKILL)
    #expect(try entries().count == 1)
    try folder.file("disk/.pastiche-1-a-b")
    let next = try folder.run(["photos", "-o", "disk"])
    #expect(next.status == 0, "\(next.errors)")
    #expect(try entries().sorted() == [".pastiche-1-a-b", "a.png"])
  }
}
