/// The tensors as a file's JSON describes them, checked against the bytes that are there.
public struct WeightHeader: Sendable {
  /// The place of a tensor's numbers, and the way to read them.
  struct Entry: Equatable, Sendable {
    var name: String
    var format: StoredFormat
    var shape: [Int]
    /// The bytes of the data part, `begin..<end`.
    var begin: Int
    var end: Int
    /// Whether the bytes are there and as many as the shape needs.
    var isReadable = false
  }

  /// The header's `__metadata__`.
  public private(set) var metadata: [String: String] = [:]
  /// What is wrong with it.
  public private(set) var faults: [WeightFileError.Fault] = []
  /// The entries that could be understood, in the header's order.
  private(set) var entries: [Entry] = []
  /// The place in the file at which the data part begins.
  private(set) var dataStart = 0
  private var dataBytes = 0

  /// The tensors' shapes, as far as they could be understood.
  public var shapes: [String: [Int]] {
    Dictionary(entries.map { ($0.name, $0.shape) }) { first, _ in first }
  }

  /// Bytes that the values take in memory.
  public var valueBytes: Int {
    readableEntries.reduce(0) {
      $0 + ($1.end - $1.begin) / $1.format.byteCount * MemoryLayout<Float>.stride
    }
  }

  /// Whether tensors have more bytes than there are, which is a fault.
  var sharesBytes: Bool { readableEntries.reduce(0) { $0 + $1.end - $1.begin } > dataBytes }

  /// The most bytes of a tensor that lies beyond the first `count` of the file.
  func largestBytes(beyond count: Int) -> Int {
    readableEntries.filter { dataStart + $0.end > count }.map { $0.end - $0.begin }.max() ?? 0
  }

  private var readableEntries: some Sequence<Entry> { entries.lazy.filter(\.isReadable) }

  /// Reads a header.
  ///
  /// - Parameter start: The file's first bytes, the header among them.
  /// - Throws: `WeightFileError.otherFormat`, and `.faults` where it can't be understood; all else that
  ///   is wrong is in `faults`.
  init(start: [UInt8], fileBytes: Int) throws(WeightFileError) {
    let range = try WeightFile.headerRange(of: start)
    do throws(JSONError) {
      try self.init(reading: start[range], dataBytes: fileBytes - range.upperBound)
    } catch {
      throw .faults([.malformedHeader(error)])
    }
    dataStart = range.upperBound
  }

  /// - Parameter dataBytes: The number of bytes that follow the header.
  /// - Throws: `JSONError` where it isn't JSON; all else that is wrong is in `faults`.
  init(reading bytes: ArraySlice<UInt8>, dataBytes: Int) throws(JSONError) {
    self.dataBytes = dataBytes
    // The format forbids the space that JSON allows before the brace.
    guard bytes.first == UInt8(ascii: "{"), case .object(let members) = try JSONReader.read(bytes)
    else {
      faults = [.headerNotAnObject]
      return
    }
    faults = members.duplicateKeys.map { .duplicateName($0) }
    var areUnderstood = true
    for member in members {
      if member.key == "__metadata__" {
        readMetadata(member.value)
      } else if var entry = readEntry(member) {
        entry.isReadable = checkSize(of: entry, dataBytes: dataBytes)
        entries.append(entry)
      } else {
        areUnderstood = false
      }
    }
    // Bytes can only be called unowned or shared when every owner is known.
    if areUnderstood { checkLayout(dataBytes: dataBytes) }
  }

  private mutating func readMetadata(_ value: JSONValue) {
    guard case .object(let members) = value else {
      faults.append(.metadataNotAnObject(found: value.summary))
      return
    }
    faults += members.duplicateKeys.map { .duplicateMetadata(key: $0) }
    for member in members {
      if case .string(let text) = member.value {
        metadata[member.key] = text
      } else {
        faults.append(.metadataNotText(key: member.key, found: member.value.summary))
      }
    }
  }

  /// The entry that `member` describes, or `nil` where it is at fault.
  private mutating func readEntry(_ member: JSONValue.Member) -> Entry? {
    let name = member.key
    guard case .object(let fields) = member.value else {
      faults.append(.entryNotAnObject(tensor: name, found: member.value.summary))
      return nil
    }
    var found: [WeightFileError.Fault] = fields.duplicateKeys.map {
      .duplicateField(tensor: name, field: $0)
    }
    var format: StoredFormat?
    var shape: [Int]?
    var offsets: [Int]?
    for field in fields {
      switch field.key {
      case "dtype":
        if case .string(let text) = field.value { format = StoredFormat(rawValue: text) }
        if format == nil { found.append(.unknownType(tensor: name, found: field.value.summary)) }
      case "shape":
        shape = field.value.naturalNumbers
        if shape == nil { found.append(.invalidShape(tensor: name, found: field.value.summary)) }
      case "data_offsets":
        offsets = field.value.naturalNumbers
        if offsets?.count != 2 || offsets.map({ $0[0] > $0[1] }) == true {
          found.append(.invalidOffsets(tensor: name, found: field.value.summary))
        }
      default:
        found.append(.unknownField(tensor: name, field: field.key))
      }
    }
    for field in ["dtype", "shape", "data_offsets"]
    where !fields.contains(where: { $0.key == field }) {
      found.append(.missingField(tensor: name, field: field))
    }
    faults += found
    guard found.isEmpty, let format, let shape, let offsets else { return nil }
    return Entry(name: name, format: format, shape: shape, begin: offsets[0], end: offsets[1])
  }

  /// Checks whether the entry's bytes are there and are as many as its shape and format need.
  private mutating func checkSize(of entry: Entry, dataBytes: Int) -> Bool {
    let found = entry.end - entry.begin
    let isThere = entry.end <= dataBytes
    if !isThere {
      faults.append(
        .beyondEnd(tensor: entry.name, begin: entry.begin, end: entry.end, dataBytes: dataBytes))
    }
    guard let count = elementCount(entry.shape),
      case (let expected, let overflow) = count.multipliedReportingOverflow(
        by: entry.format.byteCount),
      !overflow
    else {
      faults.append(.shapeOverflows(tensor: entry.name, shape: entry.shape))
      return false
    }
    if expected != found {
      faults.append(
        .sizeMismatch(
          tensor: entry.name, shape: entry.shape, type: entry.format.rawValue,
          expectedBytes: expected, foundBytes: found))
    }
    return isThere && expected == found
  }

  /// Finds bytes that two tensors share and bytes that belong to none.
  private mutating func checkLayout(dataBytes: Int) {
    let sorted = entries.sorted { ($0.begin, $0.end) < ($1.begin, $1.end) }
    var reached = 0
    var owner = ""
    for entry in sorted {
      if entry.begin < reached {
        faults.append(
          .overlap(tensor: entry.name, with: owner, bytes: min(entry.end, reached) - entry.begin))
      } else if entry.begin > reached, reached < dataBytes {
        faults.append(
          .gap(before: entry.name, offset: reached, bytes: min(entry.begin, dataBytes) - reached))
      }
      if entry.end >= reached { (reached, owner) = (entry.end, entry.name) }
    }
    if reached < dataBytes { faults.append(.trailingBytes(dataBytes - reached)) }
  }
}
