import ImageFiles
import Layers
import StyleEngine
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

/// Pictures that are too small to keep all threads at work, of which several are painted at a time.
extension BatchRunTests {
  /// Small ones and large ones in turn, and one that is broken.
  private func mixture() throws {
    for (index, side) in [12, 30, 400, 30, 9, 30, 30, 410, 420, 12, 12, 12, 12].enumerated() {
      let image = Image(randomWidth: side, height: side, seed: UInt64(index + 1))
      try folder.directory("in")
      try image.write(folder["in/\(10 + index).png"])
    }
    try corrupt("in/13.png")
  }

  @Test func smallPicturesAreTheSameAmongOthers() throws {
    try mixture()
    #expect(try run(to: "one").report.done == 12)
    let (one, names) = (folder["one"], (0..<13).filter { $0 != 3 }.map { "\(10 + $0).png" })
    for (output, jobs, memory) in [
      ("two", 2, Int.max), ("five", 5, Int.max), ("tight", 3, 12 << 20),
    ] {
      let outcome = try run(to: output, jobs: jobs, memory: memory)
      #expect(outcome.report.done == 12 && outcome.report.failureCount == 1)
      #expect(outcome.control.progress.finished == 13)
      for name in names {
        #expect(try folder[output].appending(name).bytes == one.appending(name).bytes, "\(name)")
      }
    }
  }

  /// Whatever is on its way when it comes, an interrupt ends it.
  @Test(arguments: [0, 1, 5]) func interruptEndsAllSmallPicturesOnTheirWay(_ after: Int) throws {
    try photographs(12)
    let control = BatchControl()
    let count = Mutex(0)
    if after == 0 { control.cancel() }
    let outcome = try run(jobs: 3, control: control) { _ in
      let ended = count.withLock { count in
        count += 1
        return count
      }
      if ended == after { control.cancel() }
    }
    #expect(outcome.report.endedEarly)
    #expect(outcome.report.done >= after && outcome.report.failureCount == 0)
    #expect(folder.files.filter { $0.hasPrefix("out/") }.count == outcome.report.done)
  }

  @Test func severalRunAtATimeWhereNothingIsShared() throws {
    try photographs(1)
    func lanes(_ normalization: Normalization, styles: Int = 1, jobs: Int) throws -> Int {
      let names = (0..<styles).compactMap { FilePath.Component("\($0)") }
      let plan = try BatchPlan(
        inputs: [folder["in"]], target: .directory(folder["out"]), recursively: true,
        format: .keep, styles: styles > 1 ? names : [])
      var options = BatchRun.Options()
      options.jobs = jobs
      let style = BatchRun.Style(
        network, stylization: Stylization(normalization: normalization))
      return try BatchRun(
        plan, styles: Array(repeating: style, count: styles), options: options,
        control: BatchControl()
      ) { _ in }.lanes.count
    }
    #expect(try lanes(.instance, jobs: 3) == 3)
    #expect(try lanes(.group(.count(2)), jobs: 2) == 2)
    #expect(try lanes(.instance, jobs: 1) == 0)
    #expect(try lanes(.instance, styles: 2, jobs: 3) == 0)
    #expect(try lanes(.batchLive, jobs: 3) == 0)
  }
}
