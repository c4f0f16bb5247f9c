import Glibc

/// Names or paths as they come, to be put in the order of their bytes: a directory's counts with the
/// slash that follows it in the paths of what it holds.
///
/// They are sorted piece by piece, so that few are at hand as they are, and the pieces merged.
struct UnsortedNames {
  private struct Record {
    /// The bytes behind what all names begin with, as one number.
    var key: UInt64 = 0
    /// Where the name begins, and in the lowest two bits its kind.
    private let place: UInt64

    init(offset: Int, kind: FileKind) { place = UInt64(offset) << 2 | UInt64(kind.rawValue) }

    var offset: Int { Int(place >> 2) }
    var kind: FileKind { FileKind(rawValue: UInt8(place & 3)) ?? .unknown }
  }

  /// The bytes of names after which a piece is sorted.
  private let pieceLength: Int
  /// The names of the present piece one after the other, each with a null byte.
  private var bytes: [CChar] = []
  private var records: [Record] = []
  /// How many bytes all of these begin with.
  private var common = 0
  private var sortedPieces: [FrontCodedNames] = []

  init(pieceLength: Int = 1 << 24) { self.pieceLength = pieceLength }

  mutating func append(_ name: UnsafePointer<CChar>, _ kind: FileKind) {
    let length = strlen(name)
    var shared = min(records.isEmpty ? length : common, length)
    for index in 0..<(records.isEmpty ? 0 : shared) where bytes[index] != name[index] {
      shared = index
      break
    }
    common = shared
    records.append(Record(offset: bytes.count, kind: kind))
    bytes.append(contentsOf: UnsafeBufferPointer(start: name, count: length + 1))
    if bytes.count >= pieceLength { sortPiece() }
  }

  private mutating func sortPiece() {
    var names = FrontCodedNames()
    let common = common
    bytes.withUnsafeBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      func name(_ record: Record) -> UnsafePointer<CChar> { start + record.offset }
      for index in records.indices {
        let rest = name(records[index]) + common
        var key: UInt64 = 0
        var count = 0
        while count < 8, rest[count] != 0 {
          key = key << 8 | UInt64(UInt8(bitPattern: rest[count]))
          count += 1
        }
        if count < 8 {
          key = key << 8 | UInt64(records[index].kind.terminator)
          key <<= 8 * UInt64(7 - count)
        }
        records[index].key = key
      }
      records.sort { a, b in
        a.key == b.key ? Self.precedes((name(a), a.kind), (name(b), b.kind)) : a.key < b.key
      }
      for record in records {
        let name = UnsafeRawBufferPointer(start: name(record), count: strlen(name(record)))
        names.append(name, tag: record.kind.rawValue)
      }
    }
    sortedPieces.append(names)
    bytes.removeAll(keepingCapacity: true)
    records.removeAll(keepingCapacity: true)
  }

  private static func precedes(
    _ a: (name: UnsafePointer<CChar>, kind: FileKind),
    _ b: (name: UnsafePointer<CChar>, kind: FileKind)
  ) -> Bool {
    var (first, second) = (a.name, b.name)
    while first.pointee == second.pointee, first.pointee != 0 {
      first += 1
      second += 1
    }
    func next(_ name: UnsafePointer<CChar>, _ kind: FileKind) -> UInt8 {
      name.pointee == 0 ? kind.terminator : UInt8(bitPattern: name.pointee)
    }
    return next(first, a.kind) < next(second, b.kind)
  }

  /// - Complexity: O(*n* log *n*) in names, and O(*n* · *p*) in pieces.
  consuming func sorted() -> FrontCodedNames {
    sortPiece()
    (bytes, records) = ([], [])
    guard sortedPieces.count > 1 else { return sortedPieces[0] }
    var pieces = sortedPieces.compactMap { names in Piece(names) }
    sortedPieces = []
    var names = FrontCodedNames()
    while var first = pieces.indices.first {
      for other in pieces.indices.dropFirst() where pieces[other].precedes(pieces[first]) {
        first = other
      }
      pieces[first].withName { names.append(UnsafeRawBufferPointer($0), tag: $1.rawValue) }
      if !pieces[first].advance() { pieces.remove(at: first) }
    }
    return names
  }

  /// A piece in order, at one of its names.
  private struct Piece {
    private var names: FrontCodedNames.Cursor
    private var kind = FileKind.unknown

    init?(_ names: FrontCodedNames) {
      self.names = names.start
      guard advance() else { return nil }
    }

    mutating func advance() -> Bool {
      guard let next = names.advance().flatMap(FileKind.init) else { return false }
      kind = next
      return true
    }

    func withName(_ body: (UnsafeBufferPointer<CChar>, FileKind) -> Void) {
      names.withName { body($0, kind) }
    }

    func precedes(_ other: Piece) -> Bool {
      names.withName { name in
        other.names.withName { otherName in
          // Null bytes are behind them.
          guard let name = name.baseAddress, let otherName = otherName.baseAddress else {
            return false
          }
          return UnsortedNames.precedes((name, kind), (otherName, other.kind))
        }
      }
    }
  }
}
