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

  /// - Throws: `Refusal` where there is none, or it is no style.
  init(_ part: StyleArgument.Part, in library: StyleLibrary) throws(Refusal) {
    let file: FilePath
    do throws(StyleLibraryError) { file = try library.file(of: part.style) } catch {
      throw Refusal(error)
    }
    try self.init(file, in: library)
  }

  init(_ file: FilePath, in library: StyleLibrary) throws(Refusal) {
    do throws(StyleModelError) { model = try library.style(contentsOf: file) } catch {
      throw Refusal("\(printable(file)): \(error.message)")
    }
    name = file.stem.map { printable($0) } ?? model.name
    self.file = file
    self.library = library
  }

  /// - Parameter argument: A style, or a mixture.
  /// - Throws: `Refusal` where one is not there, or is no style, or they can't be mixed.
  init(_ argument: StyleArgument, in library: StyleLibrary) throws(Refusal) {
    guard argument.parts.count > 1 else {
      self = try ChosenStyle(argument.parts[0], in: library)
      return
    }
    var parts: [(style: StyleModel, weight: Double)] = []
    for part in argument.parts {
      parts.append((try ChosenStyle(part, in: library).model, part.value ?? 0))
    }
    name = argument.parts.map(\.text).joined(separator: ",")
    do throws(StyleModelError) { model = try StyleModel.mixture(parts, name: name) } catch {
      throw Refusal(error)
    }
    file = nil
    self.library = library
  }

  /// Styles one after the other: each a style, a mixture, several, or all.
  ///
  /// - Returns: The styles, and whether all of those at hand could be read where these were meant.
  /// - Throws: `Refusal` where one is not there, or is no style, or two have one name.
  static func list(_ arguments: [StyleArgument], in library: StyleLibrary) throws(Refusal) -> (
    styles: [ChosenStyle], isComplete: Bool
  ) {
    var (styles, isComplete): ([ChosenStyle], Bool) = ([], true)
    for argument in arguments {
      if argument.isAll {
        let all = try all(in: library)
        styles += all.styles
        isComplete = isComplete && all.isComplete
      } else if argument.isMixture {
        styles.append(try ChosenStyle(argument, in: library))
      } else {
        for part in argument.parts { styles.append(try ChosenStyle(part, in: library)) }
      }
    }
    var names: Set<String> = []
    for style in styles where !names.insert(style.name).inserted {
      throw Refusal("two styles are named \(style.name); each paints into a directory of its name")
    }
    return (styles, isComplete)
  }

  /// Every style at hand. Those that can't be read are told and passed over.
  ///
  /// - Throws: `Refusal` where there are none.
  static func all(in library: StyleLibrary) throws(Refusal) -> (
    styles: [ChosenStyle], isComplete: Bool
  ) {
    var styles: [ChosenStyle] = []
    let files = library.files
    for file in files {
      do throws(Refusal) { styles.append(try ChosenStyle(file, in: library)) } catch {
        StandardError.writeLine("pastiche: \(error.message)")
      }
    }
    guard !styles.isEmpty else {
      let places = library.directories.map(printable).joined(separator: ", ")
      throw Refusal("no styles in \(places); name a directory with --models")
    }
    return (styles, styles.count == files.count)
  }
}
