import BatchStylizer

/// The share of the pictures that a task of an array job does, as the job's system tells in the
/// environment.
enum ArrayTask {
  /// A system of jobs, and the variables that it sets for a task.
  private struct System {
    let name: String
    let index: String
    /// The number of tasks.
    var count: String?
    /// The first and last index, and the step between them.
    var first: String?
    var last: String?
    var step: String?
    /// What the first index is where no variable tells: of many a system, 0.
    var standardFirst = 0
    /// What the index says outside of an array.
    var absent: String?
  }

  private static let systems = [
    System(
      name: "Slurm", index: "SLURM_ARRAY_TASK_ID", count: "SLURM_ARRAY_TASK_COUNT",
      first: "SLURM_ARRAY_TASK_MIN", last: "SLURM_ARRAY_TASK_MAX", step: "SLURM_ARRAY_TASK_STEP"),
    System(
      name: "AWS Batch", index: "AWS_BATCH_JOB_ARRAY_INDEX", count: "AWS_BATCH_JOB_ARRAY_SIZE"),
    System(name: "Cloud Run", index: "CLOUD_RUN_TASK_INDEX", count: "CLOUD_RUN_TASK_COUNT"),
    System(
      name: "Grid Engine", index: "SGE_TASK_ID", first: "SGE_TASK_FIRST", last: "SGE_TASK_LAST",
      step: "SGE_TASK_STEPSIZE", absent: "undefined"),
    System(
      name: "LSF", index: "LSB_JOBINDEX", last: "LSB_JOBINDEX_END", step: "LSB_JOBINDEX_STEP",
      standardFirst: 1, absent: "0"),
    System(name: "PBS", index: "PBS_ARRAY_INDEX"),
    System(name: "Torque", index: "PBS_ARRAYID"),
    System(name: "Kubernetes", index: "JOB_COMPLETION_INDEX"),
  ]

  /// - Parameters:
  ///   - count: The number of tasks, as it was given; nil where a variable is to tell.
  ///   - variables: The environment.
  static func shard(count: Int?, _ variables: (String) -> String?) throws(ArrayTaskError) -> Shard {
    for system in systems {
      guard let index = variables(system.index), index != system.absent, !index.isEmpty else {
        continue
      }
      return try shard(system, index, count, variables)
    }
    throw .noArray(systems.map(\.index))
  }

  private static func shard(
    _ system: System, _ text: String, _ given: Int?, _ variables: (String) -> String?
  ) throws(ArrayTaskError) -> Shard {
    func number(_ name: String?) throws(ArrayTaskError) -> Int? {
      guard let name, let text = variables(name), !text.isEmpty else { return nil }
      guard let number = Int(text) else { throw .notANumber(name, text) }
      return number
    }
    guard let id = Int(text) else { throw .notANumber(system.index, text) }
    let first = try number(system.first) ?? system.standardFirst
    let (last, step) = (try number(system.last), max(try number(system.step) ?? 1, 1))
    let (distance, overflows) = id.subtractingReportingOverflow(first)
    var counted = try number(system.count)
    if let last {
      let regular = (last &- first) / step &+ 1
      // Ids with gaps leave shares that nobody would do.
      if let counted, counted != regular { throw .sparse(system.name, id: id, count: counted) }
      counted = regular
    }
    if let counted, let given, counted != given {
      throw .otherCount(system.name, counted: counted, given: given)
    }
    guard let count = counted ?? given else { throw .noCount(system.name, system.index) }
    guard !overflows, distance % step == 0, let shard = Shard(distance / step, of: count) else {
      throw .outside(system.name, id: id, count: count)
    }
    return shard
  }
}

/// The reason why an array job doesn't tell which share is this task's.
enum ArrayTaskError: Error, Equatable, CustomStringConvertible {
  /// None of the variables is there.
  case noArray([String])
  case notANumber(String, String)
  /// The ids leave numbers out.
  case sparse(String, id: Int, count: Int)
  case otherCount(String, counted: Int, given: Int)
  case noCount(String, String)
  case outside(String, id: Int, count: Int)

  var description: String {
    switch self {
    case .noArray(let names):
      "--shard auto: this is no task of an array job (none of \(names.joined(separator: ", ")) is "
        + "set); pass --shard i/n"
    case .notANumber(let name, let text):
      "--shard auto: \(name) is \"\(printable(text))\", which is no number; pass --shard i/n"
    case .sparse(let system, let id, let count):
      "--shard auto: the ids of \(system)'s array of \(counted(count, "task")) have gaps, and which "
        + "share is that of id \(id) can't be told; pass --shard i/n"
    case .otherCount(let system, let counted, let given):
      "--shard auto/\(given): \(system)'s array has \(BatchStylizer.counted(counted, "task")); pass "
        + "--shard auto, or --shard i/\(given) to do one share again"
    case .noCount(let system, let name):
      "--shard auto: \(system) tells the number of this task (\(name)), but not how many there are; "
        + "pass --shard auto/n"
    case .outside(let system, let id, let count):
      "--shard auto: id \(id) of \(system)'s array is none of \(count) that follow one another; "
        + "pass --shard i/\(count)"
    }
  }
}
