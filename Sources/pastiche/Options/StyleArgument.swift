import ArgumentParser
import StyleModels
import SystemFiles
import SystemPackage

/// `-m`: a style, a mixture of styles, several styles, or all.
struct StyleArgument: ExpressibleByArgument {
  /// A style as it was typed, byte for byte.
  struct Part {
    let style: FilePath
    /// The weight as it was typed; nil where there is none.
    let weight: String?

    var value: Double? { weight.flatMap(Double.init) }
    var text: String { printable(style) + (weight.map { ":\($0)" } ?? "") }
  }

  let parts: [Part]
  /// Whether every style at hand is meant.
  var isAll: Bool { parts.count == 1 && parts[0].style == "all" && parts[0].weight == nil }
  /// Whether the parts make up one style.
  var isMixture: Bool { parts.count == 1 || parts.contains { $0.weight != nil } }

  init?(argument: String) {
    guard !argument.isEmpty else { return nil }
    let whole = RawArguments.path(of: argument)
    // A file may have commas and colons in its name.
    if whole.namesAFile, FileIdentity(of: whole) != nil {
      parts = [Part(style: whole, weight: nil)]
      return
    }
    parts = RawArguments.bytes(of: argument).split(
      separator: UInt8(ascii: ","), omittingEmptySubsequences: false
    ).map { Self.part([UInt8]($0.drop { $0 == UInt8(ascii: " ") })) }
  }

  /// A style, and behind its last colon a weight: in a path, where that is a number.
  private static func part(_ bytes: [UInt8]) -> Part {
    let whole = FilePath(bytes: bytes)
    if let colon = bytes.lastIndex(of: UInt8(ascii: ":")), colon > bytes.startIndex {
      let weight = String(decoding: bytes[(colon + 1)...], as: UTF8.self)
      if !whole.namesAFile || Double(weight) != nil {
        return Part(style: FilePath(bytes: [UInt8](bytes[..<colon])), weight: weight)
      }
    }
    return Part(style: whole, weight: nil)
  }

  /// - Throws: A usage error where a style is missing, or weights are, or aren't to be mixed by.
  func validate() throws {
    if parts.contains(where: \.style.isEmpty) {
      throw ValidationError("a style is missing beside a comma: \(defaultValueDescription)")
    }
    guard parts.contains(where: { $0.weight != nil }) else {
      if parts.count > 1, parts.contains(where: { $0.style == "all" }) {
        throw ValidationError("all is every style at hand, and stands alone")
      }
      return
    }
    for part in parts {
      if part.style == "all" {
        throw ValidationError("all paints each style by itself; name the styles of a mixture")
      }
      guard let weight = part.weight else {
        throw ValidationError(
          "\(printable(part.style)) has no weight: give every style of a mixture one, as in "
            + "great-wave:0.7,starry-night:0.3, or none to paint each by itself")
      }
      guard let value = Double(weight), value >= 0, value.isFinite else {
        throw ValidationError(
          "the weight of \(printable(part.style)) must be a number, at least 0, not \"\(weight)\"")
      }
    }
    guard parts.contains(where: { $0.value ?? 0 > 0 }) else {
      throw ValidationError("one weight of a mixture must be above 0")
    }
  }

  var defaultValueDescription: String { parts.map(\.text).joined(separator: ",") }

  static var defaultCompletionKind: CompletionKind {
    .custom { words, _, prefix in completions(of: prefix, in: words) }
  }

  /// What may stand where `word` is, behind the last of its commas: a style at hand, or where there is a
  /// slash a file.
  static func completions(of word: String, in words: [String]) -> [String] {
    let parts = word.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    let last = parts.last ?? ""
    let before = parts.dropLast().map { $0 + "," }.joined()
    var library = LibraryOptions()
    library.models = words.firstIndex(of: "--models").flatMap {
      words.indices.contains($0 + 1) ? PathArgument(argument: words[$0 + 1]) : nil
    }
    let names =
      last.contains("/")
      ? files(of: last) : ["all"] + library.library().files.compactMap(\.stem)
    return names.filter { $0.hasPrefix(last) }.map { before + $0 }
  }

  /// Style files, and directories, in the directory that a path names before its last slash.
  private static func files(of path: String) -> [String] {
    let directory = String(path[...(path.lastIndex(of: "/") ?? path.startIndex)])
    guard let entries = try? DirectoryEntries(of: RawArguments.path(of: directory)) else {
      return []
    }
    return entries.compactMap { entry in
      let name = directory + entry.name.string
      if entry.kind == .directory { return name + "/" }
      return entry.name.extension == StyleLibrary.fileExtension ? name : nil
    }
  }
}
