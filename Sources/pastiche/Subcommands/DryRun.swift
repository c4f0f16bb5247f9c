import BatchStylizer

/// What `--dry-run` prints: a line for each picture, as data on standard output.
enum DryRun {
  /// - Throws: `ExitStatus` as the run itself would, as far as that is known without decoding.
  static func print(_ plan: BatchPlan) throws {
    for item in plan.items {
      let arrow = "\(printable(item.input)) -> \(printable(item.output))"
      switch item.state {
      case .pending: try StandardOutput.writeLine(arrow)
      case .skipped: try StandardOutput.writeLine("\(arrow) (there already, skipped)")
      case .failed(let error):
        try StandardOutput.writeLine("\(printable(item.input)): failed: \(error)")
      }
    }
    let failures = plan.items.count { if case .failed = $0.state { true } else { false } }
    if failures == plan.items.count { throw ExitStatus.nothingDone }
    if failures > 0 { throw ExitStatus.someFailed }
  }
}
