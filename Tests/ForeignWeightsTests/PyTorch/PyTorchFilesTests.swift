import Foundation
import StyleModels
import SystemPackage
import Testing
import WeightFiles

@testable import ForeignWeights

/// Files that PyTorch wrote.
@Suite struct PyTorchFilesTests {
  private static let statistics = ["in1", "in2", "in3", "in4", "in5", "res1.in1", "res1.in2"]
    .flatMap { norm in
      ["num_batches_tracked", "running_mean", "running_var"].map { "\(norm).\($0)" }
    }.sorted()

  @Test(arguments: [
    ("archive", [ConvertedStyle.Note]()),
    ("archive_of_protocol_4", []),
    ("archive_of_CUDA", []),
    ("stream", []),
    ("stream_of_protocol_5", []),
    ("stream_of_CUDA", []),
    ("half", []),
    ("bfloat16", []),
    ("double", []),
    ("strided_and_shared", []),
    ("checkpoint_of_DataParallel", [.removedPrefix("module.")]),
    ("running_statistics", [.droppedStatistics(statistics)]),
    ("scale_and_shift_stream", []),
    ("sequential", [.removedPrefix("model.")]),
  ])
  func isAStyle(name: String, notes: [ConvertedStyle.Note]) throws {
    let converted = try PyTorchWeights.styleModel(
      contentsOf: fixture(name), name: "s", epsilon: 1e-3, range: -1...1)
    #expect(converted.notes == notes)
    let model = converted.model
    #expect(
      model.description
        == NetworkDescription(width: 1, residualBlocks: 1, epsilon: 1e-3, inputRange: -1...1))
    let weights = model.description.tensors().map { model.weights[$0.name] }
    #expect(weights == PublishedNetwork.fixtureTensors)
    #expect(
      converted.summary.description
        == "fast-neural-style: width 1, 1 residual block, instance norm; 30 tensors, "
        + "1011 parameters")
  }

  @Test func statisticsOfBatchNormAreKept() throws {
    let converted = try PyTorchWeights.styleModel(
      contentsOf: fixture("running_statistics"), name: "s", norm: .batch)
    #expect(converted.model.weights["in1.variance"] == StoredTensor(shape: [1], values: [1]))
    #expect(
      converted.notes == [
        .droppedStatistics(Self.statistics.filter { $0.hasSuffix("num_batches_tracked") })
      ])
  }

  @Test func aWholeModuleIsRefused() {
    #expect(
      throws: ForeignWeightsError.pyTorch([.wholeModule("torch.nn.modules.container.Sequential")])
    ) {
      try PyTorchWeights.styleModel(contentsOf: fixture("whole_module_is_refused"), name: "s")
    }
  }

  /// Real files, where `PASTICHE_SHARED` names the directory that holds them; the sums are
  /// sum_of_model.py's.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["PASTICHE_SHARED"] != nil),
    arguments: [
      ("candy_nc16", 16, 6_638_942_105_941_033_543 as UInt64),
      ("mosaic_nc16", 16, 7_305_904_963_185_798_433),
      ("mosaic_nc8", 8, 12_499_204_187_382_336_271),
    ])
  func publishedFiles(name: String, width: Int, sum: UInt64) throws {
    let shared = try #require(ProcessInfo.processInfo.environment["PASTICHE_SHARED"])
    let path = FilePath("\(shared)/data/weights/pytorch_slim/\(name)_b1_e2_1e05_1e10.model")
    let converted = try PyTorchWeights.styleModel(contentsOf: path, name: name)
    #expect(converted.notes == [])
    let model = converted.model
    #expect(model.description == NetworkDescription(width: width))
    let values = model.description.tensors().flatMap { model.weights[$0.name]?.values ?? [] }
    let found = values.enumerated().reduce(into: 0 as UInt64) { sum, value in
      sum &+= UInt64(value.element.bitPattern) &* UInt64(value.offset + 1)
    }
    #expect(found == sum)
  }

  @Test(.enabled(if: ProcessInfo.processInfo.environment["PASTICHE_SHARED"] != nil))
  func lossNetworksAreNoStyles() throws {
    let shared = try #require(ProcessInfo.processInfo.environment["PASTICHE_SHARED"])
    let path = FilePath("\(shared)/data/weights/vgg19_conv1_1_to_conv3_4.safetensors")
    #expect(
      throws: ForeignWeightsError.notThePublishedNetwork(
        NetworkFindings(convolutions: 8, norms: 0, differences: [.vgg]))
    ) { try PyTorchWeights.styleModel(contentsOf: path, name: "vgg") }
  }
}
