import TestSupport
import Testing

@testable import WeightFiles

/// Files of which some bytes are others, cut short or put together wrongly: they are read or refused
/// with every fault, and never give more than they hold.
struct MutationTests {
  @Test(arguments: ElementType.allCases) func files(_ type: ElementType) throws {
    let file = WeightFile(
      metadata: ["key": "a value", "other": "ä\n\"\\"],
      tensors: [
        "conv1.weight": StoredTensor(shape: [2, 3], values: [1, 2, 3, 4, 5, 6]),
        "in1.gamma": StoredTensor(shape: [2], values: [-1, 0.5]),
        "empty": StoredTensor(shape: [0, 4], values: []),
      ])
    let bytes = try file.encoded(as: type)
    #expect(try WeightFile(decoding: bytes) == file)
    for mutation in Mutations(of: bytes, seed: 1).some(3000) {
      switch Result(catching: { () throws(WeightFileError) in try WeightFile(decoding: mutation) })
      {
      case .success(let read):
        for tensor in read.tensors.values {
          #expect(tensor.values.count == tensor.shape.reduce(1, *))
          #expect(tensor.values.allSatisfy { $0.isFinite })
        }
        #expect(read.tensors.values.reduce(0) { $0 + $1.values.count } <= mutation.count / 2)
      case .failure(.faults(let faults)):
        #expect(!faults.isEmpty && faults.count <= max(1, mutation.count))
        #expect(faults.allSatisfy { !$0.description.isEmpty })
      case .failure(let error):
        Issue.record("\(error)")
      }
    }
  }

  @Test func json() throws {
    let text = #"{"a":[1,-2.5e3,true,null,{"b":"\u00e4\n\"\\"}],"c":{},"d":[[],[[]]]}"#
    var read = 0
    for mutation in Mutations(of: Array(text.utf8), seed: 2).some(5000) {
      do throws(JSONError) {
        _ = try JSONReader.read(mutation[...])
        read += 1
      } catch {
        #expect((0...mutation.count).contains(error.offset))
      }
    }
    #expect((1..<5000).contains(read))
  }
}
