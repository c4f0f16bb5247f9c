import ImageFiles
import TestSupport
import Testing

@testable import StyleEngine

@Suite struct GrainTests {
  private func row(_ y: Int, width: Int, sigma: Float = 4) -> [Float] {
    var row = [Float](repeating: 100, count: 3 * width)
    var samples = row.mutableSpan
    Grain.add(sigma, to: &samples, y: y)
    return row
  }

  @Test func noiseIsOfTheDeviationAndTheSameInAllColors() {
    let rows = (0..<200).map { row($0, width: 250) }
    for row in rows {
      for x in 0..<250 { #expect(row[3 * x] == row[3 * x + 1] && row[3 * x] == row[3 * x + 2]) }
    }
    let noise = rows.flatMap { row in (0..<250).map { Double(row[3 * $0]) - 100 } }
    let mean = noise.reduce(0, +) / Double(noise.count)
    let variance = noise.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(noise.count)
    // Fifty thousand samples: their mean strays by 0.018, their deviation by 0.013.
    #expect(abs(mean) < 0.08)
    #expect(abs(variance.squareRoot() - 4) < 0.06)
  }

  /// Neighbours across, below and diagonally have nothing to do with one another.
  @Test(arguments: [(1, 0), (0, 1), (1, 1), (-1, 1)])
  func noiseIsWhite(_ dx: Int, _ dy: Int) {
    let rows = (0..<201).map { row($0, width: 252) }
    var sum = 0.0
    for y in 0..<200 {
      for x in 1..<251 {
        sum += Double(rows[y][3 * x] - 100) * Double(rows[y + dy][3 * (x + dx)] - 100)
      }
    }
    #expect(abs(sum / 50_000 / 16) < 0.025)
  }

  @Test func noiseHangsOnThePositionAlone() {
    #expect(row(7, width: 40) == Array(row(7, width: 90)[..<120]))
    #expect(row(7, width: 40) != row(8, width: 40))
    #expect(row(7, width: 40, sigma: 0) == row(8, width: 40, sigma: 0))
  }

  private func picture(_ image: Image) -> Picture {
    Picture(
      width: image.width, height: image.height,
      readRow: { y, row throws(ImageFileError) in
        let bytes = Array(image.row(y))
        for index in row.indices { row[index] = Float(bytes[index]) }
      }, writeRow: { _, _ in })
  }

  private func read(_ picture: Picture) throws -> [Float] {
    var rows: [Float] = []
    for y in 0..<picture.height {
      var row = [Float](repeating: .nan, count: 3 * picture.width)
      var samples = row.mutableSpan
      try picture.readRow(y, &samples)
      rows += row
    }
    return rows
  }

  @Test func aPictureOfOneColorGetsNone() throws {
    var blank = Image(
      width: 5, height: 4, pixels: PixelFormat(),
      bytes: (0..<20).flatMap { _ in [9, 80, 200] as [UInt8] })
    #expect(try read(picture(blank).grained(4)) == blank.bytes.map { Float($0) })
    blank.bytes[59] += 1
    let grained = try read(picture(blank).grained(4))
    #expect(zip(grained, blank.bytes).allSatisfy { $0 != Float($1) })
    #expect(try read(picture(blank).grained(0)) == blank.bytes.map { Float($0) })
  }

  @Test(arguments: [(5, 4, 2), (3, 2, 7), (1, 1, 16)])
  func marginIsMirroredAndCutOff(_ width: Int, _ height: Int, _ margin: Int) throws {
    let image = Image(randomWidth: width, height: height)
    var written: [Int: [Float]] = [:]
    let own = picture(image)
    let extended = Picture(
      width: width, height: height, readRow: own.readRow,
      writeRow: { y, row in written[y] = row.indices.map { row[$0] } }
    ).extended(by: margin)
    #expect(extended.width == width + 2 * margin && extended.height == height + 2 * margin)
    let rows = try read(extended)
    func mirrored(_ position: Int, _ side: Int) -> Int {
      var position = position
      while !(0..<side).contains(position) {
        position = position < 0 ? -1 - position : 2 * side - 1 - position
      }
      return position
    }
    for y in 0..<extended.height {
      for x in 0..<extended.width {
        let from = mirrored(y - margin, height) * width + mirrored(x - margin, width)
        for channel in 0..<3 {
          #expect(
            rows[3 * (y * extended.width + x) + channel]
              == Float(image.bytes[3 * from + channel]))
        }
      }
      let count = 3 * extended.width
      try extended.writeRow(y, Array(rows[y * count..<(y + 1) * count]).span)
    }
    #expect(written.count == height)
    for y in 0..<height { #expect(written[y] == image.row(y).map { Float($0) }) }
  }
}
