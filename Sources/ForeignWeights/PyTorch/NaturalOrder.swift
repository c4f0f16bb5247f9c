/// The order of names in which `res2` is before `res10`.
enum NaturalOrder {
  /// A piece of a name.
  enum Piece: Equatable {
    case end
    case number(Int)
    case text(Substring)
  }

  /// Whether `first` is before `second`.
  static func isBefore(_ first: String, _ second: String) -> Bool {
    switch difference(first, second) {
    case (.number(let first), .number(let second)): first < second
    case (.text(let first), .text(let second)): first < second
    // But for zeros before their numbers they are alike.
    case (.end, .end): first < second
    case (.end, _), (.number, .text): true
    default: false
    }
  }

  /// The first pieces in which two names differ.
  static func difference(_ first: String, _ second: String) -> (Piece, Piece) {
    var (first, second) = (first[...], second[...])
    while true {
      let pieces = (next(of: &first), next(of: &second))
      if pieces.0 != pieces.1 || pieces.0 == .end { return pieces }
    }
  }

  private static func next(of name: inout Substring) -> Piece {
    guard let first = name.first else { return .end }
    let isDigit = isASCIIDigit(first)
    let piece = name.prefix { isASCIIDigit($0) == isDigit }
    name = name.dropFirst(piece.count)
    return isDigit ? Int(piece).map { .number($0) } ?? .text(piece) : .text(piece)
  }

  private static func isASCIIDigit(_ character: Character) -> Bool {
    ("0"..."9").contains(character)
  }
}
