import ArgumentParser
import Glibc
import StyleModels
import SystemPackage

/// The directories in which styles are found.
struct LibraryOptions: ParsableArguments {
  @Option(help: "Where styles are looked up by name, ahead of the other places.")
  var models: PathArgument?

  /// `--models`, `$PASTICHE_MODELS`, the package's `Models/`, and what is installed with the
  /// executable.
  var library: StyleLibrary {
    var directories: [FilePath] = []
    if let models { directories.append(models.path) }
    if let variable = getenv("PASTICHE_MODELS"), variable.pointee != 0 {
      directories.append(FilePath(platformString: variable))
    }
    // Sources/pastiche/Options/StyleOptions.swift of the package that this was built from.
    var package = FilePath(#filePath)
    for _ in 0..<4 { package.removeLastComponent() }
    directories.append(package.appending("Models"))
    if let executable = Self.executable {
      let prefix = executable.removingLastComponent().removingLastComponent()
      directories.append(prefix.appending("share/pastiche/models"))
    }
    return StyleLibrary(directories: directories)
  }

  private static var executable: FilePath? {
    guard let resolved = realpath("/proc/self/exe", nil) else { return nil }
    defer { free(resolved) }
    return FilePath(platformString: resolved)
  }
}

/// The choice of a style.
struct StyleOptions: ParsableArguments {
  @Option(
    name: [.customShort("m"), .customLong("style")],
    help: ArgumentHelp(
      "The style: a name that `pastiche models` lists, or a file.", valueName: "style|file"))
  var style = PathArgument(argument: "great-wave").unsafelyUnwrapped

  @OptionGroup var library: LibraryOptions

  /// Reads the style's file.
  ///
  /// - Throws: `Refusal` where there is none, or it is no style.
  func model() throws -> (file: FilePath, model: StyleModel) {
    let file: FilePath
    do throws(StyleLibraryError) { file = try library.library.file(of: style.path) } catch {
      throw Refusal(error)
    }
    return (file, try Self.model(in: file))
  }

  static func model(in file: FilePath) throws(Refusal) -> StyleModel {
    do throws(StyleModelError) { return try StyleModel(contentsOf: file) } catch {
      throw Refusal("\(printable(file)): \(error.message)")
    }
  }
}
