import TestSupport

@testable import Layers
@testable import StyleEngine

/// A picture whose rows come from an array, and one whose rows go to another.
final class PictureInMemory {
  let width: Int
  let height: Int
  /// `[H][W][red, green, blue]`.
  let samples: [Float]
  /// What the network made of it; NaN where it wrote nothing.
  private(set) var result: [Float] = []
  /// The rows that were written, in order.
  private(set) var written: [Int] = []

  init(width: Int, height: Int, samples: [Float]) {
    precondition(samples.count == 3 * width * height, "samples are the picture's")
    self.width = width
    self.height = height
    self.samples = samples
  }

  /// Samples in 0…255 that repeat from run to run.
  convenience init(randomWidth width: Int, height: Int, seed: UInt64 = 31) {
    var random = Samples(seed: seed)
    self.init(
      width: width, height: height,
      samples: random.array(3 * width * height).map { 127.5 + 127.5 * $0 })
  }

  convenience init(width: Int, height: Int, everywhere value: Float) {
    self.init(
      width: width, height: height, samples: [Float](repeating: value, count: 3 * width * height))
  }

  /// Ready to be repainted.
  var picture: Picture {
    result = [Float](repeating: .nan, count: samples.count)
    written = []
    let rowCount = 3 * width
    return Picture(
      width: width, height: height,
      readRow: { [self] y, row in
        for index in 0..<rowCount { row[index] = samples[y * rowCount + index] }
      },
      writeRow: { [self] y, row in
        written.append(y)
        for index in 0..<rowCount { result[y * rowCount + index] = row[index] }
      })
  }

  /// What the network makes of it, alone.
  func repainted(
    by execution: NetworkExecution, _ normalization: Normalization = .instance
  ) throws -> [Float] {
    try execution.run([picture], normalization: normalization)
    return result
  }
}

extension [Float] {
  /// Whether these pixels, `[W · H][3]`, are all one colour to the bit.
  var isOneColour: Bool {
    indices.allSatisfy { self[$0].bitPattern == self[$0 % 3].bitPattern }
  }
}
