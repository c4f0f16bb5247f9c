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

extension StyleModel {
  /// SHA-256 in hexadecimal over what decides how it paints: its weights, its base's, and the
  /// network's description, but no name and nothing that is only told.
  public var digest: String {
    var facts = MetadataWriter([:], kind: kind)
    facts.write(description, withNorm: true)
    facts.write(advice)
    let lines = facts.values.map { "\($0)=\($1)\n" }.sorted()
    return textDigest(of: [weights.digest, base?.digest ?? ""] + lines)
  }
}

/// SHA-256 in hexadecimal over texts, a null byte behind each.
public func textDigest(of texts: [String]) -> String {
  var hash = SHA256()
  for text in texts { hash.update(data: Array("\(text)\0".utf8)) }
  return hash.finalize().map { $0.hexadecimal() }.joined()
}
