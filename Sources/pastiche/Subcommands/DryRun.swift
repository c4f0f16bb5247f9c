import BatchStylizer
import ImageFiles
import StyleEngine

/// What `--dry-run` prints: a line for each picture, as data on standard output.
struct DryRun {
  let network: StyleNetwork
  let jobs: Int

  /// - Throws: `ExitStatus` as the run itself would, as far as headers tell.
  func print(_ run: BatchRun, of plan: BatchPlan) throws {
    var failures = 0
    let speed = network.measuredPeak() * Double(jobs)
    try run.forecast { forecast in
      let item = forecast.item
      let arrow = "\(printable(item.input)) -> \(printable(item.output))"
      switch forecast.outcome {
      case .repainted(let info, let execution, let groupSize):
        let words = words(info, execution, groupSize: groupSize, speed: speed)
        try StandardOutput.writeLine("\(arrow) (\(words))")
      case .copied(let info, let memory):
        let size = "\(info.width)x\(info.height)"
        try StandardOutput.writeLine("\(arrow) (\(size), memory \(ByteCount(memory)))")
      case .unknown: try StandardOutput.writeLine("\(arrow) (no regular file: not read yet)")
      case .skipped: try StandardOutput.writeLine("\(arrow) (there already, skipped)")
      case .failed(let error):
        failures += 1
        try StandardOutput.writeLine("\(printable(item.input)): failed: \(error.message)")
      }
    }
    if failures == plan.items.count { throw ExitStatus.nothingDone }
    if failures > 0 { throw ExitStatus.someFailed }
  }

  private func words(
    _ info: ImageInfo, _ plan: ExecutionPlan, groupSize: Int, speed: Double
  ) -> String {
    let batch = plan.job.sizes.count > 1 ? ["its batch of \(groupSize)"] : []
    let time = Self.seconds(plan, speed: speed)
    return
      (["\(info.width)x\(info.height)"] + batch + [
        "memory \(ByteCount(plan.bytes))", "scratch \(ByteCount(plan.allScratchBytes))",
        "\(decimals(Double(plan.multiplications) / 1e9, 1)) G multiplications",
        "about \(duration(time))",
      ]).joined(separator: ", ")
  }

  /// - Parameter speed: Multiplications a second that the threads could do in registers alone.
  static func seconds(_ plan: ExecutionPlan, speed: Double) -> Double {
    // What the layers reach of that; a disk with its cache; reading and writing files.
    let pixels = plan.job.sizes.reduce(0.0) { $0 + Double($1.width) * Double($1.height) }
    return Double(plan.multiplications) / (0.7 * speed) + Double(plan.scratchTraffic) / 2e9
      + pixels * 40e-9
  }
}
