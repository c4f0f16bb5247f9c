import TestSupport
import Testing

/// A system that gives few threads, or none, as under a container's limit.
@Suite(.deadline(minutes: 3)) struct ThreadTests {
  private static let shim = Shim("threads")

  /// It does all, by fewer threads, or says why it does nothing; it never waits for one that doesn't come.
  @Test(
    .enabled(if: shim.library != nil, "a C compiler is needed"),
    arguments: [0, 1, 2, 3, 5, 7, 9, 12, 30],
    [[], ["--strength", "0"]])
  func fewThreadsDoTheSameOrAreSaid(_ threads: Int, _ flags: [String]) throws {
    let folder = try Folder()
    try folder.picture("photos/a.png")
    try folder.picture("photos/b.png", seed: 2)
    #expect(try folder.run(["photos", "-o", "expected"] + flags).status == 0)
    let run = try folder.run(
      ["photos", "-o", "out", "-j", "4"] + flags,
      environment: Self.shim.environment("TEST_THREADS", "\(threads)"))
    if run.status == 2 {
      #expect(
        run.errors
          == "pastiche: the system gives no more threads: Resource temporarily unavailable; "
          + "raise the limit on processes, by ulimit -u or in the container's settings\n")
      #expect(folder.files(in: "out") == [] && threads < 30)
      return
    }
    #expect(run.status == 0 && threads > 0, "\(run.errors)")
    for name in ["a.png", "b.png"] {
      #expect(try folder.bytes("out/\(name)") == folder.bytes("expected/\(name)"))
    }
  }
}
