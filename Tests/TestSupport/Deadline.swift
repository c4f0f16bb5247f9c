import Dispatch
import Foundation
import Testing

/// A limit that ends a test which hangs, and with it the whole run, by name.
///
/// Testing's own `timeLimit` counts from where a test is queued, so that among many the last ones
/// exceed it without having begun; and a test that never returns would go on all the same. This one
/// counts from where a test's body begins, which is where it ends as well in tests that never
/// suspend: all of these.
public struct Deadline: SuiteTrait, TestTrait, TestScoping {
  let minutes: Int

  public var isRecursive: Bool { true }

  public func provideScope(
    for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
  ) async throws {
    // A queue of its own: those that threads share may be what hangs.
    let timer = DispatchSource.makeTimerSource(queue: DispatchQueue(label: "deadline"))
    timer.setEventHandler {
      let words = "\(test.id) has not ended after \(minutes) min\n"
      try? FileHandle.standardError.write(contentsOf: Data(words.utf8))
      _exit(EXIT_FAILURE)
    }
    timer.schedule(deadline: .now() + .seconds(60 * minutes))
    timer.resume()
    defer { timer.cancel() }
    try await function()
  }
}

extension Trait where Self == Deadline {
  /// Ends the run where a test takes longer, far beyond what any test needs: only a hang does.
  public static func deadline(minutes: Int) -> Self { Deadline(minutes: minutes) }
}
