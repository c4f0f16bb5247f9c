import StyleModels
import SystemPackage
import TestSupport
import Testing
import WeightFiles

@Suite struct StyleOnBaseTests {
  private let folder: TemporaryFolder
  private let base: BaseModel

  init() throws {
    folder = try TemporaryFolder()
    base = try smallBase()
  }

  private func write(_ base: BaseModel, _ path: String) throws {
    try base.weightFile().write(to: folder[path], replacing: true)
  }

  @Test func theFileSaysWhatIsTheStylesOwn() throws {
    let advice = PaintingAdvice(bestSize: 800, grain: 4, margin: 16)
    let style = try smallStyle(2, on: base, advice: advice)
    #expect(
      style.weightFile().metadata == [
        "format_version": "1", "kind": "style", "base": "ground", "base_sha256": base.digest,
        "norm": "instance", "groups": "4", "best_size": "800", "grain": "4.0", "margin": "16",
        "name": "small", "licence": "CC0-1.0", "training": "by hand", "after": "nobody",
      ])
    #expect(style.weights["color.matrix"]?.shape == [3, 3])
    #expect(style.header.parameterCount == 2 * (1 + 2 + 4 + 4 + 4 + 2 + 1) + 12)
    try write(base, "ground.safetensors")
    try style.write(to: folder["style.safetensors"], replacing: false)
    let read = try StyleModel(contentsOf: folder["style.safetensors"])
    #expect(read == style)
    #expect(read.parameters == style.parameters)
    let (weights, bias) = read.convolution(of: read.description.layers[1])
    #expect(weights == base.weights["conv2.weight"]?.values)
    #expect(bias == [0, 0])
  }

  @Test(arguments: [false, true]) func allButTheValuesIsInTheHeader(_ statistics: Bool) throws {
    try write(base, "ground.safetensors")
    let styles = [
      try smallStyle(2, on: base, statistics: statistics, advice: PaintingAdvice(grain: 3)),
      try smallStyle(2, on: base, statistics: statistics).asNetwork(named: "network"),
    ]
    for style in styles {
      try style.write(to: folder["style.safetensors"], replacing: true)
      let library = StyleLibrary(directories: [])
      #expect(try library.header(contentsOf: folder["style.safetensors"]) == style.header)
      #expect(style.hasBatchStatistics == statistics)
    }
  }

  @Test func faultsThatTheHeaderShowsAreTold() throws {
    try write(base, "ground.safetensors")
    var file = try smallStyle(2, on: base).weightFile()
    file.metadata["licence"] = nil
    file.tensors["in1.gamma"] = nil
    let path = folder["style.safetensors"]
    try file.write(to: path, replacing: false)
    let faults = StyleModelError.faults([
      .missingKey("licence"), .tensor(.missing("in1.gamma", expected: [1])),
    ])
    #expect(throws: faults) { try StyleLibrary(directories: []).header(contentsOf: path) }
    #expect(throws: faults) { try StyleModel(contentsOf: path) }
    let bytes = try folder.bytes("style.safetensors")
    try folder.file("short.safetensors", holding: Array(bytes.dropLast(4)))
    #expect(throws: StyleModelError.self) {
      try StyleLibrary(directories: []).header(contentsOf: folder["short.safetensors"])
    }
  }

  @Test func weightsKeepWithinTheirMemory() throws {
    try write(base, "ground.safetensors")
    let path = folder["style.safetensors"]
    let style = try smallStyle(2, on: base)
    try style.write(to: path, replacing: false)
    func byteCount(_ tensors: [String: StoredTensor]) -> Int {
      tensors.values.reduce(0) { $0 + 4 * $1.values.count }
    }
    let (first, whole) = (
      byteCount(style.weights), byteCount(style.weights) + byteCount(base.weights)
    )
    // The base is read but once.
    let library = StyleLibrary(directories: [], memory: whole + first)
    for _ in 0..<2 { #expect(try library.style(contentsOf: path) == style) }
    #expect(
      throws: StyleModelError.weightFile(.memoryTooSmall(needed: first, given: 0))
    ) { try library.style(contentsOf: path) }
    #expect(
      throws: StyleModelError.base(
        folder["ground.safetensors"],
        .weightFile(.memoryTooSmall(needed: whole - first, given: whole - first - 1)))
    ) { try StyleLibrary(directories: [], memory: whole - 1).style(contentsOf: path) }
  }

  @Test func colorsAreInLevelsWhateverTheBasesRange() throws {
    let base = try smallBase(inputRange: -1...1)
    let style = try smallStyle(2, on: base)
    let (matrix, shift) = (style.weights["color.matrix"], style.weights["color.shift"])
    #expect(style.parameters.colorMatrix?[0] == 2)
    #expect(matrix?.values[0] == 255)
    // From −1, in steps of 2/255.
    #expect(shift?.values == [382.5, 127.5, 255])
  }

  @Test func theBaseIsLookedForBesideTheStyleAndThenInTheLibrary() throws {
    try folder.directory("styles")
    try folder.directory("library")
    let path = folder["styles/style.safetensors"]
    try smallStyle(1, on: base).write(to: path, replacing: false)
    let library = StyleLibrary(directories: [folder["library"]])
    #expect(
      throws: StyleModelError.missingBase(
        base.reference, searched: [folder["styles"], folder["library"]])
    ) { try library.style(contentsOf: path) }
    try write(base, "library/ground.safetensors")
    #expect(try library.style(contentsOf: path).base == base)
    // Another one beside it is passed over where the right one is at hand.
    try write(smallBase(factor: 2), "styles/ground.safetensors")
    #expect(
      try StyleLibrary(directories: [folder["library"]]).style(contentsOf: path).base == base)
  }

  @Test func anotherBaseIsRefusedWithBothHashes() throws {
    let path = folder["style.safetensors"]
    try smallStyle(1, on: base).write(to: path, replacing: false)
    let altered = try smallBase(factor: 1.5)
    try write(altered, "ground.safetensors")
    let error = #expect(throws: StyleModelError.self) { try StyleModel(contentsOf: path) }
    #expect(
      error
        == .otherBase(
          base.reference, found: altered.reference, at: folder["ground.safetensors"],
          widths: .init(style: 1, base: 1)))
    let words = error?.description ?? ""
    for digest in [base.digest, altered.digest] { #expect(words.contains(digest.prefix(12))) }

    try write(smallBase(width: 2), "ground.safetensors")
    let wider = #expect(throws: StyleModelError.self) { try StyleModel(contentsOf: path) }
    #expect(wider?.description.hasSuffix("of width 2 where the style's is 1") == true)

    try folder.file("ground.safetensors", holding: [1, 2, 3])
    let broken = #expect(throws: StyleModelError.self) { try StyleModel(contentsOf: path) }
    #expect(broken?.description.contains("ground.safetensors: 3 bytes are too few") == true)
  }

  @Test func faultsOfAStyleAreToldAtOnce() throws {
    var file = try smallStyle(1, on: base).weightFile()
    file.metadata["best_size"] = "0"
    file.metadata["grain"] = "many"
    file.metadata["margin"] = "-1"
    file.tensors["color.shift"] = nil
    file.tensors["conv1.weight"] = base.weights["conv1.weight"]
    #expect(
      throws: StyleModelError.faults([
        .invalidValue(key: "best_size", found: "0", expected: "an integer in 16...65535"),
        .invalidValue(key: "grain", found: "many", expected: "a number in 0.0...64.0"),
        .invalidValue(key: "margin", found: "-1", expected: "an integer in 0...256"),
        .tensor(.missing("color.shift", expected: [3])),
        .tensor(.surplus("conv1.weight", found: [1, 3, 9, 9])),
      ])
    ) { try StyleModel(weightFile: file) { _ in base } }
    file.metadata["base_sha256"] = base.digest.uppercased()
    #expect(throws: StyleModelError.self) { try StyleModel(weightFile: file) { _ in base } }
  }

  @Test func basesAndVariantsAreNoStylesAtHand() throws {
    try write(base, "ground.safetensors")
    for name in ["b", "a", "a.batch"] {
      try smallStyle(1, on: base).write(to: folder["\(name).safetensors"], replacing: false)
    }
    try folder.file("broken.safetensors", holding: [1])
    let files = StyleLibrary(directories: [folder.path]).files
    #expect(files.map(\.stem) == ["a", "b", "broken"])
  }

  @Test func stylesOnABaseAreThoseOfTheNormWhereThereAreAny() throws {
    try write(base, "ground.safetensors")
    for (name, norm) in [("a", Norm.instance), ("b", .instance), ("a.batch", .batch)] {
      try smallStyle(1, on: base, name: name, norm: norm, statistics: norm == .batch)
        .write(to: folder["\(name).safetensors"], replacing: false)
    }
    let library = StyleLibrary(directories: [folder.path])
    func names(_ norm: Norm) -> [String] { library.styles(on: base, preferring: norm).map(\.name) }
    #expect(names(.instance) == ["a", "b"])
    #expect(names(.batch) == ["a.batch"])
    #expect(names(.layer) == ["a", "a.batch", "b"])
  }

  // MARK: mixtures

  @Test func weightsOfOneAndZeroAreTheFirstToTheBit() throws {
    let first = try smallStyle(-0.0, on: base, name: "first")
    let second = try smallStyle(3, on: base, name: "second", statistics: true)
    let mixture = try StyleModel.mixture([(first, 1), (second, 0)], name: "first")
    #expect(mixture == first)
    #expect(mixture.weights["in1.gamma"]?.values[0].sign == .minus)
  }

  @Test func everyNumberIsTheWeightedMean() throws {
    let parts = try [(1, 1), (2, 1), (6, 2)].map { value, weight in
      (
        style: try smallStyle(
          Float(value), on: base, statistics: true,
          advice: PaintingAdvice(bestSize: 100 * value, grain: Double(value), margin: value)),
        weight: Double(weight)
      )
    }
    let mixture = try StyleModel.mixture(parts, name: "mixture")
    let expected = try smallStyle(3.75, on: base, name: "mixture", statistics: true)
    #expect(mixture.parameters == expected.parameters)
    #expect(mixture.advice == PaintingAdvice(bestSize: 375, grain: 3.75, margin: 6))
    // A part that names no size leaves none, and one without statistics leaves none.
    let bare = try StyleModel.mixture(parts + [(smallStyle(1, on: base), 1)], name: "mixture")
    #expect(bare.advice.bestSize == nil && !bare.hasBatchStatistics)
  }

  @Test(arguments: [Double.greatestFiniteMagnitude, .leastNonzeroMagnitude, 1])
  func weightsMayBeOfAnySize(_ weight: Double) throws {
    let parts = try [1, 3].map { (style: try smallStyle($0, on: base), weight: weight) }
    let mixture = try StyleModel.mixture(parts, name: "mixture")
    #expect(try mixture.parameters == smallStyle(2, on: base).parameters)
  }

  @Test func stylesWithoutACommonBaseOrNormAreNotMixed() throws {
    let first = try smallStyle(1, on: base, name: "first")
    let altered = try smallBase("other", factor: 2)
    let elsewhere = try smallStyle(1, on: altered, name: "second")
    #expect(
      throws: StyleModelError.unmixable(
        "first", "second", .base(base.reference, altered.reference))
    ) { try StyleModel.mixture([(first, 1), (elsewhere, 1)], name: "") }
    let network = try smallModel()
    let error = #expect(throws: StyleModelError.self) {
      try StyleModel.mixture([(first, 1), (network, 1)], name: "")
    }
    #expect(error?.description.contains("small has convolutions of its own") == true)
    let layered = try smallStyle(1, on: base, name: "layered", norm: .layer)
    #expect(
      throws: StyleModelError.unmixable("first", "layered", .norm(.instance, .layer))
    ) { try StyleModel.mixture([(first, 1), (layered, 1)], name: "") }
  }

  // MARK: networks

  @Test func aNetworkHasTheStylesColorsInItsLastConvolution() throws {
    let base = try smallBase(inputRange: -1...1)
    let style = try smallStyle(2, on: base)
    let network = try style.asNetwork(named: "whole")
    #expect(network.kind == .network && network.name == "whole")
    #expect(network.description.inputRange == 0...255)
    #expect(network.card == style.card && network.weights["in2.beta"] == style.weights["in2.beta"])
    // Red doubles, and all is in levels: 127.5 of them make 1.
    let last = try #require(base.weights["deconv3.weight"]).values
    let mixed = try #require(network.weights["deconv3.weight"]).values
    #expect(mixed[5] == 2 * 127.5 * last[5])
    #expect(mixed[81 + 5] == 127.5 * last[81 + 5])
    #expect(network.weights["deconv3.bias"]?.values == [382.5, 127.5, 255])
    // x in levels is x/127.5 − 1.
    let first = try #require(base.weights["conv1.weight"]).values
    #expect(network.weights["conv1.weight"]?.values[7] == Float(Double(first[7]) / 127.5))
    let sum = first.reduce(0) { $0 + Double($1) }
    #expect(network.weights["conv1.bias"]?.values == [Float(-sum)])
    #expect(try StyleModel(weightFile: network.weightFile()) == network)
  }
}
