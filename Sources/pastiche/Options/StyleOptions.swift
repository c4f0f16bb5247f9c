import ArgumentParser
import Glibc
import StyleModels
import SystemFiles
import SystemPackage

/// The directories in which styles are found.
struct LibraryOptions: ParsableArguments {
  @Option(help: "Where styles are looked up by name, ahead of the other places.")
  var models: PathArgument?

  /// A remark on a directory that isn't there.
  var remarks: [String] {
    guard let models, FileIdentity(of: models.path) == nil else { return [] }
    return ["--models \(printable(models.path)) isn't there; styles were looked for elsewhere"]
  }

  /// Tells people what there is to remark.
  func tellWhatIsMissing() {
    for remark in remarks { StandardError.writeLine("pastiche: \(remark)") }
  }

  /// The styles in `directories`.
  ///
  /// - Parameter memory: Bytes that the values of all that is read may take.
  func library(memory: Int = .max) -> StyleLibrary {
    StyleLibrary(directories: directories, memory: memory)
  }

  /// `--models`, `$PASTICHE_MODELS`, and the `Models` that come with the program.
  private var directories: [FilePath] {
    var directories: [FilePath] = []
    if let models { directories.append(models.path) }
    if let variable = getenv("PASTICHE_MODELS"), variable.pointee != 0 {
      directories.append(FilePath(platformString: variable))
    }
    return directories + OwnPlace.directories("Models")
  }

  /// The photographs that come with the program.
  var sampleImages: FilePath {
    let places = OwnPlace.directories("SampleImages")
    return places.first { FileIdentity(of: $0) != nil } ?? places[0]
  }
}

/// The style of commands that take one.
struct StyleOptions: ParsableArguments {
  @Option(
    name: [.customShort("m", allowingJoined: true), .customLong("style")],
    help: ArgumentHelp(
      "The style: a name that `pastiche models` lists, a file, or a mixture.",
      valueName: "style[:weight],..."))
  var style = StyleArgument.standard

  @OptionGroup var library: LibraryOptions

  func validate() throws {
    try style.validate()
    guard style.isMixture, !style.isAll else {
      throw ValidationError("this takes one style, or a mixture such as great-wave:0.7,udnie:0.3")
    }
  }

  /// Reads the style.
  ///
  /// - Throws: `Refusal` where there is none, or it is no style.
  func choice(_ memory: MemoryOptions) throws(Refusal) -> ChosenStyle {
    library.tellWhatIsMissing()
    return try ChosenStyle(style, in: library.library(memory: memory.ofWeights))
  }
}

/// The styles of commands that take any number of them.
struct StyleListOptions: ParsableArguments {
  @Option(
    name: [.customShort("m", allowingJoined: true), .customLong("style")],
    help: ArgumentHelp(
      "The style, a name that `pastiche models` lists or a file; by default parau-api.",
      discussion: """
        With weights several are mixed: great-wave:0.7,starry-night:0.3. Without, with all, and \
        where this is given again, each paints every picture, into a directory of its name.
        """, valueName: "style[:weight],...|all"))
  var styles: [StyleArgument] = []

  @OptionGroup var library: LibraryOptions

  func validate() throws {
    for style in styles { try style.validate() }
  }

  /// Whether each picture is painted in several styles, into a directory each.
  var areSeveral: Bool { styles.count > 1 || styles.contains { $0.isAll || !$0.isMixture } }

  /// Reads the styles.
  ///
  /// - Returns: The styles, and where all were meant why some couldn't be read.
  /// - Throws: `Refusal` where one is not there, or is no style, or two have one name.
  func choices(_ memory: MemoryOptions) throws(Refusal) -> (
    styles: [ChosenStyle], unreadable: [String]
  ) {
    try ChosenStyle.list(
      styles.isEmpty ? [.standard] : styles, in: library.library(memory: memory.ofWeights))
  }
}

extension StyleArgument {
  /// The one that suits most photographs.
  static let standard = StyleArgument(argument: "parau-api").unsafelyUnwrapped
}
