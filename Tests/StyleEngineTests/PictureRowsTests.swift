import ImageFiles
import Layers
import StyleModels
import Synchronization
import Tensors
import TestSupport
import Testing

@testable import StyleEngine

/// A picture whose rows may be had and taken by anyone.
private final class SharedPicture: Sendable {
  let written = Mutex<[(number: Int, samples: [Float])]>([])
  private let width, height: Int
  private let samples: [Float]

  init(_ picture: PictureInMemory) {
    (width, height, samples) = (picture.width, picture.height, picture.samples)
  }

  func picture(_ order: Picture.Order) -> Picture {
    let rowCount = 3 * width
    return Picture(
      width: width, height: height, order: order,
      readRow: { [self] y, row in
        for index in 0..<rowCount { row[index] = samples[y * rowCount + index] }
      },
      writeRow: { [self] y, row in
        let samples = row.indices.map { row[$0] }
        written.withLock { $0.append((y, samples)) }
      })
  }
}

/// Rows on their way between pictures and maps: in order, and by several threads at a time.
@Suite struct PictureRowsTests {
  private func execution(workers: Int) throws -> NetworkExecution {
    NetworkExecution(
      try StyleNetwork(
        randomStyle(NetworkDescription(width: 4, residualBlocks: 1)),
        kernels: KernelSet.available[0]), workers: workers)
  }

  /// The same bytes whatever the order and whoever does it, of pictures that are enlarged for the
  /// network (7×5), of fewer and of more rows than are handed over at a time.
  @Test(arguments: [(7, 5), (16, 31), (9, 150)], [1, 3])
  func everyOrderGivesTheSame(_ size: (width: Int, height: Int), _ workers: Int) throws {
    let picture = PictureInMemory(randomWidth: size.width, height: size.height)
    let expected = try picture.repainted(by: execution(workers: 1))
    let execution = try execution(workers: workers)
    for order: Picture.Order in [[], .readsAny, .writesAny, [.readsAny, .writesAny]] {
      let shared = SharedPicture(picture)
      try execution.run([shared.picture(order)], normalization: .instance)
      let rows = shared.written.withLock { $0 }
      #expect(rows.map(\.number).sorted() == Array(0..<size.height))
      if !order.contains(.writesAny) { #expect(rows.map(\.number) == Array(0..<size.height)) }
      #expect(rows.sorted { $0.number < $1.number }.flatMap(\.samples) == expected)
    }
  }

  /// Of several rows that fail the first is told, whichever thread was faster.
  @Test(arguments: [Picture.Order.readsAny, []]) func firstFailureIsTold(_ order: Picture.Order)
    throws
  {
    let execution = try execution(workers: 3)
    let picture = Picture(
      width: 8, height: 40, order: order,
      readRow: { y, row throws(ImageFileError) in
        if y == 11 {
          for _ in 0..<1000 { row[0] += 1 }
          throw .changed
        }
        if y > 11 { throw .outOfMemory }
      }, writeRow: { y, _ in Issue.record("row \(y) was written") })
    for _ in 0..<50 {
      #expect(throws: StyleNetworkError.picture(.changed)) {
        try execution.run([picture], normalization: .instance)
      }
    }
  }

  /// Writing ends with the first row that can't be taken.
  @Test func failureOfARowThatIsWrittenIsTold() throws {
    let execution = try execution(workers: 3)
    for order: Picture.Order in [[], .writesAny] {
      let picture = Picture(
        width: 8, height: 40, order: order,
        readRow: { y, row in for index in row.indices { row[index] = Float(index * y % 256) } },
        writeRow: { y, _ throws(ImageFileError) in
          if y >= 20 { throw y == 20 ? .changed : .outOfMemory }
        })
      #expect(throws: StyleNetworkError.picture(.changed)) {
        try execution.run([picture], normalization: .instance)
      }
    }
  }
}
