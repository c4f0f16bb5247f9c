/// Resizes a picture whose lines come one by one, from top to bottom: each is resized across, and as
/// many as the filter is high make a line of the result.
package struct LanczosBand {
  private let across: LanczosTaps
  private let down: LanczosTaps
  /// Source line y, resized across, is in `lines[y % lines.count]`.
  private var lines: [[SIMD4<Float>]]
  private var linesRead = 0

  package init(across: LanczosTaps, down: LanczosTaps) {
    self.across = across
    self.down = down
    let line = [SIMD4<Float>](repeating: .zero, count: across.ranges.count)
    lines = Array(repeating: line, count: down.ranges.map(\.count).max() ?? 1)
  }

  /// Whether all lines have come that line `y` of the result is made of.
  package func isReady(for y: Int) -> Bool { linesRead >= down.ranges[y].upperBound }

  /// Takes the next source line.
  package mutating func append(_ line: [SIMD4<Float>]) {
    across.resize(line, into: &lines[linesRead % lines.count])
    linesRead += 1
  }

  /// Sets `sums` to line `y` of the result.
  ///
  /// - Precondition: `isReady(for: y)`, and no more lines have come than that took.
  package func makeLine(_ y: Int, into sums: inout [SIMD4<Float>]) {
    precondition(isReady(for: y), "all lines have come that line y is made of")
    for x in sums.indices { sums[x] = .zero }
    let range = down.ranges[y]
    for from in range {
      let weight = down.weights[y * down.stride + from - range.lowerBound]
      Self.add(lines[from % lines.count], times: weight, to: &sums)
    }
  }

  /// Makes source line 0 the next one to come.
  package mutating func restart() { linesRead = 0 }

  private static func add(
    _ line: [SIMD4<Float>], times weight: Float, to sums: inout [SIMD4<Float>]
  ) {
    let line = line.span
    var sums = sums.mutableSpan
    for x in sums.indices { sums[x] += weight * line[x] }
  }
}
