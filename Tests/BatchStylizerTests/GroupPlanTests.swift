import ImageFiles
import StyleEngine
import TestSupport
import Testing

@testable import BatchStylizer

@Suite struct GroupPlanTests {
  /// Samples of all together, each once and as large as they become; of decoding the largest.
  @Test(arguments: [1, 3])
  func bytesAreThoseOfItsMembers(_ count: Int) throws {
    let folder = try TemporaryFolder()
    try folder.directory("in")
    let images = (0..<count).map { Image(randomWidth: 20 + $0, height: 30) }
    for (index, image) in images.enumerated() { try image.write(folder["in/\(index).png"]) }
    let items = try BatchPlan(
      inputs: [folder["in"]], target: .directory(folder["out"]), recursively: false, format: .keep,
      existing: .leave
    ).items
    let members = zip(items, images).map { item, image in
      let source = ImageRows(image)
      return GroupPlan.Member(
        work: PictureWork(
          items: [item], pictures: [NetworkSession.Member(source, depth: .sixteen)]),
        source: source)
    }
    let network = try smallNetwork()
    let plan = try GroupPlan(members, [NetworkSession(network: network, workers: 1)])
    #expect(plan.heldBytes == images.reduce(0) { $0 + 2 * $1.bytes.count })
    let storing = members.map(\.work.pictures[0].storingBytes).max() ?? 0
    #expect(storing == images[count - 1].bytes.count + images[count - 1].bytesPerRow)
    #expect(plan.decodingBytes == plan.heldBytes + storing)
    #expect(plan.networkBytes == plan.paintings[0].bytes - network.weightBytes - plan.heldBytes)
  }
}
