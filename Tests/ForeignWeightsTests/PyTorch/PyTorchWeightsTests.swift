import Foundation
import StyleModels
import SystemPackage
import Testing
import WeightFiles

@testable import ForeignWeights

@Suite struct PyTorchWeightsTests {
  /// A published file in which every tensor's first value tells it from the others.
  private func file(width: Int = 2, prefix: String = "") -> WeightFile {
    var file = WeightFile(metadata: ["source": "here"], tensors: [:])
    for (index, (name, shape)) in PublishedNetwork.shapes(width: width).enumerated() {
      var values = [Float](repeating: 0, count: shape.reduce(1, *))
      values[0] = Float(index)
      file.tensors[prefix + name] = StoredTensor(shape: shape, values: values)
    }
    return file
  }

  private func vector(_ values: Float...) -> StoredTensor {
    StoredTensor(shape: [values.count], values: values)
  }

  @Test func everyTensorFindsItsPlace() throws {
    let converted = try PyTorchWeights.styleModel(
      from: file(), name: "s", licence: "l", training: "t")
    #expect(converted.notes == [])
    let model = converted.model
    #expect(model.description == NetworkDescription(width: 2))
    #expect([model.name, model.licence, model.training] == ["s", "l", "t"])
    #expect(model.card == ["pytorch.source": "here"])
    let order = model.description.tensors(withStatistics: false)
    #expect(order.map { model.weights[$0.name]?.values[0] } == (0..<62).map { Float($0) })
    #expect(order.map(\.shape) == PublishedNetwork.shapes(width: 2).map(\.shape))
    #expect(order[2].name == "in1.gamma")
  }

  @Test func prefixIsRemoved() throws {
    let converted = try PyTorchWeights.styleModel(from: file(prefix: "module."), name: "s")
    #expect(converted.notes == [.removedPrefix("module.")])
    #expect(try converted.model == PyTorchWeights.styleModel(from: file(), name: "s").model)
  }

  @Test func unusedStatisticsAreLeftOut() throws {
    var old = file()
    old.tensors["in1.running_mean"] = vector(1, 2)
    old.tensors["res1.in2.running_var"] = vector(1)
    old.tensors["in1.num_batches_tracked"] = StoredTensor(shape: [], values: [7])
    let converted = try PyTorchWeights.styleModel(from: old, name: "s")
    let names = ["in1.num_batches_tracked", "in1.running_mean", "res1.in2.running_var"]
    #expect(converted.notes == [.droppedStatistics(names)])
    #expect(!converted.model.hasBatchStatistics)
  }

  /// Convolutions that a norm follows often have none.
  @Test func biasesThatNoneHasAreZero() throws {
    var bare = file()
    bare.tensors = bare.tensors.filter { name, _ in
      name.hasPrefix("deconv3") || !name.hasSuffix("conv2d.bias")
    }
    let converted = try PyTorchWeights.styleModel(from: bare, name: "s")
    guard case .absentTensors(let names)? = converted.notes.first else {
      Issue.record("\(converted.notes)")
      return
    }
    #expect(names.count == 15)
    #expect(converted.model.weights["res2.conv1.bias"]?.values == [Float](repeating: 0, count: 8))
    #expect(converted.model.weights["deconv3.bias"]?.values[0] == 61)
    // What some have is missing in the others.
    bare.tensors["res3.conv1.conv2d.bias"] = StoredTensor(
      shape: [8], values: [Float](repeating: 1, count: 8))
    do throws(ForeignWeightsError) {
      _ = try PyTorchWeights.styleModel(from: bare, name: "s")
    } catch {
      guard case .faults(let faults) = error else { throw error }
      #expect(faults.count == 14)
    }
  }

  /// Norms may neither multiply nor add.
  @Test func normsWithoutNumbersOfTheirOwn() throws {
    var bare = file()
    bare.tensors = bare.tensors.filter { name, _ in name.contains("conv2d") }
    let model = try PyTorchWeights.styleModel(from: bare, name: "s").model
    #expect(model.weights["in1.gamma"] == vector(1, 1))
    #expect(model.weights["res1.in2.beta"]?.values == [Float](repeating: 0, count: 8))
  }

  /// What was measured for a norm with which the network isn't run has no place in its modules.
  @Test func statisticsAreWrittenForBatchNormAlone() throws {
    for norm in [Norm.instance, .batch] {
      var description = NetworkDescription(width: 1, residualBlocks: 0)
      description.norm = norm
      let style = try randomStyle(description, statistics: true)
      let names = try PyTorchWeights.weightFile(of: style).tensors.keys
      #expect(names.contains("in1.running_mean") == (norm == .batch))
      #expect(names.contains("in1.weight"))
    }
  }

  @Test func batchNormKeepsItsStatistics() throws {
    var batch = file()
    for name in ["in1", "in5"] {
      batch.tensors["\(name).num_batches_tracked"] = StoredTensor(shape: [], values: [7])
    }
    for (name, tensor) in batch.tensors where name.contains("in") && name.hasSuffix(".bias") {
      let norm = name.dropLast(".bias".count)
      let ones = StoredTensor(
        shape: tensor.shape, values: .init(repeating: 1, count: tensor.values.count))
      batch.tensors["\(norm).running_mean"] = tensor
      batch.tensors["\(norm).running_var"] = ones
    }
    let converted = try PyTorchWeights.styleModel(from: batch, name: "s", norm: .batch)
    #expect(converted.model.weights["in1.mean"] == batch.tensors["in1.running_mean"])
    #expect(converted.model.weights["in1.variance"] == vector(1, 1))
    #expect(
      converted.notes == [
        .droppedStatistics(["in1.num_batches_tracked", "in5.num_batches_tracked"])
      ]
    )
    batch.tensors["in1.running_mean"] = nil
    #expect(throws: ForeignWeightsError.faults([.missing("in1.running_mean", expected: [2])])) {
      try PyTorchWeights.styleModel(from: batch, name: "s", norm: .batch)
    }
    batch.tensors["in1.running_mean"] = vector(0, 0)
    batch.tensors["in1.running_var"] = vector(1, -2)
    let fault = StyleModelError.Fault.negativeVariance("in1.variance", channel: 1, found: -2)
    #expect(throws: ForeignWeightsError.invalidStyle(.faults([fault]))) {
      try PyTorchWeights.styleModel(from: batch, name: "s", norm: .batch)
    }
  }

  @Test func everyFaultyTensorIsNamed() {
    var faulty = file()
    faulty.tensors["conv1.conv2d.weight"] = vector(1, 2, 3)
    faulty.tensors["in1.weight"] = nil
    faulty.tensors["res5.conv2.conv2d.bias"] = vector(1)
    faulty.tensors["res6.in1.weight"] = vector(1)
    faulty.tensors["in1.running_mean"] = vector(1)
    #expect(
      throws: ForeignWeightsError.faults([
        .misshaped("conv1.conv2d.weight", expected: [2, 3, 9, 9], found: [3]),
        .missing("in1.weight", expected: [2]),
        .misshaped("res5.conv2.conv2d.bias", expected: [8], found: [1]),
        .surplus("res6.in1.weight", found: [1]),
      ])
    ) { try PyTorchWeights.styleModel(from: faulty, name: "s") }
  }

  @Test func otherFiles() throws {
    let style = try PyTorchWeights.styleModel(from: file(), name: "s").model
    #expect(throws: ForeignWeightsError.alreadyAStyle) {
      try PyTorchWeights.styleModel(from: style.weightFile(), name: "s")
    }
    let other = WeightFile(tensors: ["conv1_1.weight": vector(1), "a": vector(1)])
    #expect(
      throws: ForeignWeightsError.notThePublishedNetwork(
        NetworkFindings(
          convolutions: 0, norms: 1,
          differences: [.unknown("a", found: [1]), .convolutionCount(0)]))
    ) { try PyTorchWeights.styleModel(from: other, name: "s") }
  }

  @Test func aStyleNeedsAName() {
    let fault = StyleModelError.Fault.invalidValue(key: "name", found: "", expected: "a text")
    #expect(throws: ForeignWeightsError.invalidStyle(.faults([fault]))) {
      try PyTorchWeights.styleModel(from: file(), name: "")
    }
  }

  /// Real files, where `PASTICHE_SHARED` names the directory that holds them.
  @Test(
    .enabled(if: ProcessInfo.processInfo.environment["PASTICHE_SHARED"] != nil),
    arguments: ["data/weights/fns_mosaic", "data/weights/fns_candy"])
  func publishedFiles(name: String) throws {
    let shared = try #require(ProcessInfo.processInfo.environment["PASTICHE_SHARED"])
    let source = try WeightFile(contentsOf: FilePath("\(shared)/\(name).safetensors"))
    let converted = try PyTorchWeights.styleModel(from: source, name: name)
    #expect(converted.notes == [])
    #expect(converted.model.description == NetworkDescription(width: 32))
    let written = try converted.model.weightFile().encoded()
    #expect(try StyleModel(weightFile: WeightFile(decoding: written)) == converted.model)
  }
}
