import StyleModels
import Tensors
import TestSupport
import Testing

@testable import StyleEngine

/// The planner's choices as a table, so that another choice is seen: for widths and pictures that
/// people use and budgets from the least to all, where every map goes, what it takes in memory and on
/// the disk, and how much there is to multiply.
@Suite(.deadline(minutes: 2)) struct PlanTableTests {
  /// Width, the picture's width and height, the bytes of its samples, and budgets in MB; 0 for none.
  private static let jobs: [(Int, Int, Int, Int, [Int])] = [
    (16, 256, 256, 196_608, [8, 12, 0]), (32, 256, 256, 196_608, [16, 24, 0]),
    (16, 1280, 720, 2_764_800, [16, 32, 64, 0]), (32, 1280, 720, 2_764_800, [32, 64, 128, 0]),
    (16, 4000, 3000, 36_000_000, [64, 256, 512, 0]),
    (32, 4000, 3000, 36_000_000, [54, 128, 512, 1024, 0]),
    (16, 11_600, 8700, 302_760_000, [256, 1024, 0]), (32, 3, 2, 18, [16, 0]),
    (16, 40, 65_500, 7_860_000, [16, 0]),
  ]

  @Test func plansAreThoseOfTheTable() throws {
    var rows: [String] = []
    var networks: [Int: StyleNetwork] = [:]
    for (width, wide, tall, samples, budgets) in Self.jobs {
      let network =
        try networks[width]
        ?? StyleNetwork(
          randomStyle(NetworkDescription(width: width)), kernels: KernelSet.available[0])
      networks[width] = network
      let job = ExecutionPlan.Job(
        sizes: [ExecutionPlan.Job.Size(width: wide, height: tall)], sampleBytes: samples)
      for budget in budgets {
        let memory = budget == 0 ? Int.max : budget << 20
        let title = "\(width) \(wide)×\(tall) \(budget)M: "
        do throws(StyleNetworkError) {
          let plan = try network.plan(job, memory: memory)
          let places = (plan.outputs + [plan.samples]).map { $0.rawValue.prefix(1) }.joined()
          rows.append(
            title + "\(places) \(plan.bytes) \(plan.workspaceBytes) \(plan.scratchBytes) "
              + "\(plan.scratchTraffic) \(plan.multiplications)")
        } catch {
          guard case .memoryTooSmall(let needed, _) = error else { throw error }
          rows.append(title + "needs \(needed)")
        }
      }
    }
    let table = rows.joined(separator: "\n")
    #expect(table == Self.expected, "\(table)")
  }

  /// Memory, scratch or recomputed for each layer's output and the samples; bytes in all, of the
  /// workspace, of scratch and moved; multiplications. Taken before the engine saw lists of layers.
  private static let expected = """
    16 256×256 8M: needs 11173710
    16 256×256 12M: rssmmmmmmmmmmsrm 12156756 1775616 3145728 22020096 1569177600
    16 256×256 0M: mmmmmmmmmmmmmmmm 16683860 6302720 0 0 1261944832
    32 256×256 16M: needs 36117425
    32 256×256 24M: needs 36117425
    32 256×256 0M: mmmmmmmmmmmmmmmm 46520020 12616704 0 0 3790569472
    16 1280×720 16M: rsssssssssssssrs 14817972 4182016 58982400 618393600 21985689600
    16 1280×720 32M: rssmmmmmmmmmmsrm 32334516 18933760 44236800 309657600 21985689600
    16 1280×720 64M: rmmmmmmmmmmmmrrm 60872372 47471616 0 0 23460249600
    16 1280×720 0M: mmmmmmmmmmmmmmmm 101941940 88541184 0 0 17665228800
    32 1280×720 32M: needs 42063265
    32 1280×720 64M: rsssssssssssssrm 62071540 24968192 117964800 1209139200 63258624000
    32 1280×720 128M: rmmmmmmmmmmmmsrm 129950452 92847104 58982400 176947200 63258624000
    32 1280×720 0M: mmmmmmmmmmmmmmmm 214185716 177082368 0 0 53143142400
    16 4000×3000 64M: rsssssssssssssrm 64882196 18172800 768000000 7872000000 286456320000
    16 4000×3000 256M: rssmmmmmmmmmmsrm 257958548 211249152 576000000 4032000000 286456320000
    16 4000×3000 512M: rsmmmmmmmmmmmrrm 455672468 408963072 384000000 768000000 305656320000
    16 4000×3000 0M: mmmmmmmmmmmmmmmm 1198779028 1152069632 0 0 230200320000
    32 4000×3000 54M: rsssssssssssssrs 54720852 20308864 1536000000 15924000000 824417280000
    32 4000×3000 128M: rsssssssssssssrm 129194580 58782592 1536000000 15744000000 824417280000
    32 4000×3000 512M: rssmmmmmmmmmmsrm 517519060 447107072 1152000000 8064000000 824417280000
    32 4000×3000 1024M: rsmmmmmmmmmmmsrm 888207060 817795072 768000000 3840000000 824417280000
    32 4000×3000 0M: mmmmmmmmmmmmmmmm 2374559444 2304147456 0 0 692705280000
    16 11600×8700 256M: rsssssssssssssrs 229394692 218480064 6458880000 67717320000 2407851904000
    16 11600×8700 1024M: rsssssssssssssrm 532154692 218480064 6458880000 66203520000 2407851904000
    16 11600×8700 0M: mmmmmmmmmmmmmmmm 10002069892 9688395264 0 0 1934738944000
    32 3×2 16M: needs 33395327
    32 3×2 0M: mmmmmmmmmmmmmmmm 32351742 13312 0 0 8293888
    16 40×65500 16M: rsssssssssssssrs 14932748 6430720 167680000 1758020000 65522193920
    16 40×65500 0M: mmmmmmmmmmmmmmmm 267947564 251585536 0 0 53239633920
    """
}
