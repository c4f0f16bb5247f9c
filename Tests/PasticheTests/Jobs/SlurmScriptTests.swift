import ArgumentParser
import BatchStylizer
import Foundation
import ImageFiles
import StyleEngine
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import pastiche

/// The script is run by bash, with a `scontrol` that takes down what it is asked for, and a program that
/// does what each test wants.
@Suite(.enabled(if: Bash.isThere), .deadline(minutes: 5)) struct SlurmScriptTests {
  private let folder: TemporaryFolder
  /// A line of a manifest, as the program writes it, of a picture that is done.
  private static let done = #"{"input":"a.png","outcome":"done","output":"a.png"}"#
  private static let manifest = "out put/.pastiche-manifest-3-of-8.jsonl"

  init() throws {
    folder = try TemporaryFolder()
    try executable("program's", "printf '%s\\n' \"$@\" > arguments; eval \"$STUB\"")
    try executable("bin/scontrol", "printf '%s ' \"$@\" >> requests; exit \"${REFUSED:-0}\"")
  }

  private func executable(_ name: String, _ line: String) throws {
    try folder.file(name, holding: "#!/bin/bash\n\(line)\n")
    chmod(folder[name].string, 0o755)
  }

  private static let command = ["--", "pho tos/", "-o", "out put/"]
  // Reading arguments takes its time in debug builds.
  private static let job = Result { try SlurmJob.parse(command) }

  private func script(_ job: SlurmJob) throws -> String {
    try job.script(program: folder["program's"], directory: folder.path).text
  }

  /// Runs task 3 of 8.
  ///
  /// - Parameters:
  ///   - stub: What the program does.
  ///   - restarts: How often it was tried again before.
  private func run(
    _ stub: String, restarts: Int = 0, environment: [String: String] = [:],
    whileRunning body: (pid_t) -> Void = { _ in }
  ) throws -> (run: Bash, requests: String?) {
    try folder.file("job.sh", holding: script(Self.job.get()))
    var variables = [
      "SLURM_ARRAY_JOB_ID": "70", "SLURM_ARRAY_TASK_ID": "3", "SLURM_JOB_ID": "74", "STUB": stub,
      "PATH": "\(folder["bin"]):/usr/bin:/bin",
    ]
    if restarts > 0 { variables["SLURM_RESTART_COUNT"] = "\(restarts)" }
    let run = try Bash(
      [folder["job.sh"].string], environment: variables.merging(environment) { $1 },
      whileRunning: body)
    return (run, folder.content(of: "requests"))
  }

  private static let again = "requeue 70_3 "

  @Test func theProgramGetsWhatWasTypedAndItsShare() throws {
    let ended = try run("echo words >&2; exit 0")
    #expect(ended.run.status == 0 && ended.run.errors == "words\n")
    #expect(ended.requests == nil)
    #expect(
      folder.content(of: "arguments")?.split(separator: "\n") == [
        "stylize", "--shard", "auto", "--resume", "--jobs", "4", "--memory", "1984M", "pho tos/",
        "-o", "out put/",
      ])
  }

  @Test func whatWillNotDoTheNextTimeIsNotTriedAgain() throws {
    for status: Int32 in [0, 1, 2, 64, 127, 130, 139, 143] {
      let ended = try run("echo 'a.png: failed: the file is empty' >&2; exit \(status)")
      #expect(ended.run.status == status)
      #expect(ended.requests == nil, "\(status)")
      #expect(ended.run.errors == "a.png: failed: the file is empty\n")
    }
  }

  @Test func aKillIsTriedAgain() throws {
    let ended = try run("kill -KILL $$")
    #expect(ended.run.status == 137 && ended.requests == Self.again, "\(ended.run.errors)")
    #expect(ended.run.errors.contains("the program was killed; to be tried again"))
  }

  /// Whatever has no room says so in its own words, as text and in JSON.
  static let roomless: [String] = [Errno.noSpace, .diskQuotaExceeded].flatMap { reason in
    let errors: [any Error] = [
      ItemError.image(.unwritable(.write, reason)), ItemError.outputDirectory("a", reason),
      ItemError.network(.scratch(.unavailable("/x", byteCount: 1, reason))),
      ItemError.image(.scratch(.failed("/x", reason))), ManifestError.unwritable("a", reason),
      AtomicFileError.failed(.sync, "a", reason),
    ]
    return errors.map { message(of: $0) }
  }

  @Test(arguments: roomless) func aFullDiskIsTriedAgain(_ words: String) throws {
    for (line, status) in [("a.png: failed: \(words)", 1), ("pastiche: \(words)", 2)] {
      let ended = try run(
        "printf %s \"$WORDS\" >&2; exit \(status)", environment: ["WORDS": line])
      #expect(ended.run.status == status && ended.requests == Self.again, "\(ended.run.errors)")
      #expect(ended.run.errors.hasPrefix("\(line)\nthere is no space left; to be tried again"))
      try folder.remove("requests")
    }
    // Where nothing failed nobody lacked it.
    let ended = try run("echo \"$WORDS\" >&2", environment: ["WORDS": words])
    #expect(ended.run.status == 0 && ended.requests == nil)
  }

  @Test func itIsGivenUpWhenNothingComesOfIt() throws {
    let full = "echo 'No space left on device' >&2; exit 1"
    // Neither a manifest without paintings nor none is anything.
    let first = try run(full, restarts: 5)
    #expect(first.requests == nil && !first.run.errors.contains("integer"), "\(first.run.errors)")
    try folder.file(Self.manifest, holding: "\(Self.done)\n")
    #expect(try run(full, restarts: 4).requests == Self.again)
    try folder.remove("requests")
    let last = try run(full, restarts: 5)
    #expect(last.requests == nil && last.run.status == 1)
    #expect(last.run.errors.contains("tried again 5 times, and not any more"))
    // Failures are nothing that comes of it.
    let failed = Self.done.replacingOccurrences(of: "done", with: "failed")
    func adding(_ line: String) -> String { "echo '\(line)' >> '\(Self.manifest)'; \(full)" }
    #expect(try run(adding(failed), restarts: 5).requests == nil)
    #expect(try run(adding(Self.done), restarts: 500).requests == Self.again)
  }

  /// A controller may be away; that is waited for, and in the end it is a failure.
  @Test func aRequestThatIsRefusedIsMadeAgain() throws {
    try executable("bin/sleep", "echo \"$1\" >> pauses")
    let ended = try run("kill -KILL $$", environment: ["REFUSED": "1"])
    #expect(ended.run.status == 137)
    #expect(ended.requests == String(repeating: Self.again, count: 8))
    #expect(folder.content(of: "pauses") == "5\n10\n20\n40\n80\n160\n300\n0\n")
  }

  /// Until the program is there, and then that signal.
  private func signal(_ number: Int32) -> (pid_t) -> Void {
    { process in
      while !FileManager.default.fileExists(atPath: folder["ready"].string) { usleep(1000) }
      kill(process, number)
    }
  }

  private static let waiting =
    "trap 'echo ended >&2; exit 143' TERM; : > ready; while :; do sleep 0.01; done"

  @Test func theEndOfItsTimeEndsTheProgramAndIsTriedAgain() throws {
    let ended = try run(Self.waiting, whileRunning: signal(SIGUSR1))
    #expect(ended.run.status == 143 && ended.requests == Self.again, "\(ended.run.errors)")
    #expect(ended.run.errors == "ended\nits time is up; to be tried again\n")
  }

  @Test func aProgramThatEndsByItselfAtTheEndOfItsTimeIsDone() throws {
    let stub = Self.waiting.replacingOccurrences(of: "143", with: "0")
    let ended = try run(stub, whileRunning: signal(SIGUSR1))
    #expect(ended.run.status == 0 && ended.requests == nil)
  }

  /// Slurm asks the program and the script.
  @Test func whatIsCancelledStaysSo() throws {
    let stub = "\(Self.waiting)".replacingOccurrences(of: ": > ready", with: "echo $$ > ready")
    let ended = try run(
      stub, environment: ["cancelled": "", "full": "1", "time_is_up": "1"],
      whileRunning: { process in
        signal(SIGTERM)(process)
        var program: pid_t?
        while program == nil {
          program = folder.content(of: "ready").flatMap { pid_t($0.prefix { $0 != "\n" }) }
        }
        kill(program ?? 0, SIGTERM)
      })
    #expect(ended.run.status == 143 && ended.requests == nil, "\(ended.run.errors)")
  }

  @Test func itsHeadIsWhatWasAskedFor() throws {
    let options = [
      "--shards", "8", "--at-once", "3", "--cpus", "2", "--memory", "1G", "--time", "1-0",
      "--partition", "short,long",
    ]
    let head = try script(SlurmJob.parse(options + Self.command)).split(separator: "\n")
      .prefix { $0.hasPrefix("#!") || $0.hasPrefix("#SBATCH") }
    #expect(
      head.joined(separator: "\n") == """
        #!/bin/bash
        #SBATCH --job-name=pastiche
        #SBATCH --array=0-7%3
        #SBATCH --cpus-per-task=2
        #SBATCH --mem=1024M
        #SBATCH --time=1-0
        #SBATCH --partition=short,long
        #SBATCH --requeue
        #SBATCH --open-mode=append
        #SBATCH --signal=B:USR1@60
        """)
  }
}
