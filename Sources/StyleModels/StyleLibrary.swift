import SystemFiles
import SystemPackage

/// Directories in which style files lie, and the way from a style's name to its file.
public struct StyleLibrary: Sendable {
  /// The directories in the order in which they are searched; those that aren't there are passed
  /// over.
  public let directories: [FilePath]

  public init(directories: [FilePath]) {
    self.directories = directories
  }

  /// The file that `style` means: itself, where it has a slash in it or ends in `.safetensors`, else
  /// `style.safetensors` in the first directory that has one.
  ///
  /// - Throws: `StyleLibraryError`, with the styles that there are.
  public func file(of style: FilePath) throws(StyleLibraryError) -> FilePath {
    let isPath = style.components.count != 1 || style.isAbsolute
    if isPath || style.extension == Self.fileExtension { return style }
    for directory in directories {
      let file = directory.pushing(style.appendingExtension)
      if FileIdentity(of: file) != nil { return file }
    }
    throw StyleLibraryError(
      style: style.string, searched: directories, available: files.compactMap(\.stem))
  }

  /// The variant of a style that was trained under another norm: `great-wave.batch.safetensors`
  /// beside `great-wave.safetensors`. Nil where there is none.
  public static func variant(of file: FilePath, norm: Norm) -> FilePath? {
    // Live statistics are those that a network trained with batch norm was trained with.
    let trained = norm == .batchLive ? Norm.batch : norm
    guard let stem = file.stem else { return nil }
    let variant = file.removingLastComponent().appending("\(stem).\(trained.rawValue)")
      .appendingExtension
    return FileIdentity(of: variant) != nil ? variant : nil
  }

  /// All style files but variants, sorted by name; of two of one name, the one that `file(of:)`
  /// finds.
  public var files: [FilePath] {
    var names: Set<String> = []
    return directories.flatMap(styleFiles).filter { names.insert($0.stem ?? "").inserted }
      .sorted { ($0.stem ?? "") < ($1.stem ?? "") }
  }

  static let fileExtension = "safetensors"

  private func styleFiles(in directory: FilePath) -> [FilePath] {
    guard let entries = try? DirectoryEntries(of: directory) else { return [] }
    return entries.names.filter { name in
      let isVariant = Norm.allCases.contains { name.stem.hasSuffix(".\($0.rawValue)") }
      return name.extension == Self.fileExtension && !isVariant
    }.map(directory.appending)
  }
}

/// The error that no style of that name is at hand.
public struct StyleLibraryError: Error, Equatable, Sendable, CustomStringConvertible {
  public let style: String
  public let searched: [FilePath]
  public let available: [String]

  public var description: String {
    let places = searched.map(\.string).joined(separator: ", ")
    return available.isEmpty
      ? "no style \"\(style)\", and none at all in \(places)"
      : "no style \"\(style)\"; there are \(available.joined(separator: ", ")) (in \(places))"
  }
}

extension FilePath {
  fileprivate var appendingExtension: FilePath {
    FilePath(string + ".\(StyleLibrary.fileExtension)")
  }
}
