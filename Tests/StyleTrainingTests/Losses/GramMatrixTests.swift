import Layers
import StyleModels
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

/// Gram matrices of features behind a norm and a ReLU, by their definition in Double.
@Suite struct GramMatrixTests {
  struct Shape: Sendable, CustomTestStringConvertible {
    var channels, height, width: Int
    var margin = 0
    var testDescription: String { "\(channels) × \(height)×\(width), margin \(margin)" }

    /// Below, at and above the blocks of channels and the strips of rows.
    static let table =
      [
        (1, 1, 1), (4, 11, 5), (16, 12, 7), (17, 13, 3), (33, 24, 2), (40, 25, 5), (5, 37, 9),
      ].map { Shape(channels: $0.0, height: $0.1, width: $0.2) } + [
        Shape(channels: 17, height: 30, width: 9, margin: 3),
        Shape(channels: 4, height: 5, width: 7, margin: 2),
      ]

    /// `[C][H · W]`.
    var planes: [[Float]] {
      var samples = Samples(seed: 41)
      return (0..<channels).map { _ in samples.array(height * width) }
    }

    var affine: ChannelAffine {
      var samples = Samples(seed: 42)
      let affine = ChannelAffine(identityOf: channels, activation: .relu)
      affine.set(
        (0..<channels).map { _ in Statistics(mean: Double(samples.next()), variance: 1) },
        areMeasured: true,
        .init(gamma: samples.array(channels), beta: samples.array(channels)), epsilon: 1e-5)
      return affine
    }

    var activation: Activation {
      let map = FeatureMap.map(channels: channels, height: height, width: width)
      // Lanes above the last channel are no number's.
      map.buffer.start.update(repeating: 7, count: map.buffer.count)
      for (channel, plane) in planes.enumerated() {
        for (place, value) in plane.enumerated() {
          map.row(place / width, block: channel / 16)[place % width * 16 + channel % 16] = value
        }
      }
      let affine = affine
      return Activation(map: map, affine: affine, center: affine.shift)
    }

    func matrix(_ kernels: KernelSet, workers: Int = 1) -> [Double] {
      GramMatrix(
        channels: channels, height: height, width: width, margin: margin, kernels: kernels,
        pool: WorkerPool(workers: workers)
      ).values(of: activation)
    }

    /// `Σ F[c] · F[d] / (H · W)`.
    func naive() -> [Double] {
      let affine = affine
      let features = planes.enumerated().map { channel, plane in
        let (scale, shift) = (
          Double(affine.scale.start[channel]), Double(affine.shift.start[channel])
        )
        let within = plane.enumerated().filter { place, _ in
          (margin..<height - margin).contains(place / width)
            && (margin..<width - margin).contains(place % width)
        }
        return within.map { max(scale * Double($0.element) + shift, 0) }
      }
      return features.flatMap { first in
        features.map { second in
          zip(first, second).reduce(0) { $0 + $1.0 * $1.1 } / Double(first.count)
        }
      }
    }
  }

  @Test(arguments: Shape.table, KernelSet.available)
  func agreesWithTheDefinition(_ shape: Shape, _ kernels: KernelSet) {
    let (found, expected) = (shape.matrix(kernels), shape.naive())
    #expect(found.count == expected.count)
    // A strip's terms · largest product, which is 9.
    let tolerance = Double(12 * shape.width * 9) * Double(Float.ulpOfOne)
    for (found, expected) in zip(found, expected) { #expect(abs(found - expected) <= tolerance) }
    for row in 0..<shape.channels {
      for column in 0..<row {
        #expect(found[row * shape.channels + column] == found[column * shape.channels + row])
      }
    }
  }

  @Test(arguments: [2, 3])
  func workersDoNotChangeABit(_ workers: Int) {
    for shape in Shape.table {
      let kernels = KernelSet.available[0]
      #expect(shape.matrix(kernels) == shape.matrix(kernels, workers: workers))
    }
  }

  /// The memory of one matrix is the next one's.
  @Test func theNextMatrixBeginsAnew() {
    let shape = Shape(channels: 17, height: 25, width: 5)
    let gram = GramMatrix(
      channels: 17, height: 25, width: 5, kernels: KernelSet.available[0],
      pool: WorkerPool(workers: 2))
    #expect(gram.values(of: shape.activation) == gram.values(of: shape.activation))
  }
}
