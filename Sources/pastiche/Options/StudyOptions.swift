import ArgumentParser
import BatchStylizer
import Glibc
import Laboratory
import Layers
import StyleEngine

/// The choices of how pictures are looked at.
struct StudyOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Pictures whose statistics batch-live takes together.", valueName: "n"))
  var batch = 8

  @Option(
    help: ArgumentHelp(
      "Shrink pictures to this longest side, in pixels, first; by default to none.", valueName: "n")
  )
  var maxSide: Int?

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var memory: MemoryOptions

  func validate() throws {
    if batch < 1 { throw ValidationError("--batch must be at least 1, not \(batch)") }
    if let maxSide, maxSide < 1 {
      throw ValidationError("--max-side must be at least 1, not \(maxSide)")
    }
  }

  /// Makes what looks at pictures under a norm.
  ///
  /// - Throws: `Refusal` where the network can't be normalized so.
  func study(_ choice: NormChoice) throws(Refusal) -> Study {
    do {
      let network = try StyleNetwork(choice.model)
      try network.check(choice.normalization)
      return Study(
        network: network, workers: threads.count, memory: memory.byteCount,
        scratch: memory.directory)
    } catch {
      throw Refusal(error)
    }
  }

  /// Looks at pictures in the order in which they are named, in batches where these are to be live.
  /// A picture that fails is told, and the others go on.
  ///
  /// - Parameter take: Is handed what came of each picture, with its number.
  /// - Throws: `ExitStatus` where the study was interrupted or nothing came of it.
  func run(
    _ study: Study, _ normalization: Normalization, _ subjects: [Study.Subject],
    _ control: BatchControl, wishes: Study.Wishes = Study.Wishes(),
    take: (Int, Result<Study.Finding, ItemError>) throws -> Void
  ) throws {
    var wishes = wishes
    wishes.maximumSide = maxSide
    Interrupts.onFirst(control.cancel)
    let bar = StandardError.isTerminal ? ProgressBar() : nil
    bar?.start { control.progress }
    defer { bar?.stop() }
    let size = normalization == .batchLive ? batch : 1
    var done = 0
    for first in stride(from: 0, to: subjects.count, by: size) {
      let group = Array(subjects[first..<min(first + size, subjects.count)])
      let findings: [Result<Study.Finding, ItemError>]
      do throws(StyleNetworkError) {
        findings = try control.watch(group.count) { progress throws(StyleNetworkError) in
          try study.run(group, normalization: normalization, wishes: wishes, progress: progress)
        }
      } catch {
        if error == .cancelled {
          throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
        }
        throw Refusal(error)
      }
      for (index, finding) in findings.enumerated() {
        switch finding {
        case .success: done += 1
        case .failure(let error):
          let line = "\(printable(group[index].path)): failed: \(error.message)"
          if let bar { bar.writeLine(line) } else { StandardError.writeLine(line) }
        }
        try take(first + index, finding)
      }
    }
    if done == 0 { throw ExitStatus.nothingDone }
  }
}
