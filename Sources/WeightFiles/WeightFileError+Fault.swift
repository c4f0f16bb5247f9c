extension WeightFileError {
  /// One thing that is wrong with a file's contents.
  ///
  /// Offsets count bytes of the data part, which follows the header. `found` is the JSON that
  /// stands there, shortened.
  public enum Fault: Equatable, Sendable, CustomStringConvertible {
    // The file as a whole.
    /// Too short for the 8 bytes that give the header's length.
    case noHeaderLength(fileBytes: Int)
    case headerTooLong(bytes: UInt64, limit: Int)
    /// The header is said to have more bytes than follow.
    case headerTruncated(bytes: UInt64, found: Int)
    case malformedHeader(JSONError)
    case headerNotAnObject
    /// A tensor, or `__metadata__`, that is there more than once.
    case duplicateName(String)
    /// Bytes after the last tensor.
    case trailingBytes(Int)

    // The text about it.
    case metadataNotAnObject(found: String)
    case metadataNotText(key: String, found: String)
    case duplicateMetadata(key: String)

    // What the header says of one tensor.
    case entryNotAnObject(tensor: String, found: String)
    case missingField(tensor: String, field: String)
    case unknownField(tensor: String, field: String)
    case duplicateField(tensor: String, field: String)
    /// A `dtype` other than F32, F16, BF16, F64 and I64.
    case unknownType(tensor: String, found: String)
    /// A `shape` that isn't an array of integers of 0 or more.
    case invalidShape(tensor: String, found: String)
    /// `data_offsets` that aren't two integers of 0 or more in rising order.
    case invalidOffsets(tensor: String, found: String)

    // One tensor's bytes and values.
    case shapeOverflows(tensor: String, shape: [Int])
    case sizeMismatch(
      tensor: String, shape: [Int], type: String, expectedBytes: Int, foundBytes: Int)
    case beyondEnd(tensor: String, begin: Int, end: Int, dataBytes: Int)
    /// The tensor begins before `with` has ended; they share so many bytes.
    case overlap(tensor: String, with: String, bytes: Int)
    /// Bytes from `offset` on that belong to no tensor.
    case gap(before: String, offset: Int, bytes: Int)
    /// NaN or infinity; `firstIndex` counts in row-major order.
    case nonFinite(tensor: String, count: Int, firstIndex: Int)

    // Writing.
    /// The values don't fill the shape.
    case valueCount(tensor: String, shape: [Int], found: Int)
    /// A tensor can't have this name.
    case reservedName(String)

    public var description: String {
      switch self {
      case .noHeaderLength(0): "an empty file"
      case .noHeaderLength(let bytes):
        "\(bytes) bytes are too few for a safetensors file"
      case .headerTooLong(let bytes, let limit):
        "a header of \(bytes) bytes (the limit is \(limit)): probably not a safetensors file"
      case .headerTruncated(let bytes, let found):
        "truncated: the header has \(bytes) bytes, of which \(found) are there"
      case .malformedHeader(let error):
        "the header isn't JSON: \(error)"
      case .headerNotAnObject:
        "the header isn't a JSON object"
      case .duplicateName(let name):
        "\(name): given more than once"
      case .trailingBytes(let bytes):
        "\(bytes) bytes after the last tensor"
      case .metadataNotAnObject(let found):
        "__metadata__: expected an object, found \(found)"
      case .metadataNotText(let key, let found):
        "__metadata__.\(key): expected a string, found \(found)"
      case .duplicateMetadata(let key):
        "__metadata__.\(key): given more than once"
      case .entryNotAnObject(let tensor, let found):
        "\(tensor): expected an object, found \(found)"
      case .missingField(let tensor, let field):
        "\(tensor): \(field) is missing"
      case .unknownField(let tensor, let field):
        "\(tensor): unknown field \(field)"
      case .duplicateField(let tensor, let field):
        "\(tensor): \(field) is given more than once"
      case .unknownType(let tensor, let found):
        "\(tensor): dtype \(found) is none of \"F32\", \"F16\", \"BF16\", \"F64\", \"I64\""
      case .invalidShape(let tensor, let found):
        "\(tensor): invalid shape \(found)"
      case .invalidOffsets(let tensor, let found):
        "\(tensor): invalid data_offsets \(found)"
      case .shapeOverflows(let tensor, let shape):
        "\(tensor): shape \(shape) has more bytes than can be counted"
      case .sizeMismatch(let tensor, let shape, let type, let expected, let found):
        "\(tensor): shape \(shape) in \(type) needs \(expected) bytes, found \(found)"
      case .beyondEnd(let tensor, let begin, let end, let dataBytes):
        "\(tensor): bytes \(begin) to \(end) of \(dataBytes): the file is truncated"
      case .overlap(let tensor, let other, let bytes):
        "\(tensor): overlaps \(other) by \(bytes) bytes"
      case .gap(let tensor, let offset, let bytes):
        "\(tensor): \(bytes) bytes from \(offset) on before it belong to no tensor"
      case .nonFinite(let tensor, let count, let first):
        "\(tensor): \(count) values aren't finite, the first at index \(first)"
      case .valueCount(let tensor, let shape, let found):
        "\(tensor): \(found) values don't fill shape \(shape)"
      case .reservedName(let name):
        "\(name): the format keeps this name for itself"
      }
    }
  }
}
