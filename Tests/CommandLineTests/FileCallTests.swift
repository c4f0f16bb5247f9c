import ImageFiles
import SystemPackage
import TestSupport
import Testing

/// What a whole run asks of the file system, by `strace`: so much once, and so much a picture.
///
/// The numbers are those of today. One that is smaller is as welcome as it is to be written here.
@Suite(
  .enabled(if: FileCalls.areCounted, "strace is needed, and leave to trace"),
  .deadline(minutes: 5))
struct FileCallTests {
  struct Run: Sendable, CustomTestStringConvertible {
    let testDescription: String
    var format = ImageFormat.png
    /// What comes behind the pictures' directory.
    let arguments: [String]
    var isDoneBefore = false
    /// For the style and those beside it, which no output may be, and the directories.
    var once = FileCalls(opens: 3, stats: 18, reads: 1, writes: 0, others: 4)
    let perPicture: FileCalls
  }

  static let runs = [
    Run(
      testDescription: "PNG", arguments: ["-o", "out"],
      perPicture: FileCalls(opens: 4, stats: 5, reads: 8, writes: 2, others: 3)),
    Run(
      testDescription: "JPEG", format: .jpeg, arguments: ["-o", "out"],
      perPicture: FileCalls(opens: 4, stats: 5, reads: 4, writes: 1, others: 3)),
    Run(
      testDescription: "what is there already", arguments: ["-o", "out"], isDoneBefore: true,
      // Whether it can be written to doesn't matter.
      once: FileCalls(opens: 2, stats: 14, reads: 1, writes: 0, others: 2),
      perPicture: FileCalls(opens: 1, stats: 3, reads: 1, writes: 0, others: 0)),
    Run(
      testDescription: "dry run", arguments: ["-o", "out", "--dry-run"],
      once: FileCalls(opens: 2, stats: 16, reads: 1, writes: 0, others: 2),
      perPicture: FileCalls(opens: 2, stats: 6, reads: 7, writes: 0, others: 0)),
  ]

  @Test(arguments: runs)
  func noMoreIsAskedThanIsRecorded(_ run: Run) throws {
    let (few, many) = (2, 5)
    let (first, second) = (try calls(run, pictures: few), try calls(run, pictures: many))
    var perPicture = FileCalls()
    for kind in FileCalls.kinds {
      let more = second[keyPath: kind] - first[keyPath: kind]
      #expect(more % (many - few) == 0, "\(first), then \(second)")
      perPicture[keyPath: kind] = more / (many - few)
    }
    var once = first
    for kind in FileCalls.kinds { once[keyPath: kind] -= few * perPicture[keyPath: kind] }
    #expect(perPicture == run.perPicture)
    #expect(once == run.once)
  }

  /// The calls of a run over so many pictures that name them, their directories or the style.
  private func calls(_ run: Run, pictures: Int) throws -> FileCalls {
    let folder = try Folder()
    for number in 1...pictures {
      let name = "in/\(number).\(run.format == .png ? "png" : "jpg")"
      try folder.picture(name, width: 240, height: 180, seed: number, format: run.format)
    }
    try folder.directory("out")
    let arguments =
      ["\(folder.path)/in", "-j", "1"]
      + run.arguments.map {
        $0 == "out" ? "\(folder.path)/out" : $0
      }
    if run.isDoneBefore { #expect(try folder.run(arguments).status == 0) }
    let (ended, trace) = try folder.traced(arguments)
    #expect(ended.status == 0, "\(ended.errors)")
    let styles = try TestStyles.shared.get().path.string
    return FileCalls(
      in: trace, naming: ["\(folder.path)/in", "\(folder.path)/out", styles])
  }
}

/// Numbers of system calls by what they are for.
struct FileCalls: Equatable, Sendable, CustomStringConvertible {
  var opens = 0
  var stats = 0
  var reads = 0
  var writes = 0
  var others = 0

  static var kinds: [WritableKeyPath<FileCalls, Int>] {
    [\.opens, \.stats, \.reads, \.writes, \.others]
  }

  var description: String {
    "opens: \(opens), stats: \(stats), reads: \(reads), writes: \(writes), others: \(others)"
  }

  /// Whether `strace` is there and may trace.
  static let areCounted = (try? Folder().traced(["--version"]))?.ended.status == 0
}

extension FileCalls {
  /// Counts the lines of `trace` in which one of `names` stands.
  init(in trace: String, naming names: [String]) {
    self.init()
    for line in trace.split(separator: "\n") {
      // Of a call that another thread's interrupts, the second half says nothing new.
      guard names.contains(where: { line.contains($0) }),
        let call = line.prefixMatch(of: /\d+\s+(\w+)\(/)?.1
      else { continue }
      // The same call has several names, by the system's age and the processor.
      switch call {
      case "open", "openat", "openat2", "creat": opens += 1
      case "read", "pread64", "readv", "preadv", "preadv2": reads += 1
      case "write", "pwrite64", "writev", "pwritev", "pwritev2": writes += 1
      case "close": break
      case _ where call.contains("stat") || call.contains("access"): stats += 1
      default: others += 1
      }
    }
  }
}

extension Folder {
  /// Runs the program under `strace`, and gives what it says of calls that name files, with every
  /// descriptor's path.
  fileprivate func traced(_ arguments: [String]) throws -> (ended: Ended, trace: String) {
    guard let strace = command("strace") else { throw Errno.noSuchFileOrDirectory }
    let words = ["-f", "-y", "-e", "trace=%file,%desc", "-o", "trace", "\(Program.executable)"]
    let ended = try start(
      (words + arguments).map(Program.Argument.init(stringLiteral:)), of: strace
    ).wait()
    return (ended, String(decoding: try bytes("trace"), as: UTF8.self))
  }
}
