import ImageFiles
import Tensors

extension Image {
  /// Cuts a crop out, resized to `side` × `side` by Lanczos-3.
  ///
  /// - Returns: Red, green, blue and 0 of each pixel, 0…255: `[side][side][4]`.
  /// - Precondition: it has 8 bits and no alpha, and `place` is in its frame.
  func crop(_ place: CropPlace, side: Int) -> FeatureMap {
    precondition(pixels == PixelFormat(), "8 bits and no alpha")
    let frame = CropPlace.frame(width: width, height: height, side: side)
    let across = CutLine(
      place.x, place.size, ofFrame: frame.width, sourceCount: width, targetCount: side)
    let down = CutLine(
      place.y, place.size, ofFrame: frame.height, sourceCount: height, targetCount: side)
    var band = LanczosBand(across: across.taps, down: down.taps)
    var rows = down.samples.makeIterator()
    var line = [SIMD4<Float>](repeating: .zero, count: across.samples.count)
    var sums = [SIMD4<Float>](repeating: .zero, count: side)
    let crop = FeatureMap.pixels(height: side, width: side)
    for y in 0..<side {
      while !band.isReady(for: y), let row = rows.next() {
        load(row, across.samples, into: &line)
        band.append(line)
      }
      band.makeLine(y, into: &sums)
      if place.isFlipped { sums.reverse() }
      let row = crop.pixelRow(y)
      for x in sums.indices { row[x] = sums[x].clamped(lowerBound: .zero, upperBound: white) }
    }
    return crop
  }

  private func load(_ y: Int, _ columns: Range<Int>, into line: inout [SIMD4<Float>]) {
    let bytes = bytes.span
    var line = line.mutableSpan
    for x in line.indices {
      let first = y * bytesPerRow + 3 * (columns.lowerBound + x)
      line[x] = SIMD4(Float(bytes[first]), Float(bytes[first + 1]), Float(bytes[first + 2]), 0)
    }
  }
}

private let white = SIMD4<Float>(255, 255, 255, 0)

/// What a crop has of one side of its picture.
private struct CutLine {
  /// The picture's samples that are looked at.
  let samples: Range<Int>
  let taps: LanczosTaps

  /// - Parameters:
  ///   - start: The cut's first sample in the frame.
  ///   - length: Its samples in the frame.
  init(_ start: Int, _ length: Int, ofFrame frame: Int, sourceCount: Int, targetCount: Int) {
    func place(_ inFrame: Int) -> Double { Double(inFrame * sourceCount) / Double(frame) }
    let (from, to) = (place(start), place(start + length))
    let margin = Double(LanczosTaps.reach) * max(1, (to - from) / Double(targetCount))
    let first = max(0, Int((from - margin).rounded(.down)))
    samples = first..<min(sourceCount, Int((to + margin).rounded(.up)))
    taps = LanczosTaps(
      sourceCount: samples.count, window: from - Double(first)..<to - Double(first),
      targetCount: targetCount)
  }
}
