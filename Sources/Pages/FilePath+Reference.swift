import SystemFiles
import SystemPackage

extension FilePath {
  /// The reference to this file in a page: a URI reference relative to the page's own directory, so
  /// that both can be moved together, or from the root where `..` stands in between.
  ///
  /// Standard: RFC 3986, section 4.2. Links aren't followed, by browsers neither.
  func reference(from page: FilePath) -> String {
    var (from, to) = (page.removingLastComponent(), self)
    if from.isAbsolute != to.isAbsolute { (from, to) = (from.absolute, to.absolute) }
    var (above, below) = (from.steps, to.steps)
    while let step = above.first, step == below.first {
      above.removeFirst()
      below.removeFirst()
    }
    if above.contains("..") {
      return "/" + absolute.steps.map(\.escaped).joined(separator: "/")
    }
    return (above.map { _ in ".." } + below.map(\.escaped)).joined(separator: "/")
  }

  private var absolute: FilePath { FilePath.workingDirectory.pushing(self) }

  private var steps: [FilePath.Component] { components.filter { $0 != "." } }
}

extension FilePath.Component {
  /// The bytes as RFC 3986 has them in a path: all but the unreserved by their numbers.
  fileprivate var escaped: String {
    FilePath(root: nil, [self]).bytes.reduce(into: "") { text, byte in
      switch Unicode.Scalar(byte) {
      case let scalar where "a"..."z" ~= scalar || "A"..."Z" ~= scalar || "0"..."9" ~= scalar,
        let scalar where "-._~".unicodeScalars.contains(scalar):
        text.unicodeScalars.append(scalar)
      default: text += "%" + byte.hexadecimal(uppercase: true)
      }
    }
  }
}
