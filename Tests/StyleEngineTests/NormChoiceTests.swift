import Layers
import StyleModels
import SystemPackage
import TestSupport
import Testing

@testable import StyleEngine

@Suite struct NormChoiceTests {
  private let folder: TemporaryFolder
  private var file: FilePath { folder["wave.safetensors"] }

  init() throws {
    folder = try TemporaryFolder()
  }

  private func model(_ norm: Norm, groups: Int = 4) throws -> StyleModel {
    try randomStyle(
      NetworkDescription(width: 4, residualBlocks: 0, norm: norm, groups: groups),
      statistics: true)
  }

  @Test(
    arguments: [
      (Norm.instance, nil, nil, Normalization.instance, NormChoice.Weights.own),
      (.instance, .instance, nil, .instance, .own),
      (.instance, .layer, nil, .layer, .swapped(trainedWith: .instance)),
      (.instance, .group, nil, .group(.count(4)), .swapped(trainedWith: .instance)),
      (.instance, .group, .channels, .group(.channels), .swapped(trainedWith: .instance)),
      (.group, nil, nil, .group(.count(2)), .own),
      (.group, nil, .count(2), .group(.count(2)), .own),
      (.group, .group, .count(1), .group(.count(1)), .swapped(trainedWith: .group)),
      (.batch, .batchLive, nil, .batchLive, .own),
      (.batch, .instance, nil, .instance, .swapped(trainedWith: .batch)),
    ] as [(Norm, Norm?, Groups?, Normalization, NormChoice.Weights)])
  func weightsAreTheStylesOwnWhereThereIsNoVariant(
    own: Norm, norm: Norm?, groups: Groups?, normalization: Normalization,
    weights: NormChoice.Weights
  ) throws {
    let choice = try NormChoice(
      norm, groups: groups, swap: false, for: model(own, groups: 2), in: file)
    #expect(choice.norm == norm ?? own)
    #expect(choice.normalization == normalization)
    #expect(choice.weights == weights)
    #expect(choice.model.description.norm == own)
  }

  @Test func variantIsUsedButForASwap() throws {
    try model(.batch).write(to: folder["wave.batch.safetensors"], replacing: false)
    for norm in [Norm.batch, .batchLive] {
      let choice = try NormChoice(
        norm, groups: nil, swap: false, for: model(.instance), in: file)
      #expect(choice.weights == .variant(folder["wave.batch.safetensors"]))
      #expect(choice.model.description.norm == .batch)
      let swapped = try NormChoice(
        norm, groups: nil, swap: true, for: model(.instance), in: file)
      #expect(swapped.weights == .swapped(trainedWith: .instance))
      #expect(swapped.model.description.norm == .instance)
    }
    let own = try NormChoice(nil, groups: nil, swap: false, for: model(.instance), in: file)
    #expect(own.weights == .own)
  }

  /// Its own groups are what it was trained with: others are swapped in under the style's weights.
  @Test func variantOfOtherGroupsIsNotUsed() throws {
    try model(.group, groups: 2).write(to: folder["wave.group.safetensors"], replacing: false)
    func choice(_ groups: Groups?) throws -> NormChoice {
      try NormChoice(.group, groups: groups, swap: false, for: model(.instance), in: file)
    }
    for groups in [nil, Groups.count(2)] {
      #expect(try choice(groups).normalization == .group(.count(2)))
      #expect(try choice(groups).weights == .variant(folder["wave.group.safetensors"]))
    }
    #expect(try choice(.count(4)).normalization == .group(.count(4)))
    #expect(try choice(.count(4)).weights == .swapped(trainedWith: .instance))
  }

  @Test func brokenVariantIsNamed() throws {
    let variant = try folder.file("wave.layer.safetensors", holding: "junk")
    let model = try model(.instance)
    let error = #expect(throws: NormChoiceError.self) {
      try NormChoice(.layer, groups: nil, swap: false, for: model, in: file)
    }
    #expect(error?.variant == variant)
    #expect(try NormChoice(.layer, groups: nil, swap: true, for: model, in: file).norm == .layer)
  }
}
