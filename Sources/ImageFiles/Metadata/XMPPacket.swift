/// An XMP packet's bytes, in which properties are found, changed and taken out as they stand: as
/// attributes or as elements, whatever prefix their namespace has there.
///
/// A packet may hold anything: no search goes over the same bytes more often than there are prefixes.
struct XMPPacket {
  private(set) var bytes: [UInt8]

  /// The place of a property's name in a tag.
  private enum Place {
    /// A name that opens an element, from its `<` on.
    case element(Range<Int>)
    /// A name of an attribute, from the white space before it on.
    case attribute(Range<Int>)
  }

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  /// The prefixes that a namespace has.
  private func prefixes(of namespace: String) -> [String] {
    var found: [String] = []
    var start = 0
    let (opening, wanted) = (Array("xmlns:".utf8), Array(namespace.utf8))
    while let place = bytes.firstRange(of: opening, from: start) {
      let name = bytes[place.upperBound...].prefix { !Self.endsName($0) }
      start = name.endIndex
      let value = bytes[start...].drop { $0 == 0x3D || Self.isSpace($0) }
      guard let quote = value.first, quote == 0x22 || quote == 0x27 else { continue }
      let prefix = String(decoding: name, as: UTF8.self)
      if value.dropFirst().starts(with: wanted + [quote]), !prefix.isEmpty, !found.contains(prefix)
      {
        found.append(prefix)
        // Nobody has more, and each costs a search.
        if found.count == 8 { break }
      }
    }
    return found
  }

  /// Whether a property of the namespace is there; of all names, where none is given.
  func contains(_ namespace: String, _ name: String? = nil) -> Bool {
    prefixes(of: namespace).contains {
      place(of: "\($0):\(name ?? "")", isWhole: name != nil, from: 0) != nil
    }
  }

  /// The letters and digits that a property has where it first stands.
  func text(_ namespace: String, _ name: String) -> [UInt8]? {
    for prefix in prefixes(of: namespace) {
      guard let place = place(of: "\(prefix):\(name)", isWhole: true, from: 0) else { continue }
      return bytes[value(behind: place)...].prefix {
        (0x30...0x39).contains($0) || (0x41...0x5A).contains($0 & 0xDF)
      }.map(\.self)
    }
    return nil
  }

  /// Changes a property's number wherever it stands.
  mutating func changeNumber(_ namespace: String, _ name: String, _ change: (Int) -> Int) {
    for prefix in prefixes(of: namespace) {
      var edits: [Edit] = []
      var start = 0
      while let place = place(of: "\(prefix):\(name)", isWhole: true, from: start) {
        let digits = digits(behind: place)
        if let number = Int(String(decoding: bytes[digits], as: UTF8.self)) {
          edits.append(Edit(range: digits, text: Array(String(change(number)).utf8)))
        }
        start = digits.upperBound
      }
      apply(edits)
    }
  }

  /// What takes the place of a range.
  private struct Edit {
    var range: Range<Int>
    var text: [UInt8] = []
  }

  /// Carries out edits, in order of their places, in one pass: there may be very many.
  private mutating func apply(_ edits: [Edit]) {
    guard !edits.isEmpty else { return }
    var (result, start): ([UInt8], Int) = ([], 0)
    for edit in edits {
      result += bytes[start..<edit.range.lowerBound] + edit.text
      start = edit.range.upperBound
    }
    bytes = result + bytes[start...]
  }

  /// Takes a property out wherever it stands, or all of a namespace, with what its elements hold.
  ///
  /// - Returns: Whether there was one.
  @discardableResult mutating func remove(_ namespace: String, _ name: String? = nil) -> Bool {
    var isFound = false
    for prefix in prefixes(of: namespace) {
      var edits: [Edit] = []
      var start = 0
      let wanted = "\(prefix):\(name ?? "")"
      while let place = place(of: wanted, isWhole: name != nil, from: start) {
        guard let range = extent(of: place) else { break }
        start = range.upperBound
        edits.append(Edit(range: range))
      }
      apply(edits)
      isFound = isFound || !edits.isEmpty
    }
    return isFound
  }

  /// Puts what another packet describes behind what this one does; nil where a namespace of it would be
  /// lost.
  func merged(with other: [UInt8]) -> XMPPacket? {
    let extra = XMPPacket(other)
    guard let first = other.firstRange(of: Array("<rdf:Description".utf8), from: 0),
      let end = other.firstRange(of: Array("</rdf:RDF".utf8), from: first.lowerBound),
      let place = bytes.firstRange(of: Array("</rdf:RDF".utf8), from: 0),
      !extra.declares(before: first.lowerBound)
    else { return nil }
    var result = self
    result.bytes.insert(contentsOf: other[first.lowerBound..<end.lowerBound], at: place.lowerBound)
    return result
  }

  /// Whether a namespace besides RDF's and the packet's own is declared before `end`.
  private func declares(before end: Int) -> Bool {
    var start = 0
    while let place = bytes.firstRange(of: Array("xmlns:".utf8), from: start),
      place.lowerBound < end
    {
      start = place.upperBound
      let name = bytes[start...].prefix { !Self.endsName($0) }
      if !name.elementsEqual("rdf".utf8), !name.elementsEqual("x".utf8) { return true }
    }
    return false
  }

  /// Finds where a name opens an element or is an attribute's.
  ///
  /// - Parameter isWhole: Whether the name ends there, or goes on.
  private func place(of name: String, isWhole: Bool, from start: Int) -> Place? {
    let pattern = Array(name.utf8)
    var start = start
    while let range = bytes.firstRange(of: pattern, from: start), range.lowerBound > 0 {
      start = range.upperBound
      let before = bytes[range.lowerBound - 1]
      guard before == 0x3C || Self.isSpace(before), start < bytes.count,
        !isWhole || Self.endsName(bytes[start]),
        let end = bytes[start...].firstIndex(where: Self.endsName)
      else { continue }
      if before == 0x3C { return .element(range.lowerBound - 1..<end) }
      let next = bytes[end...].first { !Self.isSpace($0) }
      if next == 0x3D { return .attribute(range.lowerBound - 1..<end) }
    }
    return nil
  }

  /// All that a property takes up; nil where it doesn't end.
  private func extent(of place: Place) -> Range<Int>? {
    switch place {
    case .attribute(let range):
      guard let open = bytes[range.upperBound...].firstIndex(where: { $0 == 0x22 || $0 == 0x27 }),
        let close = bytes[(open + 1)...].firstIndex(of: bytes[open])
      else { return nil }
      return range.lowerBound..<close + 1
    case .element(let range):
      guard let end = tagEnd(from: range.upperBound) else { return nil }
      if bytes[end - 1] == 0x2F { return range.lowerBound..<end + 1 }
      // Elements of the same name may stand within.
      let name = bytes[range.lowerBound + 1..<range.upperBound]
      let (opening, closing) = ([0x3C] + name, [0x3C, 0x2F] + name)
      var (depth, at, inside) = (1, end + 1, end + 1)
      while depth > 0 {
        guard let close = bytes.firstRange(of: closing, from: at) else { return nil }
        at = close.upperBound
        while let open = bytes.firstRange(of: opening, from: inside, to: close.lowerBound) {
          guard let inner = tagEnd(from: open.upperBound) else { return nil }
          if bytes[inner - 1] != 0x2F { depth += 1 }
          inside = inner + 1
        }
        inside = max(inside, close.lowerBound)
        depth -= 1
      }
      guard let last = tagEnd(from: at) else { return nil }
      return range.lowerBound..<last + 1
    }
  }

  /// The `>` that ends a tag, past what stands in quotes.
  private func tagEnd(from start: Int) -> Int? {
    var quote: UInt8?
    for index in start..<bytes.count {
      let byte = bytes[index]
      if let open = quote {
        if byte == open { quote = nil }
      } else if byte == 0x22 || byte == 0x27 {
        quote = byte
      } else if byte == 0x3E {
        return index
      }
    }
    return nil
  }

  /// The digits of a property's value; an empty range where there are none.
  private func digits(behind place: Place) -> Range<Int> {
    let start = value(behind: place)
    return start..<bytes[start...].prefix { (0x30...0x39).contains($0) }.endIndex
  }

  /// The place where a property's value begins.
  private func value(behind place: Place) -> Int {
    let start =
      switch place {
      case .attribute(let range):
        bytes[range.upperBound...].firstIndex { $0 != 0x3D && !Self.isSpace($0) } ?? bytes.count
      case .element(let range): tagEnd(from: range.upperBound) ?? bytes.count
      }
    return bytes[min(start + 1, bytes.count)...].drop(while: Self.isSpace).startIndex
  }

  private static func isSpace(_ byte: UInt8) -> Bool { [0x20, 0x09, 0x0A, 0x0D].contains(byte) }

  private static func endsName(_ byte: UInt8) -> Bool {
    isSpace(byte) || [0x3D, 0x3E, 0x2F, 0x22, 0x27, 0x3C].contains(byte)
  }
}

extension [UInt8] {
  /// Finds where `pattern`, which is not empty, first stands at or behind `start` and ahead of `limit`.
  func firstRange(of pattern: [UInt8], from start: Int, to limit: Int? = nil) -> Range<Int>? {
    let limit = limit ?? count
    var at = start
    while at <= limit - pattern.count,
      let candidate = self[at..<limit].firstIndex(of: pattern[0])
    {
      let end = candidate + pattern.count
      guard end <= limit else { return nil }
      if self[candidate..<end].elementsEqual(pattern) { return candidate..<end }
      at = candidate + 1
    }
    return nil
  }
}
