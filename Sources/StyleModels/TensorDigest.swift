import Crypto
import SystemFiles
import WeightFiles

extension [String: StoredTensor] {
  /// SHA-256 in hexadecimal over the tensors in the order of their names' bytes: name, null byte,
  /// extents as decimals with commas between, null byte, values as little-endian singles. It doesn't
  /// depend on how a file stores them.
  package var digest: String {
    var hash = SHA256()
    for (name, tensor) in sorted(by: { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }) {
      let shape = tensor.shape.map(String.init).joined(separator: ",")
      hash.update(data: Array("\(name)\0\(shape)\0".utf8))
      tensor.values.withUnsafeBytes { hash.update(bufferPointer: $0) }
    }
    return hash.finalize().map { $0.hexadecimal() }.joined()
  }
}
