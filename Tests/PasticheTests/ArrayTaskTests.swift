import BatchStylizer
import Testing

@testable import pastiche

/// The variables are those of the systems' manuals.
@Suite struct ArrayTaskTests {
  private func shard(_ argument: String, _ variables: [String: String]) throws -> Shard? {
    do throws(Refusal) {
      return try ShardArgument(argument: argument)?.shard { variables[$0] }
    } catch {
      throw error
    }
  }

  private static func slurm(_ id: Int, _ first: Int, _ last: Int, count: Int, step: Int = 1)
    -> [String: String]
  {
    [
      "SLURM_ARRAY_TASK_ID": "\(id)", "SLURM_ARRAY_TASK_MIN": "\(first)",
      "SLURM_ARRAY_TASK_MAX": "\(last)", "SLURM_ARRAY_TASK_COUNT": "\(count)",
      "SLURM_ARRAY_TASK_STEP": "\(step)",
    ]
  }

  private static func gridEngine(_ id: String) -> [String: String] {
    ["SGE_TASK_ID": id, "SGE_TASK_FIRST": "2", "SGE_TASK_LAST": "8", "SGE_TASK_STEPSIZE": "3"]
  }

  static let tasks: [(String, [String: String], Shard?)] = [
    ("auto", slurm(0, 0, 15, count: 16), Shard(0, of: 16)),
    ("auto", slurm(16, 1, 16, count: 16), Shard(15, of: 16)),
    ("auto", slurm(7, 1, 9, count: 5, step: 2), Shard(3, of: 5)),
    ("auto/16", slurm(3, 0, 15, count: 16), Shard(3, of: 16)),
    ("auto", ["AWS_BATCH_JOB_ARRAY_INDEX": "2", "AWS_BATCH_JOB_ARRAY_SIZE": "3"], Shard(2, of: 3)),
    ("auto", ["CLOUD_RUN_TASK_INDEX": "0", "CLOUD_RUN_TASK_COUNT": "1"], Shard(0, of: 1)),
    ("auto", gridEngine("5"), Shard(1, of: 3)),
    ("auto", ["LSB_JOBINDEX": "10", "LSB_JOBINDEX_END": "10"], Shard(9, of: 10)),
    (
      "auto", ["LSB_JOBINDEX": "3", "LSB_JOBINDEX_END": "9", "LSB_JOBINDEX_STEP": "2"],
      Shard(1, of: 5)
    ),
    ("auto/16", ["JOB_COMPLETION_INDEX": "15"], Shard(15, of: 16)),
    ("auto/4", ["PBS_ARRAY_INDEX": "0"], Shard(0, of: 4)),
    ("auto/4", ["PBS_ARRAYID": "3"], Shard(3, of: 4)),
    // Outside of an array these are set, too.
    (
      "auto/2", ["SGE_TASK_ID": "undefined", "LSB_JOBINDEX": "0", "JOB_COMPLETION_INDEX": "1"],
      Shard(1, of: 2)
    ),
    ("2/3", [:], Shard(2, of: 3)),
  ]

  @Test(arguments: tasks)
  func theShareIsTold(_ argument: String, _ variables: [String: String], _ expected: Shard?) throws
  {
    #expect(expected != nil)
    #expect(try shard(argument, variables) == expected)
  }

  static let refused: [(String, [String: String], String)] = [
    ("auto", [:], "no task of an array job"),
    ("auto", slurm(5, 1, 5, count: 3), "have gaps, and which share is that of id 5"),
    ("auto/16", slurm(3, 3, 3, count: 1), "array has 1 task; pass --shard auto, or --shard i/16"),
    ("auto", slurm(2, 1, 9, count: 5, step: 2), "id 2 of Slurm's array is none of 5"),
    ("auto", ["JOB_COMPLETION_INDEX": "1"], "pass --shard auto/n"),
    ("auto", ["PBS_ARRAY_INDEX": "1"], "pass --shard auto/n"),
    ("auto/4", ["PBS_ARRAY_INDEX": "4"], "id 4 of PBS's array is none of 4"),
    ("auto/4", ["PBS_ARRAY_INDEX": "-1"], "id -1 of PBS's array is none of 4"),
    ("auto/4", ["PBS_ARRAY_INDEX": "x"], "PBS_ARRAY_INDEX is \"x\", which is no number"),
    ("auto", slurm(.max, .min, .max, count: .max), "have gaps"),
    ("auto/4", ["PBS_ARRAY_INDEX": "\(Int.min)"], "is none of 4"),
  ]

  @Test(arguments: refused)
  func whatTellsNoShareIsRefused(
    _ argument: String, _ variables: [String: String], _ words: String
  ) throws {
    let refusal = #expect(throws: Refusal.self) { _ = try shard(argument, variables) }
    #expect(refusal?.message.contains(words) == true, "\(refusal?.message ?? "")")
  }

  @Test(arguments: ["", "1", "1/0", "3/3", "-1/2", "0/2/3", "auto/0", "auto/x", "0/ 2", "a/b"])
  func otherWordsAreNone(_ argument: String) {
    #expect(ShardArgument(argument: argument) == nil)
  }
}
