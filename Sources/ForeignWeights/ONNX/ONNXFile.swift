import Foundation
internal import SwiftProtobuf
import SystemFiles
import SystemPackage
import WeightFiles

/// What a file of ONNX holds: nodes, and where the tensors stand.
struct ONNXFile {
  /// The memory of a graph without its tensors' values, about; the published network's takes half a
  /// megabyte.
  static let graphLimit = 1 << 23
  /// The bytes of values that stand in nodes.
  static let nodeValueLimit = 1 << 25
  /// The versions of the operators that are known.
  static let operatorSets = 7...21

  private(set) var operatorSet = 0
  private(set) var nodes: [Onnx_NodeProto] = []
  private(set) var tensors: [ONNXTensor] = []
  private(set) var inputs: [Onnx_ValueInfoProto] = []
  private(set) var outputs: [Onnx_ValueInfoProto] = []
  private(set) var metadata: [String: String] = [:]
  /// Tensors that can't be read, and why.
  private(set) var faultyTensors: [(name: String, reason: String)] = []

  private let bytes: [UInt8]
  /// The directory for what isn't in the file itself; nil where there is none.
  private let directory: FilePath?
  private var graphBytes = 0
  private var nodeValueBytes = 0
  /// Files that aren't beside this one, and how many tensors have their values there.
  private var missingFiles: [FilePath: Int] = [:]

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
    if let missing = missingFiles.max(by: { $0.value < $1.value }) {
      throw .missingFile(missing.key, tensors: missing.value)
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
        let size = try size(of: content, as: .node)
        nodeValueBytes += size.values
        guard nodeValueBytes <= Self.nodeValueLimit else {
          throw .tooLarge("values in nodes", bytes: nodeValueBytes, limit: Self.nodeValueLimit)
        }
        try nodes.append(decode("node", content, memory: size.memory))
      case 5:
        try readTensor(in: content)
      case 11: try inputs.append(decode("input", content))
      case 12: try outputs.append(decode("output", content))
      default: break
      }
    }
  }

  /// Decodes a tensor without its values, which stay where they are.
  private mutating func readTensor(in range: Range<Int>) throws(ONNXError) {
    try count(Self.fieldMemory)
    var header: [UInt8] = []
    var values: [UInt64: Range<Int>] = [:]
    var fields = ProtobufFields(of: bytes, in: range)
    while let field = try fields.next() {
      if let content = field.content, Part.tensor.isLarge(field.number) {
        values[field.number] = content
      } else {
        try count(Self.fieldMemory + 8 * field.range.count)
        header += bytes[field.range]
      }
    }
    guard let message = Self.message(Onnx_TensorProto.self, in: header, header.indices) else {
      throw .undecodable("tensor", at: range.lowerBound)
    }
    do throws(ONNXObstacle) {
      let tensor = try ONNXTensor(message) { values[$0].map { .inFile($0) } }
      if case .beside(let file, _) = tensor.place, let directory,
        FileIdentity(of: directory.pushing(file)) == nil
      {
        missingFiles[file, default: 0] += 1
        return
      }
      try withBytes(of: tensor) { bytes throws(ONNXObstacle) in try tensor.check(bytes) }
      tensors.append(tensor)
    } catch {
      faultyTensors.append((message.name, error.reason))
    }
  }

  /// Counts memory of the graph.
  private mutating func count(_ memory: Int) throws(ONNXError) {
    graphBytes += memory
    guard graphBytes <= Self.graphLimit else {
      throw .tooLarge("a graph", bytes: graphBytes, limit: Self.graphLimit)
    }
  }

  /// Decodes a message of the graph.
  ///
  /// - Parameter memory: What it takes beside values; nil for small ones.
  private mutating func decode<Message: SwiftProtobuf.Message>(
    _ name: String, _ range: Range<Int>, memory: Int? = nil
  ) throws(ONNXError) -> Message {
    try count(memory ?? (Self.fieldMemory + 8 * range.count))
    guard let message = Self.message(Message.self, in: bytes, range) else {
      throw .undecodable(name, at: range.lowerBound)
    }
    return message
  }

  private static func message<Message: SwiftProtobuf.Message>(
    _ type: Message.Type, in bytes: [UInt8], _ range: Range<Int>
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

  /// The memory of a field beside its contents, about: an empty message has two bytes in the file.
  private static let fieldMemory = 64

  /// Bytes of the values and comments in a message, and the memory of all else, about.
  private func size(
    of range: Range<Int>, as part: Part
  ) throws(ONNXError) -> (values: Int, memory: Int) {
    var (values, memory) = (0, Self.fieldMemory)
    var fields = ProtobufFields(of: bytes, in: range)
    while let field = try fields.next() {
      memory += Self.fieldMemory
      guard let content = field.content else { continue }
      if let inner = part.part(field.number) {
        let size = try size(of: content, as: inner)
        values += size.values
        memory += size.memory
      } else if part.isLarge(field.number) {
        values += content.count
      } else {
        memory += 8 * content.count
      }
      guard memory <= Self.graphLimit else {
        throw .tooLarge("a graph", bytes: memory, limit: Self.graphLimit)
      }
    }
    return (values, memory)
  }
}

extension ONNXFile {
  /// The numbers of a tensor.
  ///
  /// - Throws: `ONNXObstacle` where they can't be read, or aren't as many as its shape asks for.
  func values<Value: BinaryFloatingPoint>(
    of tensor: ONNXTensor, as type: Value.Type = Value.self
  ) throws(ONNXObstacle) -> [Value] {
    try withBytes(of: tensor) { bytes throws(ONNXObstacle) in
      try tensor.check(bytes)
      return tensor.values(in: bytes)
    }
  }

  private func withBytes<Result>(
    of tensor: ONNXTensor, _ use: (UnsafeRawBufferPointer) throws(ONNXObstacle) -> Result
  ) throws(ONNXObstacle) -> Result {
    let values: ArraySlice<UInt8>
    switch tensor.place {
    case .inFile(let range): values = bytes[range]
    case .inNode(let data): values = [UInt8](data)[...]
    case .beside(let location, let offset):
      guard let directory else { throw ONNXObstacle("its values are in \(location), elsewhere") }
      values = try tensor.bytes(of: directory.pushing(location), at: offset)[...]
    }
    return try values.withUnsafeBufferPointer { bytes throws(ONNXObstacle) in
      try use(UnsafeRawBufferPointer(bytes))
    }
  }
}

extension Onnx_OperatorSetIdProto {
  /// Whether these are the operators of ONNX itself.
  fileprivate var isOfONNX: Bool { domain.isEmpty || domain == "ai.onnx" }
}
