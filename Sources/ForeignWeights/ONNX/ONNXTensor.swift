import Foundation
import SystemFiles
import SystemPackage
import WeightFiles

/// What keeps a node or a tensor from being understood.
struct ONNXObstacle: Error, Equatable {
  let reason: String

  /// - Parameter reason: What is shown as far as a person reads.
  init(_ reason: String) { self.reason = String(reason.prefix(500)) }
}

/// A tensor of a file: all but its values, which are read where they matter.
struct ONNXTensor {
  enum Place {
    case inFile(Range<Int>)
    case inNode(Data)
    /// A file in the model's directory, and where in it.
    case beside(FilePath, offset: Int)
  }

  let name: String
  let shape: [Int]
  let type: Onnx_TensorProto.DataType
  let place: Place
  /// Whether the numbers are integers of as many bytes as each takes, as protobuf packs them; else
  /// they are those of `type`, one after the other.
  private let arePacked: Bool

  /// The product of `shape`.
  var count: Int { shape.reduce(1, *) }
  var isInteger: Bool { [.int32, .int64, .bool].contains(type) }

  /// Makes a tensor that stands in a node.
  init(_ message: Onnx_TensorProto) throws(ONNXObstacle) {
    try self.init(message) { field in
      let data =
        switch field {
        case 4: message.floatData
        case 5: message.int32Data
        case 7: message.int64Data
        case 9: message.rawData
        default: message.doubleData
        }
      return data.isEmpty ? nil : .inNode(data)
    }
  }

  /// - Parameter values: Where the values of a field of the message are.
  /// - Throws: `ONNXObstacle` where nothing of its shape, type and place can be read.
  init(
    _ message: Onnx_TensorProto, values: (UInt64) -> Place?
  ) throws(ONNXObstacle) {
    let shape = message.dims.map { Int($0) }
    guard shape.count <= Layout.rankLimit, Layout.isCountable(shape) else {
      throw ONNXObstacle("has the shape \(shape)")
    }
    guard message.dataType.byteCount != nil else {
      throw ONNXObstacle(
        "has numbers of type \(message.dataType.rawValue); known are those of 16, 32 and 64 bits")
    }
    name = message.name
    self.shape = shape
    type = message.dataType
    let typed: UInt64 =
      switch message.dataType {
      case .float: 4
      case .int64: 7
      case .double: 10
      default: 5
      }
    let raw = values(9)
    let isExternal = message.dataLocation == .external
    place =
      try isExternal
      ? Self.place(message.externalData) : raw ?? values(typed) ?? .inFile(0..<0)
    arePacked = !isExternal && raw == nil && [5, 7].contains(typed)
  }

  private static func place(_ entries: [Onnx_StringStringEntryProto]) throws(ONNXObstacle) -> Place
  {
    var values: [String: String] = [:]
    for entry in entries { values[entry.key] = entry.value }
    let location = FilePath(values["location"] ?? "")
    guard !location.isEmpty, location.isRelative, !(values["location"] ?? "").contains("\0"),
      location.components.allSatisfy({ $0.kind == .regular })
    else {
      throw ONNXObstacle("its values are said to be in \(location.printable), which isn't read")
    }
    guard let offset = Int(values["offset"] ?? "0"), offset >= 0 else {
      throw ONNXObstacle("its values are said to be at \(values["offset"] ?? "")")
    }
    return .beside(location, offset: offset)
  }
}

extension ONNXTensor {
  /// Finds whether bytes are as many as the values take, and the values finite.
  func check(_ bytes: UnsafeRawBufferPointer) throws(ONNXObstacle) {
    if arePacked {
      let found = bytes.count { $0 < 0x80 }
      guard found == count else { throw ONNXObstacle("shape \(shape), and \(found) values") }
      return
    }
    let size = type.byteCount ?? 0
    guard bytes.count == count * size else {
      throw ONNXObstacle("shape \(shape) of \(size)-byte numbers, and \(bytes.count) bytes")
    }
    let areFinite =
      switch type {
      case .float: bytes.areFinite(Float.self)
      case .double: bytes.areFinite(Double.self)
      case .float16: bytes.areFinite(Float16.self)
      default: true
      }
    guard areFinite else { throw ONNXObstacle("holds numbers that aren't finite") }
  }

  /// - Precondition: The bytes were checked.
  func values<Value: BinaryFloatingPoint>(in bytes: UnsafeRawBufferPointer) -> [Value] {
    guard !arePacked else { return packedValues(in: bytes) }
    return switch type {
    case .float: bytes.numbers(Float.self) { Value($0) }
    case .double: bytes.numbers(Double.self) { Value($0) }
    case .float16: bytes.numbers(Float16.self) { Value($0) }
    case .bfloat16: bytes.numbers(UInt16.self) { Value(Float(bitPattern: UInt32($0) << 16)) }
    case .int64: bytes.numbers(Int64.self) { Value($0) }
    case .int32: bytes.numbers(Int32.self) { Value($0) }
    default: bytes.numbers(UInt8.self) { Value($0) }
    }
  }

  private func packedValues<Value: BinaryFloatingPoint>(
    in bytes: UnsafeRawBufferPointer
  ) -> [Value] {
    var values: [Value] = []
    values.reserveCapacity(count)
    var (integer, place) = (UInt64(0), UInt64(0))
    for byte in bytes {
      integer |= UInt64(byte & 0x7F) << (7 * place)
      place += 1
      if byte < 0x80 {
        values.append(value(of: integer))
        (integer, place) = (0, 0)
      }
    }
    return values
  }

  /// The number that a packed integer stands for: the bits of one of 16 bits, or itself.
  private func value<Value: BinaryFloatingPoint>(of integer: UInt64) -> Value {
    let bits = UInt16(truncatingIfNeeded: integer)
    return switch type {
    case .float16: Value(Float16(bitPattern: bits))
    case .bfloat16: Value(Float(bitPattern: UInt32(bits) << 16))
    default: Value(Int64(bitPattern: integer))
    }
  }

  /// The bytes of the values in another file.
  func bytes(of file: FilePath, at offset: Int) throws(ONNXObstacle) -> [UInt8] {
    let size = count * (type.byteCount ?? 0)
    guard size <= WeightFile.fileLimit else {
      throw ONNXObstacle(
        "\(size) bytes of values; weight files have at most \(WeightFile.fileLimit)")
    }
    let fileSize: Int
    let bytes: [UInt8]
    do {
      // A named pipe without a writer would block an ordinary open for ever.
      let descriptor = try FileDescriptor.open(
        file, .readOnly, options: [.nonBlocking, .closeOnExec])
      defer { try? descriptor.close() }
      fileSize = try FileStatus(of: descriptor).size
      let isThere = offset <= fileSize && size <= fileSize - offset
      bytes = isThere ? try descriptor.readBytes(at: offset, count: size) : []
    } catch {
      throw ONNXObstacle("\(file.printable) can't be read: \(error)")
    }
    guard bytes.count == size else {
      throw ONNXObstacle(
        "\(size) bytes at \(offset) of \(file.printable), which has \(fileSize)")
    }
    return bytes
  }
}

extension UnsafeRawBufferPointer {
  fileprivate func areFinite<Number: BinaryFloatingPoint>(_ type: Number.Type) -> Bool {
    let size = MemoryLayout<Number>.size
    return (0..<count / size).allSatisfy {
      loadUnaligned(fromByteOffset: $0 * size, as: type).isFinite
    }
  }

  fileprivate func numbers<Number, Value>(
    _ type: Number.Type, _ value: (Number) -> Value
  ) -> [Value] {
    let size = MemoryLayout<Number>.size
    return (0..<count / size).map { value(loadUnaligned(fromByteOffset: $0 * size, as: type)) }
  }
}

extension Onnx_TensorProto.DataType {
  /// Bytes of a number; nil for types that no weights or sizes have.
  var byteCount: Int? {
    switch self {
    case .bool: 1
    case .float16, .bfloat16: 2
    case .float, .int32: 4
    case .double, .int64: 8
    case .undefined, .UNRECOGNIZED: nil
    }
  }
}
