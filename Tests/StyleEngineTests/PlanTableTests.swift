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
  /// workspace, of scratch and moved; multiplications.
  private static let expected = """
    16 256×256 8M: needs 11123146
    16 256×256 12M: rssmmmmmmmmmmsrm 12107772 1775616 3145728 22020096 925399104
    16 256×256 0M: mmmmmmmmmmmmmmmm 16634876 6302720 0 0 793093504
    32 256×256 16M: needs 36016322
    32 256×256 24M: needs 36016322
    32 256×256 0M: mmmmmmmmmmmmmmmm 46422076 12616704 0 0 2852866816
    16 1280×720 16M: rsssssssssssssrs 14763116 4182016 58982400 618393600 12963974400
    16 1280×720 32M: rssmmmmmmmmmmsrm 32279660 18933760 44236800 309657600 12963974400
    16 1280×720 64M: rmmmmmmmmmmmmrrm 60802156 47456256 0 0 14438534400
    16 1280×720 0M: mmmmmmmmmmmmmmmm 101887084 88541184 0 0 11119910400
    32 1280×720 32M: needs 41338595
    32 1280×720 64M: rsssssssssssssrm 61354156 24952832 117964800 1209139200 45215193600
    32 1280×720 128M: rmmmmmmmmmmmmsrm 129233068 92831744 58982400 176947200 45215193600
    32 1280×720 0M: mmmmmmmmmmmmmmmm 213483692 177082368 0 0 40052505600
    16 4000×3000 64M: rsssssssssssssrm 62559696 15905280 768000000 7872000000 168973920000
    16 4000×3000 256M: rssmmmmmmmmmmsrm 257903568 211249152 576000000 4032000000 168973920000
    16 4000×3000 512M: rsmmmmmmmmmmmrrm 455617488 408963072 384000000 768000000 188173920000
    16 4000×3000 0M: mmmmmmmmmmmmmmmm 1198724048 1152069632 0 0 144966720000
    32 4000×3000 54M: rsssssssssssssrs 53970704 20260864 1536000000 15924000000 589452480000
    32 4000×3000 128M: rsssssssssssssrm 128444432 58734592 1536000000 15744000000 589452480000
    32 4000×3000 512M: rssmmmmmmmmmmsrm 516816912 447107072 1152000000 8064000000 589452480000
    32 4000×3000 1024M: rsmmmmmmmmmmmsrm 887504912 817795072 768000000 3840000000 589452480000
    32 4000×3000 0M: mmmmmmmmmmmmmmmm 2373857296 2304147456 0 0 522238080000
    16 11600×8700 256M: rsssssssssssssrs 95568576 84708864 6458880000 67717320000 1419674584000
    16 11600×8700 1024M: rsssssssssssssrm 398328576 84708864 6458880000 66203520000 1419674584000
    16 11600×8700 0M: mmmmmmmmmmmmmmmm 10002014976 9688395264 0 0 1217824144000
    32 3×2 16M: needs 33242537
    32 3×2 0M: mmmmmmmmmmmmmmmm 32203726 13312 0 0 7286464
    16 40×65500 16M: rsssssssssssssrs 14960700 6430208 167680000 1758020000 40339056320
    16 40×65500 0M: mmmmmmmmmmmmmmmm 267976028 251585536 0 0 34941755520
    """
}
