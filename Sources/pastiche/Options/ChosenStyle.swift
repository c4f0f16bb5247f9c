import StyleModels
import SystemFiles
import SystemPackage

/// A style as it was asked for, read.
struct ChosenStyle {
  /// The name for people and directories.
  let name: String
  let model: StyleModel
  /// Its file, beside which variants lie; nil for a mixture.
  let file: FilePath?
  let library: StyleLibrary
  /// The argument that it was asked for by, or would be.
  private let typed: String

  /// All files that it is read from: its parts', its bases' and those of its variants under other norms.
  var inputs: [FilePath] {
    let variants = Norm.allCases.compactMap { norm in
      file.flatMap { StyleLibrary.variant(of: $0, norm: norm) }
    }
    return library.filesRead + variants
  }

  /// The word with which `-m` asks for it, for a shell.
  var argument: String { ShellWord.quoted(typed) }

  /// The directory of its paintings, where there are several styles.
  ///
  /// - Throws: `Refusal` where it can't be named like the style.
  func directory() throws(Refusal) -> FilePath.Component {
    guard let component = FilePath.Component(name), component.kind == .regular else {
      throw Refusal("no directory can be named like the style \(name); give its file another name")
    }
    return component
  }

  /// - Throws: `Refusal` where there is none, or it is no style.
  init(_ part: StyleArgument.Part, in library: StyleLibrary) throws(Refusal) {
    self = try Self.one(part.style, in: library) { file throws(StyleModelError) in
      try ChosenStyle(file, in: library, typed: RawArguments.text(of: part.style.bytes))
    }
  }

  private init(
    _ file: FilePath, in library: StyleLibrary, typed: String? = nil
  ) throws(StyleModelError) {
    model = try library.style(contentsOf: file)
    name = file.stem.map { printable($0) } ?? model.name
    self.file = file
    self.library = library
    self.typed = typed ?? name
  }

  /// - Parameter argument: A style, or a mixture.
  /// - Throws: `Refusal` where one is not there, or is no style, or they can't be mixed.
  init(_ argument: StyleArgument, in library: StyleLibrary) throws(Refusal) {
    guard argument.parts.count > 1 else {
      self = try ChosenStyle(argument.parts[0], in: library)
      return
    }
    var parts: [(style: StyleModel, weight: Double)] = []
    var names: [String] = []
    for part in argument.parts {
      let style = try ChosenStyle(part, in: library)
      parts.append((style.model, part.value ?? 0))
      // Not as typed: a path names no directory.
      names.append(style.name + (part.weight.map { ":\($0)" } ?? ""))
    }
    name = names.joined(separator: ",")
    do throws(StyleModelError) { model = try StyleModel.mixture(parts, name: name) } catch {
      throw Refusal(error)
    }
    file = nil
    self.library = library
    typed = argument.parts.map { part in
      RawArguments.text(of: part.style.bytes) + (part.weight.map { ":\($0)" } ?? "")
    }.joined(separator: ",")
  }

  /// Styles one after the other: each a style, a mixture, several, or all.
  ///
  /// - Returns: The styles, and where all were meant why some couldn't be read.
  /// - Throws: `Refusal` where one is not there, or is no style, or two have one name.
  static func list(_ arguments: [StyleArgument], in library: StyleLibrary) throws(Refusal) -> (
    styles: [ChosenStyle], unreadable: [String]
  ) {
    var (styles, unreadable): ([ChosenStyle], [String]) = ([], [])
    for argument in arguments {
      if argument.isAll {
        let all = try all(in: library)
        styles += all.styles
        unreadable += all.unreadable
      } else if argument.isMixture {
        styles.append(try ChosenStyle(argument, in: library))
      } else {
        for part in argument.parts { styles.append(try ChosenStyle(part, in: library)) }
      }
    }
    var names: Set<String> = []
    for style in styles where !names.insert(style.name).inserted {
      throw Refusal(
        "two styles are named \(style.name), by which paintings are told apart; name each once")
    }
    return (styles, unreadable)
  }

  /// Every style at hand, and why others couldn't be read.
  ///
  /// - Throws: `Refusal` where there are none.
  static func all(in library: StyleLibrary) throws(Refusal) -> (
    styles: [ChosenStyle], unreadable: [String]
  ) {
    try each(in: library) { file throws(StyleModelError) in try ChosenStyle(file, in: library) }
  }

  /// What `read` makes of a style.
  ///
  /// - Throws: `Refusal` where it isn't there, or can't be read.
  static func one<Style>(
    _ style: FilePath, in library: StyleLibrary,
    _ read: (FilePath) throws(StyleModelError) -> Style
  ) throws(Refusal) -> Style {
    let file: FilePath
    do throws(StyleLibraryError) { file = try library.file(of: style) } catch {
      throw Refusal(error)
    }
    do throws(StyleModelError) { return try read(file) } catch {
      throw Refusal(Self.message(error, file))
    }
  }

  /// What `read` makes of every style at hand, and why it couldn't of others.
  ///
  /// - Throws: `Refusal` where there are none.
  static func each<Style>(
    in library: StyleLibrary, _ read: (FilePath) throws(StyleModelError) -> Style
  ) throws(Refusal) -> (styles: [Style], unreadable: [String]) {
    var (styles, unreadable): ([Style], [String]) = ([], [])
    for file in library.files {
      do throws(StyleModelError) { styles.append(try read(file)) } catch {
        unreadable.append(Self.message(error, file))
      }
    }
    guard !styles.isEmpty else {
      let places = library.directories.map(printable).joined(separator: ", ")
      throw Refusal("no styles in \(places); name a directory with --models")
    }
    return (styles, unreadable)
  }

  private static func message(_ error: StyleModelError, _ file: FilePath) -> String {
    "\(printable(file)): \(error.message)"
  }
}
