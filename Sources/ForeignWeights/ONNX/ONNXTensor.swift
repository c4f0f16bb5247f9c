import Foundation
import SystemFiles
import SystemPackage

/// What keeps a node or a tensor from being understood.
struct ONNXObstacle: Error, Equatable {
  let reason: String

  init(_ reason: String) { self.reason = reason }
}

/// A tensor of a file: all but its values, which are read where they matter.
struct ONNXTensor {
  enum Place {
    /// The bytes of the message.
    case inFile(Range<Int>)
    case inNode(Onnx_TensorProto)
    /// A file in the model's directory, and where in it.
    case beside(FilePath, offset: Int)
  }

  let name: String
  let shape: [Int]
  let type: Onnx_TensorProto.DataType
  let place: Place

  /// The product of `shape`.
  var count: Int { shape.reduce(1, *) }
  var isInteger: Bool { [.int32, .int64, .bool].contains(type) }

  /// - Parameter range: The message's bytes in the file; nil where it stands in a node.
  /// - Throws: `ONNXObstacle` where nothing of its shape, type and place can be read.
  init(_ message: Onnx_TensorProto, at range: Range<Int>? = nil) throws(ONNXObstacle) {
    var count = 1
    for extent in message.dims {
      let (product, overflow) = count.multipliedReportingOverflow(by: Int(extent))
      guard extent >= 0, !overflow, product <= 1 << 40 else {
        throw ONNXObstacle("has the shape \(message.dims)")
      }
      count = product
    }
    guard message.dataType.byteCount != nil else {
      throw ONNXObstacle(
        "has numbers of type \(message.dataType.rawValue); known are those of 16, 32 and 64 bits")
    }
    name = message.name
    shape = message.dims.map { Int($0) }
    type = message.dataType
    if message.dataLocation == .external {
      place = try Self.place(message.externalData)
    } else {
      place = range.map { .inFile($0) } ?? .inNode(message)
    }
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
  func values<Value: BinaryFloatingPoint>(
    in message: Onnx_TensorProto
  ) throws(ONNXObstacle) -> [Value] {
    if !message.rawData.isEmpty { return try values(raw: message.rawData) }
    switch type {
    case .float: return try values(raw: message.floatData)
    case .double: return try values(raw: message.doubleData)
    case .int64: return try values(integers: message.int64Data) { Value(Int64(bitPattern: $0)) }
    case .float16:
      return try values(integers: message.int32Data) { Value(Float16(bitPattern: .init($0))) }
    case .bfloat16:
      return try values(integers: message.int32Data) {
        Value(Float(bitPattern: .init(UInt16(truncatingIfNeeded: $0)) << 16))
      }
    default:
      return try values(integers: message.int32Data) {
        Value(Int32(truncatingIfNeeded: Int64(bitPattern: $0)))
      }
    }
  }

  func values<Value: BinaryFloatingPoint>(
    in file: FilePath, at offset: Int
  ) throws(ONNXObstacle) -> [Value] {
    let size = count * (type.byteCount ?? 0)
    let fileSize: Int
    var bytes: [UInt8] = []
    do {
      let descriptor = try Self.open(file)
      defer { try? descriptor.close() }
      fileSize = try FileStatus(of: descriptor).size
      if offset <= fileSize, size <= fileSize - offset {
        try descriptor.seek(offset: Int64(offset), from: .start)
        bytes = try descriptor.readToEnd(atMost: size, expecting: size)
      }
    } catch {
      throw ONNXObstacle("\(file.printable) can't be read: \(error)")
    }
    guard bytes.count == size else {
      throw ONNXObstacle("\(size) bytes at \(offset) of \(file.printable), which has \(fileSize)")
    }
    return try values(raw: Data(bytes))
  }

  private func values<Value: BinaryFloatingPoint>(raw data: Data) throws(ONNXObstacle) -> [Value] {
    guard data.count == count * (type.byteCount ?? 0) else {
      throw ONNXObstacle(
        "shape \(shape) of \(type.byteCount ?? 0)-byte numbers, and \(data.count) bytes")
    }
    return data.withUnsafeBytes { bytes in
      switch type {
      case .float: bytes.numbers(Float.self) { Value($0) }
      case .double: bytes.numbers(Double.self) { Value($0) }
      case .float16: bytes.numbers(UInt16.self) { Value(Float16(bitPattern: $0)) }
      case .bfloat16: bytes.numbers(UInt16.self) { Value(Float(bitPattern: UInt32($0) << 16)) }
      case .int64: bytes.numbers(Int64.self) { Value($0) }
      case .int32: bytes.numbers(Int32.self) { Value($0) }
      default: bytes.numbers(UInt8.self) { Value($0) }
      }
    }
  }

  private func values<Value>(
    integers data: Data, _ value: (UInt64) -> Value
  ) throws(ONNXObstacle) -> [Value] {
    var values: [Value] = []
    var rest = data[...]
    while !rest.isEmpty, values.count <= count {
      var read = 0
      guard let integer = UInt64(varint: rest, read: &read) else {
        throw ONNXObstacle("its integers are damaged")
      }
      rest = rest.dropFirst(read)
      values.append(value(integer))
    }
    guard values.count == count else {
      throw ONNXObstacle("shape \(shape), and \(values.count) values or more")
    }
    return values
  }

  /// Opens a regular file.
  static func open(_ path: FilePath) throws(Errno) -> FileDescriptor {
    do {
      // A named pipe without a writer would block an ordinary open for ever.
      return try FileDescriptor.open(path, .readOnly, options: [.nonBlocking, .closeOnExec])
    } catch {
      throw error as? Errno ?? .ioError
    }
  }
}

extension UnsafeRawBufferPointer {
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
