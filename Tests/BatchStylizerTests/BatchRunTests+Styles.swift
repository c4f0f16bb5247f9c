import Foundation
import ImageFiles
import Layers
import StyleEngine
import StyleModels
import Synchronization
import SystemPackage
import TestSupport
import Testing

@testable import BatchStylizer

/// Every picture in several styles.
extension BatchRunTests {
  private static let names = ["one", "two", "three"].compactMap { FilePath.Component($0) }

  /// Two styles of one network, with brushes of their own, and one of another network.
  private func styles(_ normalization: Normalization = .instance) throws -> [BatchRun.Style] {
    var parameters = network.parameters
    for norm in parameters.norms.indices {
      parameters.norms[norm].gamma = parameters.norms[norm].gamma.map { 1.5 * $0 }
      parameters.norms[norm].beta = parameters.norms[norm].beta.map { $0 - 0.2 }
    }
    var brush = Brush()
    (brush.strokeSize, brush.grain, brush.margin) = (.factor(2), 4, 3)
    return try [
      BatchRun.Style(network, stylization: Stylization(normalization: normalization)),
      BatchRun.Style(
        network, parameters, stylization: Stylization(normalization: normalization, brush: brush)),
      BatchRun.Style(
        smallNetwork(seed: 8),
        stylization: Stylization(normalization: normalization, strength: 0.5)),
    ]
  }

  private func batchRun(
    _ styles: [BatchRun.Style], inputs: [String] = ["in"], to output: String = "out",
    jobs: Int = 1, batchSize: Int = 3, memory: Int = .max, control: BatchControl = BatchControl(),
    observe: @escaping @Sendable (BatchEvent) -> Void = { _ in }
  ) throws -> BatchRun {
    let plan = try BatchPlan(
      inputs: inputs.map { folder[$0] }, target: .directory(folder[output]), recursively: true,
      format: .keep, styles: styles.count > 1 ? Self.names : [], existing: .leave)
    var options = BatchRun.Options()
    (options.jobs, options.batchSize, options.memory) = (jobs, batchSize, memory)
    return try BatchRun(
      plan, styles: styles, options: options, control: control, observe: observe)
  }

  /// What the largest picture, or batch, takes at least in every style.
  private func leastMemory(_ styles: [BatchRun.Style]) throws -> Int {
    var memory = 1
    // Each round tells what one more style takes.
    for _ in 0...styles.count {
      let report = try batchRun(styles, to: "none", memory: memory).run()
      let needed = report.failures.compactMap { failure -> Int? in
        guard case .network(.memoryTooSmall(let needed, _)) = failure.error else { return nil }
        return needed
      }
      try? FileManager.default.removeItem(atPath: folder["none"].string)
      guard let most = needed.max() else { return memory }
      memory = most
    }
    throw NoMemoryDoes()
  }

  private struct NoMemoryDoes: Error {}

  /// In memory as in scratch files, in batches or not.
  @Test(arguments: [.instance, .layer, .batchLive] as [Normalization], [1, 3])
  func eachStyleIsPaintedAsAlone(_ normalization: Normalization, _ jobs: Int) throws {
    try photographs(4)
    try Image(randomWidth: 90, height: 60).write(folder["in/large.png"])
    let styles = try styles(normalization)
    for (style, name) in zip(styles, Self.names) {
      #expect(try batchRun([style], to: "alone/\(name)").run().done == 5)
    }
    let alone = folder.files.filter { $0.hasPrefix("alone/") }
    #expect(Set(try alone.map(folder.bytes)).count == 15)
    let least = try leastMemory(styles)
    for memory in [.max, least, least + 50_000] {
      let output = "within-\(memory)"
      let control = BatchControl()
      let run = try batchRun(styles, to: output, jobs: jobs, memory: memory, control: control)
      var scratchBytes = 0
      run.forecast { forecast in
        if case .repainted(_, let plan, _) = forecast.outcome {
          scratchBytes += plan.allScratchBytes
        }
      }
      #expect((scratchBytes > 0) == (memory != .max))
      let report = try run.run()
      #expect(report.done == 15 && report.failures.isEmpty && !report.endedEarly)
      #expect(control.progress == (15, 15, 1))
      #expect(run.budget.held == 0 && run.budget.networkCount == 0)
      for name in alone {
        let name = name.dropFirst("alone/".count)
        #expect(try folder.bytes("\(output)/\(name)") == folder.bytes("alone/\(name)"))
      }
    }
  }

  /// A pipe gives its picture but once.
  @Test func eachPictureIsReadOnce() throws {
    let image = Image(randomWidth: 40, height: 30)
    try image.write(folder["a.png"])
    let bytes = try folder.bytes("a.png")
    let styles = try styles()
    #expect(try batchRun(styles, inputs: ["a.png"]).run().done == 3)
    let pipe = folder["b.png"]
    try #require(mkfifo(pipe.string, 0o600) == 0)
    DispatchQueue(label: "writer").async {
      guard let file = try? FileDescriptor.open(pipe, .writeOnly) else { return }
      _ = try? file.closeAfter { try file.writeAll(bytes) }
    }
    #expect(try batchRun(styles, inputs: ["b.png"]).run().done == 3)
    for name in Self.names {
      #expect(try folder.bytes("out/\(name)/b.png") == folder.bytes("out/\(name)/a.png"))
    }
  }

  /// Each output is a picture's turn of its own: what is there, or can't be written, spoils no other.
  @Test func outputsAreSkippedAndFailOneByOne() throws {
    try photographs(2)
    try corrupt("in/cut.png")
    try folder.file("out/two/1.png", holding: Signature.text)
    let events = Mutex<[String]>([])
    let run = try batchRun(try styles()) { event in
      let output = event.item.output.components.suffix(2).map(\.string).joined(separator: "/")
      let word =
        switch event.outcome {
        case .done: "done"
        case .skipped: "skipped"
        case .failed: "failed"
        }
      events.withLock { $0.append("\(word) \(output)") }
    }
    // Too late to refuse the run.
    try folder.file("out/three", holding: Signature.text)
    let report = try run.run()
    #expect(report.done == 3 && report.skipped == 1 && report.failures.count == 5)
    #expect(
      events.withLock { $0.sorted() } == [
        "done one/0.png", "done one/1.png", "done two/0.png", "failed one/cut.png",
        "failed three/0.png", "failed three/1.png", "failed three/cut.png", "failed two/cut.png",
        "skipped two/1.png",
      ])
    #expect(try folder.bytes("out/two/1.png") == Signature.text)
    #expect(run.budget.held == 0 && run.budget.networkCount == 0)
  }

  /// Whatever becomes of pictures, and of the batch that they are in.
  @Test(arguments: [.instance, .batchLive] as [Normalization], [false, true])
  func whatStylesTakeIsGivenBack(_ normalization: Normalization, _ isCancelled: Bool) throws {
    try photographs(5)
    try corrupt("in/1.png")
    try folder.file("out/two/2.png", holding: Signature.text)
    try folder.directory("out/one/3.png")
    let styles = try styles(normalization)
    for memory in [try leastMemory(styles), .max] {
      let control = BatchControl()
      let run = try batchRun(styles, memory: memory, control: control) { event in
        if isCancelled, case .done = event.outcome { control.cancel() }
      }
      let report = try run.run()
      #expect(report.done > 0 && report.endedEarly == isCancelled)
      #expect(run.budget.held == 0 && run.budget.networkCount == 0)
      for name in folder.files where name.hasPrefix("out/") && name != "out/two/2.png" {
        try FileManager.default.removeItem(atPath: folder[name].string)
      }
    }
  }

  @Test func everyStyleIsToldOfMissingCompany() throws {
    try photographs(2)
    try corrupt("in/cut.png")
    let notes = Mutex<[[BatchNote]]>([])
    let report = try batchRun(try styles(.batchLive)) { event in
      if case .done(_, _, let told, _) = event.outcome { notes.withLock { $0.append(told) } }
    }.run()
    #expect(report.done == 6 && report.failures.count == 3)
    let missing = BatchNote.missingCompany(pictures: 2, without: [folder["in/cut.png"]])
    #expect(notes.withLock { $0.allSatisfy { $0 == [missing] } })
  }

  /// However far the network could run ahead of a slow encoder: what is held is in the plan.
  @Test func twoPaintingsOfAPhotographAreHeldAtMost() throws {
    try photographs(1)
    let scratch = try folder.directory("scratch")
    let names = (0..<8).compactMap { FilePath.Component("style\($0)") }
    let styles = names.map { _ in
      BatchRun.Style(network, stylization: Stylization(normalization: .instance))
    }
    let plan = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false, format: .keep,
      styles: names, existing: .leave)
    var options = BatchRun.Options()
    options.scratch = scratch
    options.memory = try leastMemory(Array(styles.prefix(3)))
    let held = Mutex<[Int]>([])
    let run = try BatchRun(plan, styles: styles, options: options, control: BatchControl()) { _ in
      // Time for the network to run ahead, if it may.
      Thread.sleep(forTimeInterval: 0.1)
      held.withLock { $0.append(openFiles(in: scratch)) }
    }
    #expect(try run.run().done == 8)
    // The photograph, two paintings, and the network's maps.
    #expect(held.withLock { $0.max() ?? 0 } <= 4)
    #expect(held.withLock { $0.max() ?? 0 } >= 2)
  }
}
