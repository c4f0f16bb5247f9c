import ImageFiles
import Layers
import StyleEngine
import Synchronization
import TestSupport
import Testing

@testable import BatchStylizer

@Suite(.deadline(minutes: 2)) struct BatchLooksTests {
  private let folder: TemporaryFolder
  private let network: StyleNetwork
  private let photograph = Image(randomWidth: 30, height: 20)

  init() throws {
    folder = try TemporaryFolder()
    network = try smallNetwork()
    try folder.directory("in")
    try photograph.write(folder["in/a.png"])
  }

  /// What there is to see of the only picture, and the picture written.
  private func run(
    side: Int, _ stylization: Stylization = Stylization(normalization: .instance)
  ) throws -> (looks: BatchLooks?, written: Image) {
    let plan = try BatchPlan(
      inputs: [folder["in/a.png"]], target: .file(folder["out.png"]), recursively: false,
      format: .keep, existing: .replace)
    var options = BatchRun.Options()
    options.thumbnailSide = side
    let looks = Mutex<BatchLooks?>(nil)
    let report = try BatchRun(
      plan, styles: [BatchRun.Style(network, stylization: stylization)], options: options,
      control: BatchControl()
    ) { event in
      if case .done(_, _, _, let seen) = event.outcome { looks.withLock { $0 = seen } }
    }.run()
    #expect(report.done == 1)
    return (looks.withLock { $0 }, try Image(decoding: folder["out.png"]))
  }

  @Test func areNoneUnlessWanted() throws {
    #expect(try run(side: 0).looks == nil)
  }

  @Test func areThePhotographThePaintingAndEveryNorm() throws {
    let (looks, written) = try run(side: 30)
    #expect(looks?.before == photograph)
    #expect(looks?.after == written)
    #expect(written != photograph)
    let norms = ["in1", "in2", "in3", "res1.in1", "res1.in2", "in4", "in5"]
    #expect(looks?.layers.map(\.norm) == norms)
  }

  @Test func areShrunk() throws {
    let looks = try run(side: 6).looks
    for image in [looks?.before, looks?.after] {
      #expect(image?.width == 6 && image?.height == 4)
    }
  }

  @Test func atStrengthNoughtAreThePhotographAlone() throws {
    let (looks, written) = try run(side: 30, Stylization(normalization: .batch, strength: 0))
    #expect(looks?.before == photograph && looks?.after == photograph && written == photograph)
    #expect(looks?.layers.isEmpty == true)
  }
}
