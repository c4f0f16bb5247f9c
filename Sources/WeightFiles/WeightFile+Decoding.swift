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
    let headerBytes = try Self.headerRange(of: bytes)
    let dataStart = headerBytes.upperBound
    let header: Header
    do throws(JSONError) {
      header = try Header(reading: bytes[headerBytes], dataBytes: bytes.count - dataStart)
    } catch {
      throw .faults([.malformedHeader(error)])
    }

    var faults = header.faults
    var tensors: [String: StoredTensor] = [:]
    bytes.withUnsafeBytes { raw in
      for entry in header.entries where entry.isReadable {
        let range = dataStart + entry.begin..<dataStart + entry.end
        let values = entry.format.decode(UnsafeRawBufferPointer(rebasing: raw[range]))
        if let fault = nonFiniteFault(in: values, of: entry.name) { faults.append(fault) }
        tensors[entry.name] = StoredTensor(shape: entry.shape, values: values)
      }
    }
    guard faults.isEmpty else { throw .faults(faults) }
    self.init(metadata: header.metadata, tensors: tensors)
  }

  /// Finds where the header's JSON is.
  static func headerRange(of bytes: [UInt8]) throws(WeightFileError) -> Range<Int> {
    if let other = OtherWeightFormat(signature: bytes) { throw .otherFormat(other) }
    guard bytes.count >= 8 else { throw .faults([.noHeaderLength(fileBytes: bytes.count)]) }
    let length = bytes.withUnsafeBytes { $0.loadUnaligned(as: UInt64.self) }
    guard length <= UInt64(headerLimit) else {
      throw .faults([.headerTooLong(bytes: length, limit: headerLimit)])
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw .faults([.headerTruncated(bytes: length, found: bytes.count - 8)])
    }
    return 8..<8 + Int(length)
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
