import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// The bar that somebody at a terminal sees.
@Suite(.deadline(minutes: 5)) struct ProgressBarTests {
  /// What a terminal gets to see of a run.
  private func shown(
    _ arguments: [String], columns: UInt16 = 80, from input: String = "/dev/null",
    in folder: Folder
  ) throws -> (status: Int32, text: String) {
    var (leader, follower): (Int32, Int32) = (-1, -1)
    var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
    try #require(openpty(&leader, &follower, nil, nil, &size) == 0)
    let (terminal, screen) = (FileDescriptor(rawValue: follower), FileDescriptor(rawValue: leader))
    let running = try folder.start(
      arguments.map(Program.Argument.init(stringLiteral:)), standardInput: input,
      standardError: .terminal(terminal))
    try terminal.close()
    var bytes: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 4096)
    // It fails once nobody holds the other end any more.
    while let count = try? piece.withUnsafeMutableBytes({ try screen.read(into: $0) }), count > 0 {
      bytes += piece.prefix(count)
    }
    try screen.close()
    return (try running.wait().status, String(decoding: bytes, as: UTF8.self))
  }

  private func large(in folder: Folder) throws {
    try Folder.write(
      Image(
        width: 1500, height: 1000, pixels: PixelFormat(),
        bytes: [UInt8](repeating: 99, count: 1500 * 1000 * 3)),
      folder.path.appending("a.png"), .png)
  }

  /// How long the bar was, each time that it was drawn.
  private func lengths(of text: String) -> [Int] {
    text.components(separatedBy: "\r\u{1B}[K[").dropFirst().map { $0.prefix { $0 == "=" }.count }
  }

  @Test func itMovesWithinOnePictureAndNeverBack() throws {
    let folder = try Folder()
    try large(in: folder)
    let (status, text) = try shown(["a.png", "-o", "b.png", "-j", "1"], in: folder)
    #expect(status == 0)
    #expect(text.contains("] 0/1"))
    let lengths = lengths(of: text)
    #expect(Set(lengths).count > 2)
    #expect(lengths == lengths.sorted())
    // In the end its line is cleared and the summary stands there.
    let last = text.components(separatedBy: "\r\u{1B}[K").last
    #expect(last?.hasPrefix("1 done in ") == true)
  }

  @Test func failuresStandAboveItAndPicturesDoNot() throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.file("photos/b.png")
    let (status, text) = try shown(["photos", "-o", "out"], in: folder)
    #expect(status == 1)
    #expect(text.contains("\r\u{1B}[Kphotos/b.png: failed: the file is empty"))
    #expect(!text.contains("photos/a.png"))
  }

  @Test func itCountsWhatIsLeftToDo() throws {
    let folder = try Folder()
    try large(in: folder)
    try folder.picture("b.png")
    try folder.file("out/b.png")
    let (status, text) = try shown(["a.png", "b.png", "-o", "out"], in: folder)
    #expect(status == 0)
    #expect(text.contains("] 0/1"))
    #expect(!text.contains("/2"))
  }

  /// Of pictures that come one after the other nobody knows how many there are.
  @Test func itCountsAStreamWithoutATotal() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    try folder.file("stream", folder.bytes("a.png") + folder.bytes("a.png"))
    let (status, text) = try shown(
      ["-", "-o", "out/"], from: "\(folder.path)/stream", in: folder)
    #expect(status == 0)
    #expect(text.contains("\r\u{1B}[K0 done"))
    #expect(!text.contains("%"))
    #expect(text.contains("2 done in "))
  }

  @Test(arguments: [["--quiet"], ["--log-format", "json"]])
  func nothingIsDrawnWhereItIsNotWanted(_ flags: [String]) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let (status, text) = try shown(["a.png", "-o", "b.png"] + flags, in: folder)
    #expect(status == 0)
    #expect(!text.contains("\r\u{1B}"))
  }

  @Test func itFitsANarrowTerminal() throws {
    let folder = try Folder()
    try large(in: folder)
    let (status, text) = try shown(["a.png", "-o", "b.png"], columns: 8, in: folder)
    #expect(status == 0)
    for line in text.components(separatedBy: "\r\u{1B}[K") where line.hasPrefix("[") {
      #expect(line.count < 8)
    }
  }
}
