extension WeightFile {
  /// Reads a file's bytes.
  ///
  /// Nothing is allocated from a number in the file before that number is checked against the
  /// bytes that are there.
  ///
  /// - Throws: `WeightFileError.otherFormat`, `.faults`. Where the header can't be understood that is the only
  ///   fault; else every fault of every tensor is among them.
  /// - Complexity: O(*n*) in bytes, O(*t* log *t*) in tensors.
  public init(decoding bytes: [UInt8]) throws(WeightFileError) {
    try self.init(start: bytes, fileBytes: bytes.count, memory: .max) { _, _ in 0 }
  }

  /// - Parameters:
  ///   - start: The file's first bytes, the header among them.
  ///   - memory: The most bytes that values may take.
  ///   - read: Gives bytes beyond `start` from an offset on, and how many there were.
  init(
    start: [UInt8], fileBytes: Int, memory: Int,
    _ read: (Int, UnsafeMutableRawBufferPointer) throws(WeightFileError) -> Int
  ) throws(WeightFileError) {
    let header = try WeightHeader(start: start, fileBytes: fileBytes)
    guard header.valueBytes <= memory else {
      throw .memoryTooSmall(needed: header.valueBytes, given: memory)
    }
    var faults = header.faults
    var tensors: [String: StoredTensor] = [:]
    // One for all: pieces of memory between the values would stay with the process.
    var bytes = [UInt8](repeating: 0, count: header.largestBytes(beyond: start.count))
    // Of tensors that share bytes there could be any number.
    for entry in header.sharesBytes ? [] : header.entries where entry.isReadable {
      let range = header.dataStart + entry.begin..<header.dataStart + entry.end
      let values: [Float]
      if range.upperBound <= start.count {
        values = start.withUnsafeBytes { entry.format.decode(.init(rebasing: $0[range])) }
      } else {
        let count = try bytes.withUnsafeMutableBufferPointer {
          bytes throws(WeightFileError) in
          try read(
            range.lowerBound, .init(UnsafeMutableBufferPointer(rebasing: bytes[..<range.count])))
        }
        guard count == range.count else {
          faults.append(
            .beyondEnd(
              tensor: entry.name, begin: entry.begin, end: entry.end,
              dataBytes: entry.begin + count))
          continue
        }
        values = bytes.withUnsafeBytes { entry.format.decode(.init(rebasing: $0[..<count])) }
      }
      if let fault = nonFiniteFault(in: values, of: entry.name) { faults.append(fault) }
      tensors[entry.name] = StoredTensor(shape: entry.shape, values: values)
    }
    guard faults.isEmpty else { throw .faults(faults) }
    self.init(metadata: header.metadata, tensors: tensors)
  }

  /// Finds where the header's JSON is.
  static func headerRange(of bytes: [UInt8]) throws(WeightFileError) -> Range<Int> {
    if let other = OtherWeightFormat(signature: bytes) { throw .otherFormat(other) }
    guard let length = headerLength(of: bytes) else {
      throw .faults([.noHeaderLength(fileBytes: bytes.count)])
    }
    guard length <= UInt64(headerLimit) else {
      throw .faults([.headerTooLong(bytes: length, limit: headerLimit)])
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw .faults([.headerTruncated(bytes: length, found: bytes.count - 8)])
    }
    return 8..<8 + Int(length)
  }

  /// The number with which a file begins; nil where it is too short for one.
  static func headerLength(of bytes: [UInt8]) -> UInt64? {
    bytes.count < 8 ? nil : bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
  }
}

/// The fault of `values` that aren't all finite, or `nil`.
func nonFiniteFault(in values: [Float], of tensor: String) -> WeightFileError.Fault? {
  // Almost every tensor is fine, so one pass that compiles to vector instructions asks only for
  // the largest magnitude; as integers, magnitudes order as they do as numbers, NaN above all.
  let infinity: UInt32 = 0x7f80_0000
  let largest = values.withUnsafeBufferPointer { values in
    var largest: UInt32 = 0
    var index = 0
    while index < values.count {
      largest = max(largest, values[index].bitPattern & 0x7fff_ffff)
      index &+= 1
    }
    return largest
  }
  guard largest >= infinity, let first = values.firstIndex(where: { !$0.isFinite }) else {
    return nil
  }
  let count = values.count { !$0.isFinite }
  return .nonFinite(tensor: tensor, count: count, firstIndex: first)
}
