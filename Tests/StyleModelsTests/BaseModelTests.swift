import StyleModels
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@Suite struct BaseModelTests {
  @Test func theFileSaysEverything() throws {
    let base = try smallBase(inputRange: -1.95...2.3)
    #expect(
      base.weightFile().metadata == [
        "format_version": "1", "kind": "base", "architecture": "fast-neural-style", "width": "1",
        "residual_blocks": "1", "padding": "reflection", "upsampling": "nearest",
        "output_activation": "identity", "epsilon": "1e-05", "input_range": "-1.95,2.3",
        "name": "ground", "licence": "CC0-1.0", "training": "by hand",
      ])
    #expect(try BaseModel(weightFile: base.weightFile()) == base)
    #expect(base.weights.keys.sorted().first == "conv1.weight")
    #expect(!base.weights.keys.contains { $0.hasSuffix(".bias") })
  }

  /// Fixtures/base_digest.py prints it.
  @Test func digestIsThatOfHashlib() throws {
    #expect(
      try smallBase().digest
        == "6f40387bb15478958420145ae8c70943fdf2a8a90951247069f36e5bfd67561e")
  }

  /// Nor on what else the file says: the style's numbers fit the tensors.
  @Test func digestDoesNotDependOnHowTensorsAreStored() throws {
    var weights = try smallBase().weights
    for (name, tensor) in weights {
      weights[name]?.values = tensor.values.map { Float(Float16($0)) }
    }
    let description = NetworkDescription(width: 1, residualBlocks: 1)
    let base = try BaseModel(
      name: "half", description: description, licence: "CC0-1.0", training: "by hand",
      weights: weights)
    let single = try WeightFile(decoding: base.weightFile().encoded(as: .f32))
    let half = try WeightFile(decoding: base.weightFile().encoded(as: .f16))
    #expect(try BaseModel(weightFile: single).digest == base.digest)
    #expect(try BaseModel(weightFile: half).digest == base.digest)
    weights["conv2.weight"]?.values[3] += 1
    #expect(
      try BaseModel(
        name: "half", description: description, licence: "CC0-1.0", training: "by hand",
        weights: weights
      ).digest != base.digest)
  }

  @Test func faultsAreToldAtOnce() throws {
    var file = try smallBase().weightFile()
    file.metadata["epsilon"] = "0"
    file.tensors["conv1.bias"] = StoredTensor(shape: [1], values: [0])
    file.tensors["deconv3.weight"] = nil
    #expect(
      throws: StyleModelError.faults([
        .invalidValue(key: "epsilon", found: "0", expected: "a number above 0, at most 1"),
        .tensor(.missing("deconv3.weight", expected: [3, 1, 9, 9])),
        .tensor(.surplus("conv1.bias", found: [1])),
      ])
    ) { try BaseModel(weightFile: file) }
  }

  /// A norm and a tanh behind the last convolution leave styles no colours of their own.
  @Test func onlyThePublishedNetworkIsShared() throws {
    var file = try smallBase().weightFile()
    file.metadata["architecture"] = "fast-style-transfer"
    #expect(
      throws: StyleModelError.faults([
        .invalidValue(
          key: "architecture", found: "fast-style-transfer", expected: "fast-neural-style")
      ])
    ) { try BaseModel(weightFile: file) }
  }

  @Test func kindsAreNotMistakenForOneAnother() throws {
    let base = try smallBase()
    #expect(throws: StyleModelError.otherKind(expected: .style, found: .base)) {
      try StyleModel(weightFile: base.weightFile())
    }
    let style = try smallStyle(1, on: base)
    #expect(throws: StyleModelError.otherKind(expected: .base, found: .style)) {
      try BaseModel(weightFile: style.weightFile())
    }
    #expect(throws: StyleModelError.otherKind(expected: .base, found: .network)) {
      try BaseModel(weightFile: smallModel().weightFile())
    }
    var unknown = style.weightFile()
    unknown.metadata["kind"] = "film"
    #expect(throws: StyleModelError.self) { try StyleModel(weightFile: unknown) }
  }
}
