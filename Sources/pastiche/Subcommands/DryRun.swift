import BatchStylizer
import ImageFiles
import StyleEngine

/// The output of `--dry-run`: a line for each picture, as data on standard output.
struct DryRun {
  let network: StyleNetwork
  let jobs: Int
  /// Whether lines are JSON.
  let format: LogFormat

  /// - Throws: `ExitStatus` as the run itself would, as far as headers tell.
  func print(_ run: BatchRun, of plan: BatchPlan) throws {
    var (all, failures) = (0, 0)
    var totals = Totals()
    let peak = network.measuredPeak() * Double(jobs)
    try run.forecast { forecast in
      let item = forecast.item
      all += 1
      let arrow = "\(printable(item.input)) -> \(printable(item.output))"
      switch forecast.outcome {
      case .repainted(let info, let execution, let groupSize):
        totals.add(execution, groupSize: groupSize, peak: peak)
        let words = words(info, execution, groupSize: groupSize, peak: peak)
        var line = LogEvent("planned", item)
        (line.width, line.height) = (info.width, info.height)
        line.seconds = CostModel.seconds(execution, peak: peak)
        (line.memoryBytes, line.scratchBytes) = (execution.bytes, execution.allScratchBytes)
        try write("\(arrow) (\(words))", line)
      case .copied(let info, let memory):
        totals.add(memory: memory)
        let size = "\(info.width)x\(info.height)"
        var line = LogEvent("planned", item)
        (line.width, line.height) = (info.width, info.height)
        line.memoryBytes = memory
        try write("\(arrow) (\(size), memory \(ByteCount(memory)))", line)
      case .unknown:
        try write("\(arrow) (no regular file: not read yet)", LogEvent("planned", item))
      case .streamed:
        try write(
          "\(arrow) (one of several on standard input, which are counted as they come)",
          LogEvent("planned", item))
      case .skipped: try write("\(arrow) (there already, skipped)", LogEvent("skipped", item))
      case .failed(let error):
        failures += 1
        var line = LogEvent("failed", item)
        line.error = error.message
        try write("\(printable(item.input)): failed: \(error.message)", line)
      }
    }
    if totals.pictures > 0 { try write(totals.words, totals.line) }
    if failures > 0, failures == all { throw ExitStatus.nothingDone }
    if failures > 0 { throw ExitStatus.someFailed }
  }

  private func write(_ text: String, _ line: LogEvent) throws {
    try StandardOutput.writeLine(format == .json ? encodedJSON(line) : text)
  }

  /// What all of it takes.
  private struct Totals {
    private(set) var pictures = 0
    private var seconds = 0.0
    private var memory = 0
    private var scratch = 0

    /// Pictures of a batch share its plan.
    mutating func add(_ plan: PaintingPlan, groupSize: Int, peak: Double) {
      add(memory: plan.bytes)
      scratch = max(scratch, plan.allScratchBytes)
      seconds += CostModel.seconds(plan, peak: peak) / Double(max(1, plan.runs[0].job.sizes.count))
    }

    mutating func add(memory: Int) {
      pictures += 1
      self.memory = max(self.memory, memory)
    }

    var line: LogEvent {
      var line = LogEvent(event: "planned_all")
      (line.pictures, line.seconds) = (pictures, seconds)
      (line.memoryBytes, line.scratchBytes) = (memory, scratch)
      return line
    }

    var words: String {
      "all: \(counted(pictures, "painting")), about \(duration(seconds)), memory "
        + "\(ByteCount(memory)) at most, scratch \(ByteCount(scratch)) at most"
    }
  }

  private func words(
    _ info: ImageInfo, _ plan: PaintingPlan, groupSize: Int, peak: Double
  ) -> String {
    let batch = plan.runs[0].job.sizes.count > 1 ? ["its batch of \(groupSize)"] : []
    let strokes =
      plan.coarseSizes.count == 1
      ? plan.coarseSizes.compactMap { $0.map { "strokes painted at \($0.width)x\($0.height)" } }
      : []
    return
      (["\(info.width)x\(info.height)"] + strokes + batch + [
        "memory \(ByteCount(plan.bytes))", "scratch \(ByteCount(plan.allScratchBytes))",
        "\(decimals(Double(plan.multiplications) / 1e9, 1)) G multiplications",
        "about \(duration(CostModel.seconds(plan, peak: peak)))",
      ]).joined(separator: ", ")
  }
}
