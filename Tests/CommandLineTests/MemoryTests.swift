import Foundation
import ImageFiles
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// `--memory` and `--scratch`.
@Suite(.deadline(minutes: 5)) struct MemoryTests {
  /// The most memory that a run had, as it says itself.
  private func peak(_ run: Ended) throws -> Int {
    let finished = try run.events().last { $0["event"] as? String == "finished" }
    return try #require(finished?["peak_rss_bytes"] as? Int)
  }

  /// The budget and 64 MB are the most that there is, whatever the kind of the input and the output;
  /// and the bytes are those of a run without one.
  @Test(arguments: [
    ("large.jpg", []), ("turned.jpg", ["--format", "png"]), ("large.png", ["--depth", "16"]),
    ("large.jpg", ["--scale", "0.5", "--keep-color", "-j", "5"]),
    ("large.png", ["--html", "page.html", "--overwrite"]),
  ])
  func budgetIsKept(_ name: String, _ flags: [String]) throws {
    let folder = try Folder()
    let format: ImageFormat = name.hasSuffix("jpg") ? .jpeg : .png
    try folder.picture(name, width: 1700, height: 1300, format: format)
    if name == "turned.jpg" {
      try folder.file(name, Self.turned(folder.bytes(name)))
    }
    let arguments = [name, "--log-format", "json"] + flags
    let whole = try folder.run(arguments + ["-o", "whole/", "--memory", "unlimited"])
    #expect(whole.status == 0)
    let least = try folder.run(arguments + ["-o", "least/", "--memory", "1M"])
    #expect(least.status == 2)
    let refusal = try #require(least.events().first { $0["event"] as? String == "failed" })
    let words = try #require(refusal["error"] as? String)
    let match = try #require(
      words.wholeMatch(of: /needs (\d+)M of memory, and 1M are given; pass --memory \1M/))
    let needed = try #require(Int(match.1))
    #expect(needed < 40)
    for memory in [needed, needed + 20] {
      let run = try folder.run(arguments + ["-o", "within-\(memory)/", "--memory", "\(memory)M"])
      #expect(run.status == 0)
      #expect(try peak(run) <= (memory + 64) << 20)
      #expect(try peak(run) < peak(whole))
      let output = folder.files(in: "whole")[0]
      #expect(try folder.bytes("within-\(memory)/\(output)") == folder.bytes("whole/\(output)"))
    }
    // Nothing is left of the scratch files.
    #expect(folder.files(in: "").allSatisfy { !$0.contains(".pastiche") })
  }

  /// A network of 630 MB, all zeros, which take no room on the disk: that it has no room in memory is
  /// known before it is read, and to list it takes its header alone.
  @Test func weightsCountBeforeTheyAreRead() throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let small = try WeightFile(contentsOf: TestStyles.shared.get().file("mural"))
    var header: [String: Any] = [
      "__metadata__": small.metadata.merging(["width": "512", "name": "wide"]) { $1 }
    ]
    var end = 0
    for (name, tensor) in small.tensors {
      // Channels of a network of width 4, but not the colours and the kernels' sides.
      let shape = tensor.shape.map { [3, 9].contains($0) ? $0 : 128 * $0 }
      let start = end
      end += 4 * shape.reduce(1, *)
      header[name] = ["dtype": "F32", "shape": shape, "data_offsets": [start, end]]
    }
    let json = try JSONSerialization.data(withJSONObject: header)
    let length = withUnsafeBytes(of: UInt64(json.count).littleEndian) { Array($0) }
    try folder.file("styles/wide.safetensors", length + Array(json))
    let path = folder.path.appending("styles/wide.safetensors")
    #expect(truncate(path.string, 8 + json.count + end) == 0)
    // Nor would there be memory to read it.
    let limited: [Program.Argument] = [
      "-c", "ulimit -v 400000; exec \"$@\"", "sh", "\(Program.executable)",
    ]
    let options: [Program.Argument] = [
      "a.png", "-o", "b.png", "--models", "styles", "-m", "wide", "--memory", "100M",
    ]
    let refused = try folder.start(limited + options, of: "/bin/sh").wait()
    #expect(refused.status == 2)
    #expect(
      refused.errors.contains(
        "styles/wide.safetensors: its values take \((end + 1 << 20 - 1) >> 20)M of memory, of the 164M "
          + "that are left; raise --memory\n"), "\(refused.errors)")
    let listed = try folder.start(limited + ["models", "--models", "styles"], of: "/bin/sh").wait()
    #expect(listed.output.contains("instance norm, width 512, "), "\(listed.errors)")
  }

  /// Metadata counts: of a dozen pictures on their way, each with the most that is carried, no more are
  /// there at a time than have room, and one alone that has none is refused.
  @Test func metadataCounts() throws {
    let folder = try Folder()
    try folder.picture("plain.jpg", width: 64, height: 48, format: .jpeg)
    let plain = try folder.bytes("plain.jpg")
    let segment = [0xFF, 0xE5, 0xFF, 0xFF] + [UInt8](repeating: 7, count: 0xFFFD)
    let segments = (0..<127).flatMap { _ in segment }
    // Comments by the thousand, all but empty, are dropped where they are too many.
    let comments = (0..<40_000).flatMap { _ in [0xFF, 0xFE, 0, 3, 65] as [UInt8] }
    for number in 10..<22 {
      try folder.file(
        "in/\(number).jpg", plain.prefix(2) + segments + comments + plain.dropFirst(2))
    }
    let memory = 60
    let run = try folder.run(
      ["in", "-o", "out", "--memory", "\(memory)M", "--log-format", "json", "-j", "4"])
    #expect(run.status == 0)
    #expect(try peak(run) <= (memory + 64) << 20)
    let notes = try run.events().compactMap { $0["notes"] as? [String] }.flatMap(\.self)
    #expect(notes.contains { $0.contains("there are more than 1048576 bytes of such") })
    #expect(try folder.bytes("out/21.jpg").count > segments.count)
    let refused = try folder.run("in/10.jpg", "-o", "one.jpg", "--memory", "16M")
    #expect(refused.status == 2 && refused.errors.contains("M of memory, and 16M are given"))
  }

  /// The same JPEG with EXIF orientation 6.
  private static func turned(_ jpeg: [UInt8]) -> [UInt8] {
    let tiff: [UInt8] =
      Array("II*\0".utf8) + [8, 0, 0, 0, 1, 0, 0x12, 1, 3, 0, 1, 0, 0, 0, 6, 0, 0, 0, 0, 0, 0, 0]
    let exif = Array("Exif\0\0".utf8) + tiff
    return jpeg.prefix(2) + [0xFF, 0xE1, 0, UInt8(exif.count + 2)] + exif + jpeg.dropFirst(2)
  }

  @Test func aPictureThatIsTooLargeFailsAlone() throws {
    let folder = try Folder()
    try folder.picture("in/large.png", width: 600, height: 400)
    try folder.picture("in/small.png")
    let run = try folder.run("in", "-o", "out", "--memory", "4M")
    #expect(run.status == 1)
    #expect(folder.files(in: "out") == ["small.png"])
    #expect(run.errors.contains("in/large.png: failed: needs "))
  }

  /// What a dry run says is what is refused below, and where scratch comes in.
  @Test func dryRunSaysWhatIsTaken() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 1700, height: 1300)
    func said(_ memory: String) throws -> (memory: Int, scratch: Int) {
      let run = try folder.run(["a.png", "-o", "b.png", "--dry-run", "--memory", memory])
      let match = try #require(run.output.firstMatch(of: /memory (\d+)M, scratch (\d+)M/))
      return try (#require(Int(match.1)), #require(Int(match.2)))
    }
    let whole = try said("unlimited")
    #expect(whole.memory > 100 && whole.scratch == 0)
    let banded = try said("24M")
    #expect((12...24).contains(banded.memory) && banded.scratch > 0)
    #expect(try said("\(banded.memory)M").memory <= banded.memory)
  }

  /// A scratch directory that can't be had fails those pictures that need it.
  @Test func aScratchDirectoryThatIsNotThereFailsPicturesThatNeedIt() throws {
    let folder = try Folder()
    try folder.picture("in/large.png", width: 1700, height: 1300)
    try folder.picture("in/small.png")
    let run = try folder.run(
      "in", "-o", "out", "--memory", "24M", "--scratch", "nowhere")
    #expect(run.status == 1)
    #expect(folder.files(in: "out") == ["small.png"])
    #expect(
      run.errors.contains("of scratch space in nowhere can't be had: No such file or directory"))
  }

  /// Room is reserved before there is any work to lose, and the others go on.
  @Test(
    .enabled(if: SmallDisk.isPossible, "only root may mount a small disk"),
    arguments: [false, true])
  func aScratchDiskThatIsFullOrReadOnlyFailsPicturesThatNeedIt(_ isReadOnly: Bool) throws {
    let disk = try #require(
      try SmallDisk("scratch", kilobytes: 512, isReadOnly: isReadOnly))
    let folder = disk.folder
    try folder.picture("in/large.png", width: 1700, height: 1300)
    try folder.picture("in/small.png")
    try withExtendedLifetime(disk) {
      let run = try folder.run("in", "-o", "out", "--memory", "24M", "--scratch", "scratch")
      #expect(run.status == 1)
      #expect(folder.files(in: "out") == ["small.png"])
      let reason = isReadOnly ? "Read-only file system" : "No space left on device"
      #expect(run.errors.contains("of scratch space in scratch can't be had: \(reason); name"))
      #expect(folder.files(in: "scratch") == [])
    }
  }

  @Test(arguments: ["0", "-5M", "12X", "M", "1.5G", "", "9999999999999999G"])
  func sizesThatAreNoneAreUsageErrors(_ size: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run("a.png", "-o", "b.png", "--memory=\(size)")
    #expect(run.status == 64)
    #expect(!folder.exists("b.png"))
  }

  @Test(arguments: ["1K", "9M", "1g", "40000000", "unlimited"])
  func sizesTakeUnits(_ size: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(["a.png", "-o", "b.png", "--memory", size, "--verbose"])
    #expect(run.status == (size == "1K" ? 2 : 0))
    let said = ["1K": "1M", "1g": "1.0G", "40000000": "39M"][size] ?? size
    #expect(run.errorLines.first?.hasPrefix("memory: \(said), scratch: ") == true)
  }

  /// Scratch files lie in `$TMPDIR`, but for one in memory.
  @Test(arguments: [("/dev/shm", "/var/tmp"), ("/var", "/var")])
  func theDefaultIsSaid(_ temporary: String, _ scratch: String) throws {
    let folder = try Folder()
    try folder.picture("a.png")
    let run = try folder.run(
      "a.png", "-o", "b.png", "--dry-run", environment: ["TMPDIR": temporary])
    let line = try #require(run.errorLines.first)
    // The machine's half may be less than the default.
    let match = try #require(
      line.wholeMatch(
        of: /memory: (?:2\.0G \(the default\)|\d+M \(half of what there is\)), scratch: (.*)/))
    #expect(match.1 == scratch)
  }

  /// How far a long run is.
  @Test func progressIsAnEventEverySecond() throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 1700, height: 1300)
    let run = try folder.run(
      "a.png", "-o", "b.png", "-j", "1", "--log-format", "json")
    let fractions = try run.events().filter { $0["event"] as? String == "progress" }.compactMap {
      $0["fraction"] as? Double
    }
    #expect(fractions == fractions.sorted())
    #expect(fractions.allSatisfy { $0 > 0 && $0 <= 1 })
    #expect(run.status == 0)
  }
}
