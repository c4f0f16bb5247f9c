import Foundation
import Glibc
internal import SwiftProtobuf
import SystemFiles
import SystemPackage
import WeightFiles

/// What a file of ONNX holds: nodes, and where the tensors stand.
struct ONNXFile {
  /// The bytes of a graph without its tensors' values; the published network's has 40 KB.
  static let graphLimit = 1 << 20
  /// The bytes of values that stand in nodes.
  static let nodeValueLimit = 1 << 26
  /// The versions of the operators that are known.
  static let operatorSets = 7...21

  private(set) var operatorSet = 0
  private(set) var nodes: [Onnx_NodeProto] = []
  private(set) var tensors: [ONNXTensor] = []
  private(set) var inputs: [Onnx_ValueInfoProto] = []
  private(set) var outputs: [Onnx_ValueInfoProto] = []
  private(set) var metadata: [String: String] = [:]
  /// Tensors that can't be read.
  private(set) var obstacles: [String] = []

  private let bytes: [UInt8]
  /// The directory for what isn't in the file itself; nil where there is none.
  private let directory: FilePath?
  private var graphBytes = 0
  private var nodeValueBytes = 0

  /// - Throws: `WeightFileError.unreadable`, `.notARegularFile`, `.tooLarge`.
  static func bytes(of path: FilePath) throws(WeightFileError) -> [UInt8] {
    var status = stat()
    let bytes: [UInt8]
    do throws(Errno) {
      let file = try ONNXTensor.open(path)
      defer { try? file.close() }
      guard fstat(file.rawValue, &status) == 0 else { throw Errno(rawValue: errno) }
      let size = Int(status.st_size)
      let isRead = status.st_mode & S_IFMT == S_IFREG && size <= WeightFile.fileLimit
      bytes = isRead ? try file.readToEnd(atMost: size, expecting: size) : []
    } catch {
      throw .unreadable(error)
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw .notARegularFile }
    guard status.st_size <= WeightFile.fileLimit else {
      throw .tooLarge(bytes: Int(status.st_size), limit: WeightFile.fileLimit)
    }
    return bytes
  }

  /// Reads a file's bytes.
  ///
  /// - Throws: `ONNXError` where they aren't a model, or one of other operators or of a size that no
  ///   style's network has.
  /// - Complexity: O(*n*) in bytes; a tensor at a time is in memory twice.
  init(_ bytes: [UInt8], directory: FilePath? = nil) throws(ONNXError) {
    self.bytes = bytes
    self.directory = directory
    var operatorSet: Int?
    var fields = ProtobufFields(of: bytes, in: bytes.indices)
    while let field = try fields.next() {
      guard let content = field.content else { continue }
      switch field.number {
      case 7: try readGraph(in: content)
      case 8:
        let set: Onnx_OperatorSetIdProto = try decode("operator set", content)
        if set.isOfONNX { operatorSet = Int(set.version) }
      case 14:
        let pair: Onnx_StringStringEntryProto = try decode("metadata", content)
        metadata[pair.key] = pair.value
      default: break
      }
    }
    guard let operatorSet, Self.operatorSets.contains(operatorSet) else {
      throw .operatorSet(found: operatorSet, known: Self.operatorSets)
    }
    self.operatorSet = operatorSet
  }

  private mutating func readGraph(in range: Range<Int>) throws(ONNXError) {
    var fields = ProtobufFields(of: bytes, in: range)
    while let field = try fields.next() {
      guard let content = field.content else { continue }
      switch field.number {
      case 1:
        nodeValueBytes += try values(in: content, of: .node)
        guard nodeValueBytes <= Self.nodeValueLimit else {
          throw .tooLarge("values in nodes", bytes: nodeValueBytes, limit: Self.nodeValueLimit)
        }
        try nodes.append(decode("node", content, values: values(in: content, of: .node)))
      case 5:
        let values = try values(in: content, of: .tensor)
        let tensor: Onnx_TensorProto = try decode("tensor", content, values: values)
        do throws(ONNXObstacle) {
          try tensors.append(ONNXTensor(tensor, at: content))
        } catch {
          obstacles.append("\(tensor.name.printable): \(error.reason)")
        }
      case 11: try inputs.append(decode("input", content))
      case 12: try outputs.append(decode("output", content))
      default: break
      }
    }
  }

  /// Decodes a message of the graph.
  ///
  /// - Parameter values: Bytes of it that don't count.
  private mutating func decode<Message: SwiftProtobuf.Message>(
    _ name: String, _ range: Range<Int>, values: Int = 0
  ) throws(ONNXError) -> Message {
    graphBytes += range.count - values
    guard graphBytes <= Self.graphLimit else {
      throw .tooLarge("a graph", bytes: graphBytes, limit: Self.graphLimit)
    }
    guard let message = message(Message.self, in: range) else {
      throw .undecodable(name, at: range.lowerBound)
    }
    return message
  }

  private func message<Message: SwiftProtobuf.Message>(
    _ type: Message.Type, in range: Range<Int>
  ) -> Message? {
    var options = BinaryDecodingOptions()
    options.discardUnknownFields = true
    options.messageDepthLimit = 8
    return bytes.withUnsafeBytes { bytes in
      guard let start = bytes.baseAddress, !range.isEmpty else { return Message() }
      let data = Data(
        bytesNoCopy: UnsafeMutableRawPointer(mutating: start + range.lowerBound),
        count: range.count, deallocator: .none)
      return try? Message(serializedBytes: data, options: options)
    }
  }

  /// The messages whose values and comments may be large.
  private enum Part {
    case node, attribute, tensor

    /// The part that a field of this one holds.
    func part(_ field: UInt64) -> Part? {
      switch (self, field) {
      case (.node, 5): .attribute
      case (.attribute, 5): .tensor
      default: nil
      }
    }

    /// Whether a field has values, or comments, which aren't decoded.
    func isLarge(_ field: UInt64) -> Bool {
      switch self {
      case .node: field == 6
      case .attribute: field == 13
      case .tensor: [4, 5, 7, 9, 10, 12].contains(field)
      }
    }
  }

  /// Bytes of the values and comments in a message.
  private func values(in range: Range<Int>, of part: Part) throws(ONNXError) -> Int {
    var count = 0
    var fields = ProtobufFields(of: bytes, in: range)
    while let field = try fields.next() {
      guard let content = field.content else { continue }
      if part.isLarge(field.number) { count += content.count }
      if let inner = part.part(field.number) { count += try values(in: content, of: inner) }
    }
    return count
  }
}

extension ONNXFile {
  /// The numbers of a tensor.
  ///
  /// - Throws: `ONNXObstacle` where they aren't there, or not as many as its shape asks for.
  func values<Value: BinaryFloatingPoint>(
    of tensor: ONNXTensor, as type: Value.Type = Value.self
  ) throws(ONNXObstacle) -> [Value] {
    switch tensor.place {
    case .inNode(let message): return try tensor.values(in: message)
    case .inFile(let range):
      guard let message = message(Onnx_TensorProto.self, in: range) else {
        throw ONNXObstacle("can't be decoded")
      }
      return try tensor.values(in: message)
    case .beside(let location, let offset):
      guard let directory else { throw ONNXObstacle("its values are in \(location), elsewhere") }
      return try tensor.values(in: directory.pushing(location), at: offset)
    }
  }
}

extension Onnx_OperatorSetIdProto {
  /// Whether these are the operators of ONNX itself.
  fileprivate var isOfONNX: Bool { domain.isEmpty || domain == "ai.onnx" }
}
