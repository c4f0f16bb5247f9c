import BatchStylizer

/// What `--dry-run` prints: a line for each picture, as data on standard output.
enum DryRun {
  static func print(_ plan: BatchPlan) {
    for item in plan.items {
      let arrow = "\(printable(item.input)) -> \(printable(item.output))"
      switch item.state {
      case .pending: Swift.print(arrow)
      case .skipped: Swift.print("\(arrow) (there already, skipped)")
      case .failed(let error): Swift.print("\(printable(item.input)): \(error)")
      }
    }
  }
}
