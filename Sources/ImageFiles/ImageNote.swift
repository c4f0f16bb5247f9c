/// A remark on a file that did not stop its being read or written.
public enum ImageNote: Equatable, Hashable, Sendable, CustomStringConvertible {
  /// A fault that does no harm to the pixels, in the decoder's words.
  case harmless(String)
  /// Damage that was passed over on request, in the decoder's words.
  case damaged(String)
  /// Something besides the pixels was left out: what, and why.
  case dropped(String, String)
  /// Something was left out that told of the picture as it was, and that nobody misses: what, and
  /// why.
  case outdated(String, String)
  /// Something besides the pixels, or their colours, went along as something else: what, and as what.
  case changed(String, String)
  /// A transparent picture went into a format without alpha.
  case laidOverWhite
  /// Rows from `firstMissing` on could not be decoded and are blank.
  case incomplete(firstMissing: Int, height: Int, String)

  public var description: String {
    switch self {
    case .harmless(let words): words
    case .damaged(let words): "damaged, used as far as decoded: \(words)"
    case .dropped(let what, let reason), .outdated(let what, let reason):
      "\(what) left out: \(reason)"
    case .changed(let what, let how): "\(what) \(how)"
    case .laidOverWhite: "transparent, laid over white"
    case .incomplete(let row, let height, let words):
      "damaged, \(row) of \(height) rows decoded: \(words)"
    }
  }
}
