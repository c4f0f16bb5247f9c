import Foundation
import StyleModels
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@testable import ForeignWeights

/// PyTorch's files cut short, or with some bytes exchanged or put together wrongly: they are read or
/// refused with a reason, and never give more than they hold.
///
/// `PASTICHE_HOSTILE=all` tries 100,000 of each.
@Suite struct PyTorchMutationTests {
  private func bytes(_ name: String) throws -> [UInt8] {
    try Array(Data(contentsOf: URL(filePath: fixture(name).string)))
  }

  /// Reads what there is to read of a file.
  private func read(_ bytes: [UInt8]) -> Result<PyTorchCheckpoint, PyTorchFault> {
    Result { () throws(PyTorchFault) in try PyTorchCheckpoint(ByteSource(bytes)) }
  }

  @Test(arguments: ["archive", "stream", "strided_and_shared", "checkpoint_of_DataParallel"])
  func mutations(name: String) throws {
    let original = try bytes(name)
    var (loaded, refused) = (0, 0)
    for mutation in Mutations(of: original, seed: 1).some(2000) {
      switch read(mutation) {
      case .success(let checkpoint):
        loaded += 1
        do throws(ForeignWeightsError) {
          let tensors = try checkpoint.tensors(named: checkpoint.shapes.map(\.name))
          let values = tensors.values.reduce(0) { $0 + $1.values.count }
          #expect(values <= mutation.count + (1 << 22))
          #expect(tensors.values.allSatisfy { $0.values.allSatisfy(\.isFinite) })
        } catch {
          #expect(!error.description.isEmpty)
        }
      case .failure(let fault):
        refused += 1
        #expect(!fault.description.isEmpty && fault.description.utf8.count < 100_000)
      }
    }
    #expect(loaded > 0 && refused > 0)
  }

  @Test(arguments: [true, false]) func truncations(isArchive: Bool) {
    let tensor = PickleBytes.tensor(elements: 2, shape: [2, 1], strides: [1, 1])
    let original =
      isArchive
      ? PickleBytes.archive(
        PickleBytes.dictionary([("w", tensor)]), storages: [[0, 0, 0, 0, 0, 0, 0, 0]])
      : PickleBytes.stream([("w", tensor)], [2, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])
    #expect(throws: Never.self) { try read(original).get() }
    for count in original.indices {
      guard case .failure(let fault) = read(Array(original.prefix(count))) else {
        Issue.record("\(count) of \(original.count) bytes were read")
        continue
      }
      #expect(!fault.description.isEmpty)
    }
  }
}
