import SystemFiles

extension WeightFile {
  /// The file's bytes: tensors in the order of their names' bytes, metadata keys likewise, the
  /// header padded with spaces to a multiple of 8. Equal contents give equal bytes.
  ///
  /// - Parameter type: The format of the numbers; nil for half precision in each tensor of which that
  ///   changes no value, single in the others.
  /// - Throws: `WeightFileError.faults` with every tensor that no reader would take: values that
  ///   don't fill its shape, values that aren't finite (as `type`: beyond 65504 in half
  ///   precision), a name that the format keeps for itself.
  /// - Complexity: O(*n*) in values.
  public func encoded(as type: ElementType? = nil) throws(WeightFileError) -> [UInt8] {
    let sorted = tensors.sorted { precedes($0.key, $1.key) }.map { name, tensor in
      TypedTensor(name: name, tensor: tensor, type: type ?? .smallest(for: tensor.values))
    }
    let faults = sorted.flatMap { $0.faults }
    guard faults.isEmpty else { throw .faults(faults) }

    let header = header(of: sorted)
    let padded = (header.utf8.count + 7) / 8 * 8
    var bytes: [UInt8] = []
    bytes.reserveCapacity(8 + padded + sorted.reduce(0) { $0 + $1.byteCount })
    withUnsafeBytes(of: UInt64(padded).littleEndian) { bytes.append(contentsOf: $0) }
    bytes.append(contentsOf: header.utf8)
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: padded - header.utf8.count))
    for entry in sorted { append(entry.tensor.values, as: entry.type, to: &bytes) }
    return bytes
  }

  private func header(of sorted: [TypedTensor]) -> String {
    var members: [String] = []
    if !metadata.isEmpty {
      let texts = metadata.sorted { precedes($0.key, $1.key) }
        .map { "\(quoted($0.key)):\(quoted($0.value))" }
      members.append("\"__metadata__\":{\(texts.joined(separator: ","))}")
    }
    var offset = 0
    for entry in sorted {
      let end = offset + entry.byteCount
      let shape = entry.tensor.shape.map(String.init).joined(separator: ",")
      members.append(
        "\(quoted(entry.name)):{\"dtype\":\"\(entry.type.rawValue)\",\"shape\":[\(shape)],"
          + "\"data_offsets\":[\(offset),\(end)]}")
      offset = end
    }
    return "{\(members.joined(separator: ","))}"
  }
}

/// A tensor and the format that it is written in.
private struct TypedTensor {
  let name: String
  let tensor: StoredTensor
  let type: ElementType

  var byteCount: Int { tensor.values.count * type.format.byteCount }

  var faults: [WeightFileError.Fault] {
    var faults: [WeightFileError.Fault] = []
    if name == "__metadata__" { faults.append(.reservedName(name)) }
    if elementCount(tensor.shape) != tensor.values.count {
      faults.append(.valueCount(tensor: name, shape: tensor.shape, found: tensor.values.count))
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

extension ElementType {
  /// Half precision where it holds all values as they are.
  fileprivate static func smallest(for values: [Float]) -> ElementType {
    values.allSatisfy { Float(Float16($0)) == $0 } ? .f16 : .f32
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
