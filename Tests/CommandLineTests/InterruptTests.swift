import Foundation
import ImageFiles
import Testing

/// Ctrl-C and the polite kill end a run soon, and leave what is complete.
struct InterruptTests {
  @Test(arguments: [(SIGINT, 130), (SIGTERM, 143)] as [(Int32, Int32)])
  func aRunEndsWithWhatIsCompleteAndASecondDoesTheRest(_ signal: Int32, _ status: Int32) throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    // This one keeps the network busy until the signal comes.
    try Folder.write(
      Image(
        width: 2500, height: 1500, pixels: PixelFormat(),
        bytes: [UInt8](repeating: 99, count: 2500 * 1500 * 3)),
      folder.path.appending("photos/b.png"), .png)
    try folder.picture("photos/c.png")
    let running = try folder.start(["photos", "-o", "out", "-j", "1"])
    while !folder.exists("out/a.png") { usleep(1000) }
    running.send(signal)
    let interrupted = try running.wait()
    #expect(interrupted.status == status)
    #expect(interrupted.errors.contains("1 done in "))
    #expect(interrupted.errors.contains("; ended early"))
    #expect(folder.files(in: "out") == ["a.png"])
    let first = try folder.bytes("out/a.png")

    try folder.picture("photos/b.png")
    let second = try folder.run("photos", "-o", "out")
    #expect(second.status == 0)
    #expect(second.errors.contains("2 done, 1 skipped in "))
    #expect(folder.files(in: "out") == ["a.png", "b.png", "c.png"])
    #expect(try folder.bytes("out/a.png") == first)
  }

  @Test(arguments: [
    ["calibrate", "photos", "-o", "b.safetensors"],
    ["benchmark", "--size", "2000x2000"],
    ["photos/a.png", "-o", "b.png"],
  ]) func everyCommandCanBeEnded(_ arguments: [String]) throws {
    let folder = try Folder()
    try folder.directory("photos")
    try Folder.write(
      Image(
        width: 2500, height: 1500, pixels: PixelFormat(),
        bytes: [UInt8](repeating: 99, count: 2500 * 1500 * 3)),
      folder.path.appending("photos/a.png"), .png)
    let running = try folder.start(
      (arguments + ["-j", "1"]).map(Program.Argument.init(stringLiteral:)))
    usleep(300_000)
    running.send(SIGINT)
    #expect(try running.wait().status == 130)
    #expect(folder.files(in: "") == ["photos/a.png"])
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
}
