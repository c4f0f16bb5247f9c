import Foundation
import ImageFiles
import StyleModels
import SystemFiles
import SystemPackage
import Tensors
import TestSupport
import Testing
import WeightFiles

@testable import Layers
@testable import StyleEngine

/// Networks of other plans than ours run through the same engine and come out as PyTorch's after every
/// layer: one like VGG (zero padding, no norms, maxima), one like lengstrom's (transposed
/// convolutions, TensorFlow's padding, a norm and a tanh at the end), and one of mixed paddings with a
/// layer without a norm in the middle. `Fixtures/make_networks.py` says how.
@Suite(.deadline(minutes: 5)) struct OtherNetworksTests {
  static let names = ["vgg", "lengstrom", "mixed"]

  /// A network of the fixture, and its pictures.
  struct Fixture {
    private struct Described: Decodable {
      struct Padding: Decodable {
        let kind: String
        let top, left, bottom, right: Int
      }
      struct Norm: Decodable {
        let epsilon: Double
      }
      struct Activation: Decodable {
        let kind: String
        let scale, offset: Float?
      }

      let name, resampling, input: String
      let inputs, outputs, kernel, stride: Int
      let transposed, same: Bool
      let padding: Padding
      let norm: Norm?
      let activation: Activation
      let adds: String?
    }

    let name: String
    private let file: WeightFile
    private let described: [Described]

    init(_ name: String) throws {
      self.name = name
      file = try WeightFile(
        contentsOf: FilePath(#filePath).removingLastComponent().appending("Fixtures")
          .appending("networks.safetensors"))
      let networks = try JSONDecoder().decode(
        [String: [Described]].self, from: Data(#require(file.metadata["networks"]).utf8))
      described = try #require(networks[name])
    }

    func layers() throws -> [LayerDescription] {
      let numbers = Dictionary(
        uniqueKeysWithValues: described.enumerated().map { ($1.name, $0) })
      return try described.map { layer in
        let activation: LayerDescription.Activation =
          switch layer.activation.kind {
          case "relu": .relu
          case "tanh":
            .tanh(
              scale: try #require(layer.activation.scale),
              offset: try #require(layer.activation.offset))
          default: .identity
          }
        return LayerDescription(
          layer.name, input: numbers[layer.input].map { .output(of: $0) } ?? .picture,
          resampling: layer.resampling == "maximum"
            ? .maximum : layer.resampling == "nearest" ? .nearest : .none,
          convolution: .init(
            layer.inputs, layer.outputs, kernelSize: layer.kernel, stride: layer.stride,
            isTransposed: layer.transposed),
          padding: layer.same
            ? .same(kernelSize: layer.kernel, stride: layer.stride)
            : .init(
              try #require(LayerDescription.Padding.Kind(rawValue: layer.padding.kind)),
              top: layer.padding.top, left: layer.padding.left, bottom: layer.padding.bottom,
              right: layer.padding.right),
          norm: layer.norm.map { _ in layer.name }, activation: activation,
          adds: try layer.adds.map { try #require(numbers[$0]) })
      }
    }

    func tensor(_ name: String) throws -> StoredTensor {
      try #require(file.tensors["\(self.name)/\(name)"], "\(name)")
    }

    func network(_ kernels: KernelSet) throws -> StyleNetwork {
      let layers = try layers()
      let norms = try layers.compactMap(\.norm).map { norm in
        StyleParameters.Norm(
          gamma: try tensor("weights/\(norm).gamma").values,
          beta: try tensor("weights/\(norm).beta").values)
      }
      let weights = try Dictionary(
        uniqueKeysWithValues: layers.map { layer in
          (
            layer.name,
            (
              weights: try tensor("weights/\(layer.name).weight").values,
              bias: try tensor("weights/\(layer.name).bias").values
            )
          )
        })
      return try StyleNetwork(
        name: name, layers: layers,
        parameters: StyleParameters(
          norms: norms, colorShift: #require(layers.last.flatMap { weights[$0.name]?.bias })),
        numbers: .init(epsilon: described.compactMap(\.norm?.epsilon).first ?? 1e-5),
        kernels: kernels
      ) { layer in weights[layer.name] ?? ([], []) }
    }

    func pictures() throws -> [Subject] {
      try (0..<3).compactMap { number in
        try file.tensors["\(name)/pictures/\(number)"].map { try Subject($0) }
      }
    }
  }

  /// A picture, and whatever comes of it.
  final class Subject {
    let height, width: Int
    private let samples: [Float]
    private(set) var rows: [[Float]] = []

    init(_ tensor: StoredTensor) throws {
      try #require(tensor.shape.count == 3 && tensor.shape[2] == 3)
      (height, width) = (tensor.shape[0], tensor.shape[1])
      samples = tensor.values
    }

    var picture: Picture {
      rows = []
      return Picture(
        width: width, height: height,
        readRow: { [self] y, row throws(ImageFileError) in
          for index in 0..<row.count { row[index] = samples[y * 3 * width + index] }
        },
        writeRow: { [self] _, row throws(ImageFileError) in
          rows.append((0..<row.count).map { row[$0] })
        })
    }

    /// `[C, H, W]` of what was handed over, cropped to the picture as that is.
    func expected(_ output: StoredTensor) -> [[Float]] {
      let (channels, tall, wide) = (output.shape[0], output.shape[1], output.shape[2])
      return (0..<min(tall, height)).map { y in
        (0..<min(wide, width)).flatMap { x in
          (0..<channels).map { output.values[($0 * tall + y) * wide + x] }
        }
      }
    }
  }

  private static let tolerance: Float = 1e-5

  @Test(arguments: names, KernelSet.available)
  func everyLayerAgreesWithPyTorch(_ name: String, _ kernels: KernelSet) throws {
    let fixture = try Fixture(name)
    let network = try fixture.network(kernels)
    let pictures = try fixture.pictures()
    let seen = SeenLayers()
    var records: [LayerRecord] = []
    try NetworkExecution(network, workers: 2).run(
      pictures.map(\.picture), normalization: .instance, observe: { records.append($0) },
      inspect: seen.add)
    for (index, picture) in pictures.enumerated() {
      #expect(seen.layers(ofPicture: index) == network.descriptions.map(\.name))
      for layer in network.descriptions.map(\.name) {
        let expected = try fixture.tensor("\(index)/\(layer)")
        let found = try #require(seen.values(of: layer, picture: index, shape: expected.shape))
        let largest = expected.values.map(abs).max() ?? 0
        #expect(
          largestDifference(found, expected.values) <= Self.tolerance * largest,
          "\(layer) of picture \(index)")
      }
      let expected = picture.expected(try fixture.tensor("\(index)/output"))
      #expect(picture.rows.count == expected.count)
      let largest = expected.joined().map(abs).max() ?? 0
      #expect(
        largestDifference(Array(picture.rows.joined()), Array(expected.joined()))
          <= Self.tolerance * largest)
    }
    #expect(records.count == pictures.count * network.parameters.norms.count)
    for record in records {
      let mean = try fixture.tensor("\(record.picture)/\(record.norm).mean").values
      let variance = try fixture.tensor("\(record.picture)/\(record.norm).variance").values
      for (channel, moments) in record.moments.enumerated() {
        let deviation = Double(variance[channel]).squareRoot()
        #expect(abs(moments.mean - Double(mean[channel])) <= 1e-4 * deviation)
        #expect(abs(moments.variance / Double(variance[channel]) - 1) <= 1e-4)
      }
    }
  }

  /// The same bytes wherever the maps are put, a last one that is normalized among them: a hundred
  /// ways and more of all that there are.
  @Test(arguments: names)
  func placesOfTheMapsChangeNoByte(_ name: String) throws {
    let fixture = try Fixture(name)
    let network = try fixture.network(KernelSet.available[0])
    let picture = try fixture.pictures()[0]
    let job = ExecutionPlan.Job(sizes: [.init(width: picture.width, height: picture.height)])
    let planner = ExecutionPlanner(network, job)
    func rows(_ plan: ExecutionPlan) throws -> [[Float]] {
      let scratch =
        plan.scratchBytes > 0
        ? try ScratchFile(in: ScratchDirectory.standard(), byteCount: plan.scratchBytes) : nil
      let progress = ExecutionProgress()
      let execution = NetworkExecution(network, workers: 1)
      try execution.run(
        [picture.picture], plan: plan, scratch: scratch, normalization: .instance,
        progress: progress)
      #expect(progress.completed == plan.multiplications)
      #expect(execution.workspace.highWaterMark == plan.workspaceBytes)
      return picture.rows
    }
    let expected = try rows(network.plan(job))
    #expect(!expected.isEmpty)
    let plans = planner.candidates().map { $0.plan(planner) }
    #expect(plans.count >= 100)
    for index in stride(from: 0, to: plans.count, by: max(1, plans.count / 100)) {
      #expect(try rows(plans[index]) == expected, "\(plans[index].outputs)")
    }
  }

  /// Under reflection and replication, also behind a layer without a norm, whose output is measured for
  /// that.
  @Test(arguments: KernelSet.available, [0, 128, 255] as [Float])
  func oneColourComesOutAsOneColour(_ kernels: KernelSet, _ value: Float) throws {
    let network = try Fixture("mixed").network(kernels)
    for (height, width) in [(64, 64), (67, 131)] {
      let picture = try Subject(
        StoredTensor(
          shape: [height, width, 3],
          values: [Float](repeating: value, count: 3 * height * width)))
      try NetworkExecution(network, workers: 2).run(
        [picture.picture], normalization: .instance)
      let color = try #require(picture.rows.first).prefix(3)
      #expect(
        picture.rows.allSatisfy { row in
          row.indices.allSatisfy { row[$0].bitPattern == color[$0 % 3].bitPattern }
        })
    }
  }

  /// A ReLU at the end is applied to what is handed over.
  @Test func aLastReLUIsApplied() throws {
    let fixture = try Fixture("vgg")
    let picture = try fixture.pictures()[0]
    try NetworkExecution(fixture.network(KernelSet.available[0]), workers: 1).run(
      [picture.picture], normalization: .instance)
    let raw = picture.expected(try fixture.tensor("0/conv3_2"))
    #expect(raw.joined().contains { $0 < -1 })
    #expect(picture.rows.joined().allSatisfy { $0 >= 0 })
  }
}
