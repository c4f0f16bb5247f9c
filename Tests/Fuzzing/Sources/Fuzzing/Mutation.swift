import CFuzzing

/// libFuzzer's mutations of an input whose lengths and checks stay right, so that what is inside is looked
/// at; some are of the bytes as they stand.
@_cdecl("LLVMFuzzerCustomMutator")
public func mutate(
  _ start: UnsafeMutablePointer<UInt8>, _ count: Int, _ capacity: Int, _ seed: UInt32
) -> Int {
  var generator = Generator(state: UInt64(seed))
  guard generator.next(4) > 0 else { return LLVMFuzzerMutate(start, count, capacity) }
  var input = Input(start, count)
  var pieces = Pieces(input.file)
  if !pieces.pieces.isEmpty { pieces.mutate(&generator) }
  if generator.next(8) == 0 { input.choices.value = generator.next(1 << 16) }
  input.file = pieces.bytes
  return write(input, start, capacity)
    ?? LLVMFuzzerMutate(start, count, capacity)
}

/// An input with some pieces of another.
@_cdecl("LLVMFuzzerCustomCrossOver")
public func cross(
  _ first: UnsafePointer<UInt8>, _ firstCount: Int, _ second: UnsafePointer<UInt8>,
  _ secondCount: Int, _ result: UnsafeMutablePointer<UInt8>, _ capacity: Int, _ seed: UInt32
) -> Int {
  var generator = Generator(state: UInt64(seed))
  var input = Input(first, firstCount)
  var pieces = Pieces(input.file).pieces
  let others = Pieces(Input(second, secondCount).file).pieces
  guard !others.isEmpty else { return 0 }
  let start = generator.next(others.count)
  let taken = others[start...].prefix(1 + generator.next(4))
  let place = generator.next(pieces.count + 1)
  let end = min(pieces.count, place + generator.next(3))
  pieces.replaceSubrange(place..<end, with: taken)
  input.file = Pieces(pieces: pieces).bytes
  return write(input, result, capacity) ?? 0
}

/// Puts an input where it belongs; nil where it is too long.
private func write(_ input: Input, _ start: UnsafeMutablePointer<UInt8>, _ capacity: Int) -> Int? {
  let bytes = input.bytes
  guard (1...capacity).contains(bytes.count) else { return nil }
  start.update(from: bytes, count: bytes.count)
  return bytes.count
}

extension Pieces {
  /// The most that a piece grows by at once.
  private static let growth = 256

  /// - Precondition: There are pieces.
  fileprivate mutating func mutate(_ generator: inout Generator) {
    // The pickle says what all other entries are.
    let pickle = generator.next(2) == 0 ? pieces.firstIndex(where: \.isPickle) : nil
    let index = pickle ?? generator.next(pieces.count)
    switch generator.next(12) {
    case 0: pieces.remove(at: index)
    case 1: pieces.insert(pieces[index], at: generator.next(pieces.count + 1))
    case 2: pieces.swapAt(index, generator.next(pieces.count))
    case 3: pieces[index].rename(as: pieces[generator.next(pieces.count)], &generator)
    default: pieces[index].data = Self.mutated(pieces[index], &generator)
    }
  }

  private static func mutated(_ piece: Piece, _ generator: inout Generator) -> [UInt8] {
    let data = piece.data
    if case .field(let key, _) = piece, key[0] & 7 == 2, generator.next(8) > 0,
      let fields = fields(data)
    {
      var message = Pieces(pieces: fields)
      message.mutate(&generator)
      return message.bytes
    }
    if case .chunk(let name, _) = piece, generator.next(4) > 0,
      let start = compressedStart(name, data),
      let plain = inflated(data[start...], maximumCount: 1 << 16)
    {
      return data[..<start] + deflated(mutated(plain[...]))
    }
    // What names the piece's kind, up to a NUL, is left as it is in half of the cases.
    let name = data.prefix(64).firstIndex(of: 0).map { $0 + 1 } ?? 0
    let kept = generator.next(2) == 0 ? name : 0
    return data[..<kept] + mutated(data[kept...])
  }

  /// The place of the zlib stream in a chunk's data.
  private static func compressedStart(_ name: [UInt8], _ data: [UInt8]) -> Int? {
    switch String(decoding: name, as: UTF8.self) {
    case "IDAT": return 0
    case "zTXt", "iCCP":
      guard let end = data.firstIndex(of: 0), end + 2 <= data.count else { return nil }
      return end + 2
    default: return nil
    }
  }

  fileprivate static func mutated(_ bytes: ArraySlice<UInt8>) -> [UInt8] {
    let capacity = bytes.count + growth
    var room = bytes + [UInt8](repeating: 0, count: growth)
    let count = room.withUnsafeMutableBufferPointer {
      LLVMFuzzerMutate($0.baseAddress, bytes.count, capacity)
    }
    return Array(room.prefix(count))
  }
}

extension Pieces.Piece {
  fileprivate mutating func rename(as other: Self, _ generator: inout Generator) {
    switch (self, other) {
    case (.chunk(_, let data), .chunk(let name, _)): self = .chunk(name: name, data)
    case (.segment(_, let data), .segment(let marker, _)):
      let application = 0xE0 + UInt8(generator.next(16))
      self = .segment(marker: generator.next(2) == 0 ? marker : application, data)
    case (.entry(var entry, let data), .entry(let other, _)):
      entry.name = generator.next(2) == 0 ? other.name : Pieces.mutated(entry.name[...])
      self = .entry(entry, data)
    case (.field(_, let data), .field(let key, _)): self = .field(key: key, data)
    default: break
    }
  }

  fileprivate var isPickle: Bool {
    guard case .entry(let entry, _) = self else { return false }
    return entry.name.suffix(4).elementsEqual(".pkl".utf8)
  }
}

/// SplitMix64 (Steele et al. 2014, doi:10.1145/2660193.2660195).
private struct Generator {
  var state: UInt64

  /// A number in `0..<count`.
  mutating func next(_ count: Int) -> Int {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = (state ^ state >> 30) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
    return Int((mixed ^ mixed >> 31) % UInt64(count))
  }
}
