import Dispatch
import Glibc
import ImageFiles
import Layers
import SystemPackage
import Tensors
import TestSupport
import Testing

@testable import StyleTraining

@Suite(.deadline(minutes: 2)) struct CropSourceTests {
  private let folder: TemporaryFolder
  private let pictures: [FilePath]

  /// Pictures of several kinds, one of them broken.
  init() throws {
    folder = try TemporaryFolder()
    pictures = ["large.png", "small.jpg", "broken.png", "deep.png", "clear.png", "dot.png"]
      .map { [folder] in folder[$0] }
    try Image(randomWidth: 70, height: 50).write(pictures[0])
    try Image(randomWidth: 9, height: 12).write(pictures[1], as: .jpeg)
    try folder.file("broken.png", holding: "no picture")
    var samples = Samples(seed: 1)
    let deep = (0..<25 * 31 * 3).map { _ in UInt16(samples.byte()) * 257 }
    try Image(width: 25, height: 31, hasAlpha: false, sixteenBit: deep).write(pictures[3])
    try Image(randomWidth: 40, height: 33, hasAlpha: true).write(pictures[4])
    try Image(randomWidth: 1, height: 1).write(pictures[5])
  }

  private func source(
    seed: UInt64 = 1, noise: Float = 3, byteLimit: Int = 256 << 20, ahead: Int = 0,
    threads: Int = 0
  ) throws -> CropSource {
    try CropSource(
      pictures: pictures, side: 16, seed: seed, noise: noise, byteLimit: byteLimit, ahead: ahead,
      threads: threads)
  }

  private static func bits(_ source: CropSource, _ index: Int) throws -> [UInt32] {
    let crop = try source.crop(index)
    #expect(crop.index == index && crop.side == 16)
    return crop.pixels.buffer.samples.map(\.bitPattern)
  }

  /// Whatever was asked for before, by how many threads, and whatever is made ahead or kept.
  @Test(arguments: [(0, 0, 0), (3, 1, 0), (5, 3, 2000), (1, 2, .max)])
  func aCropIsDecidedByItsNumber(_ ahead: Int, _ threads: Int, _ byteLimit: Int) throws {
    let plain = try source()
    let indices = Array(0..<24) + [1000, 1_000_000, 3]
    let expected = try indices.map { try Self.bits(plain, $0) }
    let source = try source(byteLimit: byteLimit, ahead: ahead, threads: threads)
    #expect(try indices.map { try Self.bits(source, $0) } == expected)
    #expect(try indices.reversed().map { try Self.bits(source, $0) } == expected.reversed())
    DispatchQueue.concurrentPerform(iterations: 2 * indices.count) { turn in
      let place = turn * 7 % indices.count
      #expect((try? Self.bits(source, indices[place])) == expected[place])
    }
    #expect(source.skipped.map(\.path) == [pictures[2]])
  }

  @Test func everyNumberAndSeedHasItsOwn() throws {
    var found: Set<[UInt32]> = []
    for seed in 1...3 as ClosedRange<UInt64> {
      let source = try source(seed: seed)
      for index in 0..<20 { found.insert(try Self.bits(source, index)) }
    }
    #expect(found.count == 60)
    // Without noise, too, but where the picture is a dot.
    #expect(try Self.bits(source(seed: 1, noise: 0), 0) != Self.bits(source(seed: 2, noise: 0), 0))
  }

  @Test func noiseComesOnTopOfTheSameCrop() throws {
    let (clean, noisy) = (try source(noise: 0), try source(noise: 3))
    let noise = try (0..<30).flatMap { index in
      let (a, b) = (try clean.crop(index).pixels.planes, try noisy.crop(index).pixels.planes)
      return zip(a.joined().joined(), b.joined().joined()).map { $1 - $0 }
    }
    let moments = naiveMoments(noise)
    #expect(abs(moments.mean) < 15 / Double(noise.count).squareRoot())
    #expect(abs(moments.variance.squareRoot() - 3) < 0.07)
  }

  @Test func aPictureOfOneColourIsNotOfOneAfterNoise() throws {
    let bytes = [UInt8](repeating: 255, count: 3 * 40 * 40)
    try Image(width: 40, height: 40, pixels: PixelFormat(), bytes: bytes).write(folder["white.png"])
    func crop(_ noise: Float) throws -> [Float] {
      try CropSource(
        pictures: [folder["white.png"]], side: 16, seed: 1, noise: noise, threads: 0
      ).crop(0).pixels.planes.joined().flatMap { $0 }
    }
    #expect(try crop(0).allSatisfy { abs($0 - 255) < 1e-3 })
    #expect(try Set(crop(3)).count > 500)
    // Not cut off.
    #expect(try crop(3).contains { $0 > 258 })
  }

  /// A picture that brightens to the right by a level a pixel: crops show by their slope how much of
  /// it they have, and which way.
  @Test func cropsAreFlippedAndScaledAsOftenAsSaid() throws {
    let row = (0..<60).flatMap { [UInt8](repeating: 4 * UInt8($0), count: 3) }
    let bytes = [[UInt8]](repeating: row, count: 20).flatMap { $0 }
    try Image(width: 60, height: 20, pixels: PixelFormat(), bytes: bytes).write(folder["ramp.png"])
    let source = try CropSource(
      pictures: [folder["ramp.png"]], side: 16, seed: 5, noise: 0, threads: 0)
    var (flipped, large, brightest) = (0, 0, Float(0))
    for index in 0..<1000 {
      let row = try source.crop(index).pixels.planes[0][8]
      let slope = (row[12] - row[3]) / 9 / 4
      flipped += slope < 0 ? 1 : 0
      // 5/6 of 16 is 13, and what is larger has all of 14...20.
      large += abs(slope) * 16 > 13.5 ? 1 : 0
      brightest = max(brightest, row.max() ?? 0)
    }
    #expect(abs(flipped - 500) < 80)
    // 7/8 of 0.7.
    #expect(abs(large - 612) < 78)
    #expect(brightest > 230)
    #expect(source.maker.pictures.decodings == 1)
  }

  @Test func nothingToTakeCropsFromIsAnError() throws {
    #expect(throws: CropSourceError.noPictures(tried: 0, first: nil)) {
      try CropSource(pictures: [], side: 16, seed: 1)
    }
    let source = try CropSource(
      pictures: [pictures[2], folder["none.png"]], side: 16, seed: 1, threads: 1)
    let first = SkippedPicture(path: pictures[2], reason: .unknownFormat(Array("no pictu".utf8)))
    for index in [0, 1, 5] {
      #expect(throws: CropSourceError.noPictures(tried: 2, first: first)) {
        try source.crop(index)
      }
    }
    #expect(source.skipped.count == 2)
  }

  @Test func lettingGoEndsIt() throws {
    weak var maker: CropMaker?
    do {
      let source = try source(ahead: 4, threads: 2)
      maker = source.maker
      _ = try source.crop(0)
    }
    // Until the deadline.
    while maker != nil { usleep(1000) }
  }

  @Test func aClosedOneGivesNothing() throws {
    let source = try source(ahead: 4, threads: 2)
    _ = try source.crop(0)
    source.close()
    #expect(throws: CropSourceError.closed) { try source.crop(1) }
  }
}
