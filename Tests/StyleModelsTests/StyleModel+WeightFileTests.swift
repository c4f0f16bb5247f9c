import Testing
import WeightFiles

@testable import StyleModels

@Suite struct StyleModelWeightFileTests {
  @Test func theFileSaysEverything() throws {
    var description = small
    description.norm = .group
    description.groups = 1
    let model = try smallModel(description)
    #expect(
      model.weightFile().metadata == [
        "format_version": "1", "kind": "network", "architecture": "fast-neural-style", "width": "1",
        "residual_blocks": "1", "padding": "reflection", "upsampling": "nearest",
        "output_activation": "identity", "norm": "group", "groups": "1", "epsilon": "1e-05",
        "input_range": "0.0,255.0", "name": "small", "licence": "CC0-1.0",
        "training": "by hand", "after": "nobody",
      ])
    #expect(try StyleModel(weightFile: model.weightFile()) == model)
  }

  @Test func everyMissingKeyIsNamed() throws {
    let file = try smallModel().weightFile()
    // A file without a kind is a network from before there were several.
    for key in file.metadata.keys where key != "after" && key != "kind" {
      var lacking = file
      lacking.metadata[key] = nil
      #expect(throws: StyleModelError.faults([.missingKey(key)])) {
        try StyleModel(weightFile: lacking)
      }
    }
  }

  @Test func keysAndTensorsAreToldAtOnce() throws {
    var file = try smallModel().weightFile()
    file.metadata["format_version"] = nil
    file.metadata["norm"] = "none"
    file.tensors["in1.gamma"] = StoredTensor(shape: [2], values: [0, 0])
    let expected: [StyleModelError.Fault] = [
      .missingKey("format_version"),
      .invalidValue(
        key: "norm", found: "none", expected: "one of instance, group, layer, batch, batch-live"),
      .tensor(.misshaped("in1.gamma", expected: [1], found: [2])),
    ]
    #expect(throws: StyleModelError.faults(expected)) { try StyleModel(weightFile: file) }
    #expect(
      StyleModelError.faults(expected).description == """
        __metadata__.format_version: missing
        __metadata__.norm: expected one of instance, group, layer, batch, batch-live, found "none"
        in1.gamma: expected [1], found [2]
        """)
  }

  @Test func otherFiles() throws {
    let foreign = WeightFile(metadata: ["format": "pt"], tensors: try smallModel().weights)
    #expect(!StyleModel.recognizes(foreign.metadata))
    #expect(throws: StyleModelError.notAStyle) { try StyleModel(weightFile: foreign) }
    var newer = try smallModel().weightFile()
    #expect(StyleModel.recognizes(newer.metadata))
    newer.metadata["format_version"] = "7"
    newer.metadata["norm"] = "yet unknown"
    #expect(throws: StyleModelError.newerFormat(found: 7, supported: 1)) {
      try StyleModel(weightFile: newer)
    }
  }

  @Test func theCardDoesNotSpeakForTheStyle() throws {
    let model = try smallModel(card: ["width": "9"])
    #expect(model.weightFile().metadata["width"] == "1")
  }
}
