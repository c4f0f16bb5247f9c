import Foundation
import ImageFiles
import Layers
import StyleEngine
import Synchronization
import SystemFiles
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

/// One budget for all pictures on their way.
extension BatchRunTests {
  /// What the largest picture, or batch, takes at least.
  private func leastMemory(_ stylization: Stylization, batchSize: Int = 3) throws -> Int {
    let outcome = try run(
      stylization, to: "none", batchSize: batchSize, memory: network.weightBytes)
    #expect(outcome.report.done == 0)
    return try outcome.report.failures.map { failure in
      guard case .network(.memoryTooSmall(let needed, _)) = failure.error else {
        throw failure.error
      }
      return needed
    }.max() ?? 0
  }

  /// Under the least that does, and somewhat more, with one picture in flight or several.
  @Test(arguments: [.instance, .layer, .batchLive] as [Normalization], [1, 3])
  func memoryDoesNotChangeABit(_ normalization: Normalization, _ jobs: Int) throws {
    let images = try photographs(7)
    let stylization = Stylization(normalization: normalization, strength: 0.75)
    #expect(try run(stylization, to: "whole", batchSize: 3).report.done == 7)
    let least = try leastMemory(stylization)
    for memory in [least, least + 20_000, 2 * least] {
      let output = "within-\(memory)"
      let outcome = try run(
        stylization, to: output, jobs: jobs, batchSize: 3, memory: memory)
      #expect(outcome.report.done == 7)
      #expect(outcome.control.progress == (7, 7, 1))
      for index in images.indices {
        #expect(
          try folder.bytes("\(output)/\(index).png") == folder.bytes("whole/\(index).png"))
      }
    }
  }

  @Test func pictureThatMemoryIsTooSmallForFailsAlone() throws {
    try photographs(2)
    let least = try leastMemory(Stylization(normalization: .instance))
    try Image(randomWidth: 90, height: 200).write(folder["in/large.png"])
    let outcome = try run(memory: least)
    #expect(outcome.report.done == 2)
    #expect(outcome.report.failures.map(\.input.lastComponent?.string) == ["large.png"])
    guard case .network(.memoryTooSmall(let needed, least)) = outcome.report.failures[0].error
    else {
      Issue.record("\(outcome.report.failures[0].error)")
      return
    }
    // What the refusal names does, and nothing less.
    #expect(try run(to: "less", memory: needed - 1).report.done == 2)
    #expect(try run(to: "more", memory: needed).report.done == 3)
  }

  @Test func batchThatMemoryIsTooSmallForFailsWhole() throws {
    try photographs(4)
    let least = try leastMemory(Stylization(normalization: .instance))
    let outcome = try run(
      Stylization(normalization: .batchLive), batchSize: 3, memory: least + 1000)
    #expect(
      outcome.report.failures.map(\.input.lastComponent?.string) == ["0.png", "1.png", "2.png"])
    #expect(outcome.report.done == 1)
  }

  /// Before any work, and pictures that need none are done.
  @Test func pictureWithoutScratchSpaceFailsAlone() throws {
    try Image(randomWidth: 90, height: 200).write(folder.directory("in").appending("large.png"))
    let least = try leastMemory(Stylization(normalization: .instance))
    try photographs(2)
    let nowhere = folder["nowhere"]
    let outcome = try run(memory: least, scratch: nowhere)
    #expect(outcome.report.done == 2)
    guard
      case .network(.scratch(.unavailable(nowhere, let byteCount, .noSuchFileOrDirectory))) =
        outcome.report.failures.first?.error
    else {
      Issue.record("\(outcome.report.failures)")
      return
    }
    #expect(byteCount > 0)
    #expect(!folder.files.contains { $0.contains("large.png") && $0.hasPrefix("out") })
  }

  /// A member that can't be read leaves a batch whose maps are planned for; the rest is planned anew.
  @Test func failedMemberLeavesItsGroupWithinTheBudget() throws {
    let images = try photographs(2)
    try corrupt("in/1b.png")
    let stylization = Stylization(normalization: .batchLive)
    let least = try leastMemory(stylization)
    let outcome = try run(stylization, batchSize: 3, memory: least)
    #expect(outcome.report.done == 2 && outcome.report.failures.count == 1)
    let expected = try repainted(images, .batchLive)
    for index in images.indices {
      #expect(try Image(decoding: folder["out/\(index).png"]).bytes == expected[index])
    }
  }

  /// However much more it could do with, others count on the rest.
  @Test func restOfABatchIsPlannedWithinItsShare() throws {
    try corrupt("in/1b.png")
    for name in ["0.png", "1.png"] {
      try Image(randomWidth: 90, height: 120).write(folder["in/\(name)"])
    }
    let least = try leastMemory(Self.live)
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false, format: .keep,
      existing: .leave)
    for memory in stride(from: least, to: 3 * least / 2, by: least / 30) {
      var options = BatchRun.Options()
      options.memory = memory
      let run = try BatchRun(
        plan, styles: [BatchRun.Style(network, stylization: Self.live)], options: options,
        control: BatchControl()
      ) { _ in }
      let group = try #require(run.decoded(InputGroup(items: plan.items[...])) {})
      #expect(group.pictures.count == 2)
      let plan = group.plans[0]
      let held = plan.samples == .memory ? plan.sampleBytes : 0
      #expect(plan.bytes - plan.sharedBytes - held <= group.networkBytes)
      // What is still to be made of samples goes where they are.
      #expect((group.heldBytes == 0) == (plan.samples == .scratch))
    }
  }

  /// What is written is no longer held, though the batch's last still wait for the encoder.
  @Test func writtenPicturesOfABatchAreLetGo() throws {
    try photographs(8)
    let scratch = try folder.directory("scratch")
    let least = try leastMemory(Self.live, batchSize: 8)
    let held = Mutex<[Int]>([])
    let report = try run(Self.live, batchSize: 8, memory: least, scratch: scratch) { _ in
      held.withLock { $0.append(openFiles(in: scratch)) }
    }.report
    #expect(report.done == 8)
    // Each picture has a file, and the network may have one; the encoder holds one that is done.
    let counts = held.withLock { $0 }
    #expect(counts.first ?? 0 >= 7)
    for (done, count) in counts.enumerated() { #expect(count <= 8 - done + 1, "\(counts)") }
  }

  /// Whatever becomes of a picture and its batch, and neither less nor more than was taken.
  @Test(arguments: [1, 3], [false, true])
  func everythingTakenIsGivenBack(_ batchSize: Int, _ isCancelled: Bool) throws {
    try photographs(6)
    try corrupt("in/1.png")
    for name in ["3a", "3b", "3c"] {
      try folder.file("in/\(name).png", holding: folder.bytes("in/1.png"))
    }
    try folder.file("out/2.png", holding: Signature.text)
    try folder.directory("out/5.png")
    let least = try leastMemory(Self.live)
    for memory in [least, .max] {
      let plan = try BatchPlan(
        inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false,
        format: .keep, existing: .leave)
      var options = BatchRun.Options()
      (options.memory, options.batchSize) = (memory, batchSize)
      let control = BatchControl()
      let run = try BatchRun(
        plan, styles: [BatchRun.Style(network, stylization: Self.live)], options: options,
        control: control
      ) { event in
        if isCancelled, case .done = event.outcome { control.cancel() }
      }
      let report = try run.run()
      #expect(report.done > 0 && report.endedEarly == isCancelled)
      #expect(run.budget.held == 0 && run.budget.networkCount == 0)
      for name in folder.files where name.hasPrefix("out/") && name != "out/2.png" {
        try FileManager.default.removeItem(atPath: folder[name].string)
      }
    }
  }

  /// Headers are read before a batch is decoded.
  @Test func memberThatChangesMeanwhileFailsAlone() throws {
    let images = try photographs(3)
    try corrupt("in/0.png")
    let changing = folder["in/1.png"]
    let outcome = try run(Self.live) { event in
      guard event.item.input.lastComponent?.string == "0.png" else { return }
      try? FileManager.default.removeItem(atPath: changing.string)
      try? Image(randomWidth: 40, height: 30).write(changing)
    }
    #expect(outcome.report.failures.map(\.input) == [folder["in/0.png"], changing])
    #expect(outcome.report.failures.last?.error == .image(.changed))
    #expect(try [Image(decoding: folder["out/2.png"]).bytes] == repainted([images[2]]))
  }

  @Test func cancelledBatchIsReadNoFurther() throws {
    try photographs(2)
    try corrupt("in/0.png")
    let control = BatchControl()
    let outcome = try run(Self.live, control: control) { _ in control.cancel() }
    #expect(outcome.report.failures.count == 1 && outcome.report.done == 0)
    #expect(outcome.control.progress == (1, 2, 0.5))
  }

  /// Without the network a row is held, and what the decoder holds.
  @Test func copyThatMemoryIsTooSmallForFailsAlone() throws {
    try photographs(3)
    let stylization = Stylization(normalization: .instance, strength: 0)
    let outcome = try run(stylization, jobs: 2, memory: 30)
    #expect(outcome.report.done == 2)
    #expect(
      outcome.report.failures == [
        .init(
          input: folder["in/2.png"], error: .network(.memoryTooSmall(needed: 33, given: 30)))
      ])
  }
}

/// Counts the files in a directory that this process has open, nameless ones among them.
func openFiles(in directory: FilePath) -> Int {
  let files = FileManager.default
  let descriptors = try? files.contentsOfDirectory(atPath: "/proc/self/fd")
  return (descriptors ?? []).count { descriptor in
    let file = try? files.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(descriptor)")
    return file?.hasPrefix(directory.string) ?? false
  }
}
