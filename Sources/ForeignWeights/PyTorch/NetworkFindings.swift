/// What was recognized in another network's tensors, and what wasn't; names are without the parts
/// that all of them begin with.
public struct NetworkFindings: Equatable, Sendable, CustomStringConvertible {
  public var convolutions: Int
  public var norms: Int
  /// Channels of the first convolution's output, where it is as published.
  public var width: Int?
  public var residualBlocks: Int?
  /// What isn't as published. Never empty.
  public var differences: [NetworkDifference]

  public var description: String {
    if let reason = differences.lazy.compactMap(\.kind).first { return reason }
    let known = [
      convolutions == 0 ? nil : "\(convolutions) convolutions",
      norms == 0 ? nil : "\(norms) norms", width.map { "width \($0)" },
      residualBlocks.map { "\($0) residual blocks" },
    ].compactMap(\.self)
    return "not the published network. Recognized: "
      + (known.isEmpty ? "nothing" : known.joined(separator: ", ")) + ". Not so:\n"
      + lines(differences)
  }
}

/// Something in which a network isn't the published one.
public enum NetworkDifference: Equatable, Sendable, CustomStringConvertible {
  /// The convolutions of VGG (Simonyan & Zisserman 2014, arXiv:1409.1556).
  case vgg
  /// A layer that no style has, as classifiers end in.
  case fullyConnected(String, found: [Int])
  /// Not 6 convolutions and two for each residual block.
  case convolutionCount(Int)
  /// Not a norm with gamma and beta after each convolution but the last.
  case normCount(Int, expected: Int)
  case firstConvolution(String, found: [Int])
  /// Inputs before outputs: an enlargement that isn't nearest ×2 and a convolution.
  case transposed(String, found: [Int])
  case misshaped(String, expected: [Int], found: [Int])
  case missing(String, expected: [Int])
  case unknown(String, found: [Int])
  /// The file has layers in another order than their numbers.
  case outOfOrder(String, before: String)
  /// Layers of one shape, and nothing tells which is first.
  case ambiguous(String, String)

  public var description: String {
    switch self {
    case .vgg, .fullyConnected: kind ?? ""
    case .convolutionCount(let count):
      "\(count) convolutions, expected 6 and two for each of 0 to 64 residual blocks"
    case .normCount(let count, let expected):
      "\(count) norms with gamma and beta, expected \(expected): one after each convolution but "
        + "the last"
    case .firstConvolution(let name, let found):
      "\(name): the first convolution has shape \(found), expected [1 to 512, 3, 9, 9]"
    case .transposed(let name, let found):
      "\(name): a transposed convolution \(found), which isn't supported"
    case .misshaped(let name, let expected, let found):
      "\(name): expected \(expected), found \(found)"
    case .missing(let name, let expected): "\(name): missing, expected \(expected)"
    case .unknown(let name, let found): "\(name): unknown, found \(found)"
    case .outOfOrder(let first, let second):
      "\(first), \(second): in the file's order, which is not that of their numbers"
    case .ambiguous(let first, let second):
      "\(first), \(second): alike, and nothing says which comes first"
    }
  }

  /// The network's kind where this tells it.
  fileprivate var kind: String? {
    switch self {
    case .vgg: "VGG's convolutions: a loss network, not a style"
    case .fullyConnected(let name, let found):
      "not a style: \(name) \(found) is a fully connected layer, as classifiers have"
    default: nil
    }
  }
}

/// The differences, one a line, as many as a person reads.
private func lines(_ differences: [NetworkDifference]) -> String {
  let shown = 100
  let rest = differences.count > shown ? ["and \(differences.count - shown) more"] : []
  return (differences.prefix(shown).map(\.description) + rest).joined(separator: "\n")
}
