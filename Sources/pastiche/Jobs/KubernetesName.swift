/// A name as Kubernetes takes it: a label of RFC 1123, or several with dots between.
struct KubernetesName: Equatable {
  let text: String

  /// - Parameter isDomain: Whether dots are taken.
  init?(_ text: String, isDomain: Bool = false) {
    func isPlain(_ byte: UInt8) -> Bool {
      (0x30...0x39).contains(byte) || (0x61...0x7A).contains(byte)
    }
    let labels =
      isDomain ? text.split(separator: ".", omittingEmptySubsequences: false) : [text[...]]
    let areValid = labels.allSatisfy { label in
      let bytes = label.utf8
      return bytes.first.map(isPlain) ?? false && bytes.last.map(isPlain) ?? false
        && bytes.allSatisfy { isPlain($0) || $0 == UInt8(ascii: "-") }
    }
    guard areValid, text.utf8.count <= (isDomain ? 253 : 63) else { return nil }
    self.text = text
  }
}
