import SystemFiles

extension WeightFile {
  /// The file's bytes: tensors in the order of their names' bytes, metadata keys likewise, the
  /// header padded with spaces to a multiple of 8. Equal contents give equal bytes.
  ///
  /// - Throws: `WeightFileError.faults` with every tensor that no reader would take: values that
  ///   don't fill its shape, values that aren't finite (as `type`: beyond 65504 in half
  ///   precision), a name that the format keeps for itself.
  /// - Complexity: O(*n*) in values.
  public func encoded(as type: ElementType = .f32) throws(WeightFileError) -> [UInt8] {
    let sorted = tensors.sorted { precedes($0.key, $1.key) }
    let faults = sorted.flatMap { Self.faults(of: $0.value, named: $0.key, as: type) }
    guard faults.isEmpty else { throw .faults(faults) }

    let header = header(of: sorted, as: type)
    let padded = (header.utf8.count + 7) / 8 * 8
    var bytes: [UInt8] = []
    let valueCount = sorted.reduce(0) { $0 + $1.value.values.count }
    bytes.reserveCapacity(8 + padded + valueCount * type.format.byteCount)
    withUnsafeBytes(of: UInt64(padded).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header.utf8)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padded - header.utf8.count))
    for (_, tensor) in sorted { append(tensor.values, as: type, to: &bytes) }
    return bytes
  }

  private func header(of sorted: [(key: String, value: StoredTensor)], as type: ElementType)
    -> String
  {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { precedes($0.key, $1.key) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for (name, tensor) in sorted {
      let end = offset + tensor.values.count * type.format.byteCount
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(name)):{\"dtype\":\"\(type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }

  private static func faults(
    of tensor: StoredTensor, named name: String, as type: ElementType
  ) -> [WeightFileError.Fault] {
    var faults: [WeightFileError.Fault] = []
    if name == "__metadata__" { faults.append(.reservedName(name)) }
    if elementCount(tensor.shape) != tensor.values.count {
      faults.append(
        .valueCount(tensor: name, shape: tensor.shape, found: tensor.values.count))
    }
    let values =
      switch type {
      case .f32: tensor.values
      case .f16: tensor.values.map { Float(Float16($0)) }
      }
    if let fault = nonFiniteFault(in: values, of: name) { faults.append(fault) }
    return faults
  }
}

private func append(_ values: [Float], as type: ElementType, to bytes: inout [UInt8]) {
  switch type {
  case .f32:
    values.withUnsafeBytes { bytes.append(contentsOf: $0) }
  case .f16:
    values.map(Float16.init).withUnsafeBytes { bytes.append(contentsOf: $0) }
  }
}

/// The order of bytes, which, unlike that of Swift's strings, is the same everywhere.
private func precedes(_ a: String, _ b: String) -> Bool {
  a.utf8.lexicographicallyPrecedes(b.utf8)
}

/// Writes `text` as a JSON string.
private func quoted(_ text: String) -> String {
  var result = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": result += "\\\""
    case "\\": result += "\\\\"
    case "\n": result += "\\n"
    case "\r": result += "\\r"
    case "\t": result += "\\t"
    case _ where scalar.value < 0x20:
      result += "\\u00" + UInt8(scalar.value).hexadecimal()
    default: result.unicodeScalars.append(scalar)
    }
  }
  return result + "\""
}
