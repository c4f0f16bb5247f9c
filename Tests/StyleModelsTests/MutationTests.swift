import TestSupport
import Testing
import WeightFiles

@testable import StyleModels

/// Styles of which some bytes are others: they are read whole or refused with every fault.
struct MutationTests {
  @Test(arguments: [false, true]) func files(hasStatistics: Bool) throws {
    let bytes = try smallModel(statistics: hasStatistics).weightFile().encoded(as: .f32)
    // The header; behind it numbers alone.
    let header = 8 + Int(bytes[0]) + Int(bytes[1]) << 8
    for mutation in Mutations(of: Array(bytes[..<header]), seed: 1).some(700) {
      guard let file = try? WeightFile(decoding: mutation + bytes[header...]) else { continue }
      check(file)
    }
  }

  /// The values of the keys, which a header that is read gives whatever they say.
  @Test func metadata() throws {
    let file = try smallModel().weightFile()
    for (number, (key, value)) in file.metadata.sorted(by: { $0.key < $1.key }).enumerated() {
      for mutation in Mutations(of: Array(value.utf8), seed: UInt64(number)).some(200) {
        var changed = file
        changed.metadata[key] = String(decoding: mutation, as: UTF8.self)
        check(changed)
      }
    }
  }

  private func check(_ file: WeightFile) {
    do throws(StyleModelError) {
      let model = try StyleModel(weightFile: file)
      for (name, shape) in model.description.tensors(withStatistics: false) {
        #expect(model.weights[name]?.shape == shape)
      }
      #expect(model.weights.keys.allSatisfy { file.tensors[$0] != nil })
    } catch {
      #expect(!error.description.isEmpty && error.description.utf8.count < 1 << 16)
    }
  }
}
