import Foundation

/// Damaged copies of a file's bytes without end, the same from run to run: of most one to eight bytes
/// are others, side by side or anywhere; of some the end is missing; in some a piece stands in the
/// place of another.
public struct Mutations: Sequence, IteratorProtocol {
  private let bytes: [UInt8]
  private var samples: Samples

  /// - Precondition: there are bytes.
  public init(of bytes: [UInt8], seed: UInt64) {
    precondition(!bytes.isEmpty, "there are bytes to damage")
    self.bytes = bytes
    samples = Samples(seed: seed)
  }

  /// The first of them, fifty times as many where `PASTICHE_HOSTILE=all` asks for it, which takes minutes.
  public func some(_ count: Int) -> PrefixSequence<Mutations> {
    prefix(isHostilityThorough ? 50 * count : count)
  }

  public mutating func next() -> [UInt8]? {
    switch samples.wholeNumber(upTo: 9) {
    case 0: Array(bytes.prefix(place()))
    case 1: spliced()
    default: overwritten()
    }
  }

  private mutating func place() -> Int { samples.wholeNumber(upTo: bytes.count - 1) }

  private mutating func spliced() -> [UInt8] {
    let piece = bytes[place()...].prefix(1 + samples.wholeNumber(upTo: 63))
    let start = place()
    let end = Swift.min(bytes.count, start + samples.wholeNumber(upTo: 63))
    return Array(bytes[..<start] + piece + bytes[end...])
  }

  private mutating func overwritten() -> [UInt8] {
    var result = bytes
    let limits: [UInt8] = [0, 1, 0x7F, 0x80, 0xFF]
    let isRun = samples.wholeNumber(upTo: 1) == 0
    let start = place()
    for index in 0...samples.wholeNumber(upTo: 7) {
      let limit = samples.wholeNumber(upTo: 2 * limits.count)
      let byte = limit < limits.count ? limits[limit] : samples.byte()
      result[isRun ? (start + index) % bytes.count : place()] = byte
    }
    return result
  }
}

/// Whether tests that have a quick form and a thorough one are to be thorough.
public let isHostilityThorough =
  ProcessInfo.processInfo.environment["PASTICHE_HOSTILE"] == "all"
