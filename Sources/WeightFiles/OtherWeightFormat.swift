/// A kind of file that holds a network's weights elsewhere, and isn't read here.
public enum OtherWeightFormat: CaseIterable, Equatable, Sendable, CustomStringConvertible {
  case pyTorch, torch7, onnx, tensorFlow, tensorFlowLite, keras, numPy, archive
  /// What stands for a file that wasn't fetched.
  case gitLFSPointer
  case webPage, compressed, picture

  /// The bytes of a file's beginning that tell.
  private static let signatureBytes = 512

  /// The format of a file that begins with `bytes`, or nil where it is none of these.
  init?(signature bytes: some Collection<UInt8>) {
    let bytes = Array(bytes.prefix(Self.signatureBytes))
    // The first letter of safetensors' JSON: no length says anything against it.
    guard bytes.count < 9 || bytes[8] != 0x7B else { return nil }
    func stands(_ text: String, at offset: Int = 0) -> Bool {
      bytes.dropFirst(offset).starts(with: text.utf8)
    }
    func holds(_ text: String) -> Bool {
      bytes.indices.contains { stands(text, at: $0) }
    }
    let text = String(decoding: bytes.prefix(64), as: UTF8.self).drop(while: \.isWhitespace)
      .lowercased()
    if stands("version https://git-lfs") {
      self = .gitLFSPointer
    } else if ["<!doctype", "<html", "<?xml"].contains(where: text.hasPrefix) {
      self = .webPage
    } else if [[0x1F, 0x8B], [0xFD, 0x37, 0x7A], [0x42, 0x5A, 0x68]].contains(where: bytes.starts) {
      self = .compressed
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) || bytes.dropFirst().starts(with: "PNG".utf8) {
      self = .picture
    } else if stands("PK\u{3}\u{4}") {
      self = holds("data.pkl") ? .pyTorch : holds(".npy") ? .numPy : .archive
    } else if bytes.count > 2, bytes[0] == 0x80, (2...5).contains(bytes[1]) {
      self = .pyTorch  // Python's pickles, by their protocol.
    } else if bytes.starts(with: [4, 0, 0, 0, 1, 0, 0, 0, 3, 0, 0, 0]), stands("V 1", at: 12) {
      self = .torch7
    } else if bytes.starts(with: [0x89]), stands("HDF", at: 1) {
      self = .keras
    } else if bytes.starts(with: [0x93]), stands("NUMPY", at: 1) {
      self = .numPy
    } else if stands("TFL3", at: 4) {
      self = .tensorFlowLite
    } else if bytes.starts(with: [0x08, 0x01, 0x12]) {
      self = .tensorFlow  // A saved model of schema 1, and its first graph.
    } else if bytes.starts(with: [0x0A]), holds("Placeholder") || holds("Const") {
      self = .tensorFlow  // A graph's first node.
    } else if bytes.count > 3, bytes[0] == 0x08, (2...32).contains(bytes[1]),
      [0x12, 0x1A, 0x3A].contains(bytes[2])
    {
      self = .onnx  // A version, and who made it or the graph.
    } else {
      return nil
    }
  }

  public var description: String {
    switch self {
    case .pyTorch: "a PyTorch file"
    case .torch7:
      "a file of Torch 7 (Lua); save its tensors as safetensors first, with Python's torchfile"
    case .onnx: "an ONNX file"
    case .tensorFlow:
      "a TensorFlow graph; save its variables as safetensors first, with Python's tensorflow"
    case .tensorFlowLite:
      "a TensorFlow Lite file; save the weights that it was made from as safetensors first"
    case .keras:
      "an HDF5 file, Keras's perhaps; save its arrays as safetensors first, with Python's h5py"
    case .numPy:
      "a NumPy file; save its arrays as safetensors first: safetensors.numpy.save_file"
    case .archive:
      "a ZIP archive; unpack it first"
    case .gitLFSPointer:
      "a pointer of Git LFS, whose file wasn't fetched; run git lfs pull where it is from"
    case .webPage:
      "a web page, as comes in place of a file at many an address; download the file itself"
    case .compressed: "a compressed file; unpack it first"
    case .picture: "a picture"
    }
  }
}
