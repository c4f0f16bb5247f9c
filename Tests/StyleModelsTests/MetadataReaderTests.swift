import Testing

@testable import StyleModels

@Suite struct MetadataReaderTests {
  private let sound = [
    "format_version": "1", "architecture": "fast-neural-style", "width": "16",
    "residual_blocks": "3", "padding": "reflection", "upsampling": "nearest",
    "output_activation": "identity", "norm": "batch-live", "groups": "2", "epsilon": "0.001",
    "input_range": "-1,1.5", "name": "n", "licence": "l", "training": "t",
  ]

  @Test func everyValueIsRead() {
    var reader = MetadataReader(sound)
    let expected = NetworkDescription(
      width: 16, residualBlocks: 3, norm: .batchLive, groups: 2, epsilon: 0.001,
      inputRange: -1...1.5)
    #expect(reader.network() == expected)
    #expect(reader.text(.licence) == "l")
    #expect(reader.faults == [])
  }

  @Test(arguments: [
    ("width", "0"), ("width", "513"), ("width", "-1"), ("width", "1e1"), ("width", ""),
    ("width", "+16"), ("width", "99999999999999999999"), ("residual_blocks", "65"),
    ("norm", "spectral"), ("norm", "Instance"), ("padding", "circular"), ("upsampling", "bilinear"),
    ("output_activation", "tanh"), ("groups", "0"), ("groups", "2049"), ("epsilon", "0"),
    ("epsilon", "-1e-5"), ("epsilon", "nan"), ("epsilon", "1.5"), ("epsilon", "small"),
    ("input_range", "0"), ("input_range", "255,0"), ("input_range", "0,inf"),
    ("input_range", "0,255,"), ("input_range", "1,1"), ("architecture", "vgg"),
  ])
  func invalidValues(key: String, value: String) throws {
    var reader = MetadataReader(sound.merging([key: value]) { $1 })
    _ = reader.network()
    try #require(reader.faults.count == 1)
    guard case .invalidValue(key, found: value, expected: let expected) = reader.faults[0] else {
      Issue.record("\(reader.faults)")
      return
    }
    #expect(!expected.isEmpty)
  }

  @Test func expectationsSpeakNumbers() {
    var reader = MetadataReader(sound.merging(["width": "0", "norm": "?"]) { $1 })
    #expect(reader.network() == nil)
    #expect(
      reader.faults == [
        .invalidValue(key: "width", found: "0", expected: "an integer in 1...512"),
        .invalidValue(
          key: "norm", found: "?", expected: "one of instance, group, layer, batch, batch-live"),
      ])
  }

  @Test func emptyTextsAreFaults() {
    var reader = MetadataReader(["name": ""])
    #expect(reader.text(.name) == nil)
    #expect(reader.faults == [.invalidValue(key: "name", found: "", expected: "a text")])
  }

  @Test func versions() throws {
    var current = MetadataReader(["format_version": "1"])
    try current.checkVersion()
    #expect(current.faults == [])
    #expect(throws: StyleModelError.newerFormat(found: 2, supported: 1)) {
      var newer = MetadataReader(["format_version": "2"])
      try newer.checkVersion()
    }
    var zero = MetadataReader(["format_version": "0"])
    try zero.checkVersion()
    #expect(zero.faults.count == 1)
  }
}
