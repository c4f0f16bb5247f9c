@testable import ForeignWeights

/// The bytes of pickles that no program writes.
enum PickleBytes {
  /// The instruction that pushes a text.
  static func text(_ text: String) -> [UInt8] {
    [0x58] + integer(UInt32(text.utf8.count)) + Array(text.utf8)
  }

  static func global(_ module: String, _ name: String) -> [UInt8] {
    Array("c\(module)\n\(name)\n".utf8)
  }

  /// The instruction that pushes an integer.
  static func number(_ value: Int32) -> [UInt8] {
    [0x4A] + integer(UInt32(bitPattern: value))
  }

  static func tuple(_ items: [UInt8]...) -> [UInt8] {
    Array("(".utf8) + items.joined() + Array("t".utf8)
  }

  static func integer<Integer: FixedWidthInteger>(_ value: Integer) -> [UInt8] {
    withUnsafeBytes(of: value.littleEndian) { Array($0) }
  }

  /// A tensor of singles in the storage `key`.
  static func tensor(
    storage key: String = "0", elements: Int32, offset: Int32 = 0, shape: [Int32],
    strides: [Int32], type: String = "FloatStorage"
  ) -> [UInt8] {
    let storage =
      tuple(text("storage"), global("torch", type), text(key), text("cpu"), number(elements))
      + Array("Q".utf8)
    let arguments = tuple(
      storage, number(offset), tuple(shape.flatMap(number)), tuple(strides.flatMap(number)),
      [0x89], Array("}".utf8))
    return global("torch._utils", "_rebuild_tensor_v2") + arguments + Array("R".utf8)
  }

  /// A dictionary of texts and what they stand for.
  static func dictionary(_ members: [(String, [UInt8])]) -> [UInt8] {
    Array("}(".utf8) + members.flatMap { text($0.0) + $0.1 } + Array("u".utf8)
  }

  static func pickle(_ body: [UInt8]) -> [UInt8] { [0x80, 2] + body + Array(".".utf8) }

  /// An archive of PyTorch's with this pickle and these storages, named from 0 on.
  static func archive(_ body: [UInt8], storages: [[UInt8]] = []) -> [UInt8] {
    ZipBytes(
      [ZipBytes.Entry("a/data.pkl", pickle(body))]
        + storages.enumerated().map { ZipBytes.Entry("a/data/\($0)", $1) }
    ).bytes
  }

  /// A stream of a dictionary's pickle and of these storages' bytes.
  static func stream(
    _ members: [(String, [UInt8])], _ storages: [UInt8], littleEndian: UInt8 = 0x88,
    version: Int32 = 1001, keys: [String] = ["0"]
  ) -> [UInt8] {
    var bytes = pickle([0x8A, 10, 0x6C, 0xFC, 0x9C, 0x46, 0xF9, 0x20, 0x6A, 0xA8, 0x50, 0x19])
    bytes += pickle(number(version))
    bytes += pickle(dictionary([("little_endian", [littleEndian])]))
    bytes += pickle(dictionary(members))
    bytes += pickle(Array("](".utf8) + keys.flatMap(text) + Array("e".utf8))
    return bytes + storages
  }
}

/// The fault that reading `bytes` as a checkpoint and all its tensors gives; nil where they are read.
func fault(reading bytes: [UInt8]) -> PyTorchFault? {
  do throws(PyTorchFault) {
    let checkpoint = try PyTorchCheckpoint(ByteSource(bytes))
    do throws(ForeignWeightsError) {
      _ = try checkpoint.tensors(named: checkpoint.shapes.map(\.name))
    } catch {
      if case .pyTorch(let faults) = error { return faults.first }
    }
  } catch {
    return error
  }
  return nil
}
