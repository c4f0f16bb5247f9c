import ImageFiles
import SystemFiles
import SystemPackage

/// Finds the pictures that a user means by naming files and directories.
///
/// In a directory those are the files with a picture's extension, but for names that begin with a
/// dot.
public struct PictureWalk {
  /// A picture, or a directory that could not be listed.
  public struct Found: Sendable {
    public let path: FilePath
    /// The path below the directory that was named, or the name of a file that was; or what stands
    /// for these.
    public let relativePath: FilePath
    /// The reason why a directory could not be listed.
    public var error: Errno?
  }

  /// Files in the directories that are no pictures by their names.
  public private(set) var passedOverFiles: [FilePath] = []
  /// Directories in the directories that were not entered.
  public private(set) var passedOverDirectories = 0
  private let recursively: Bool
  private let leftOut: FileIdentity?
  /// Directories on the way to the present one: a link among them would lead round for ever.
  private var open: Set<FileIdentity> = []

  /// - Parameters:
  ///   - recursively: Whether directories in directories are entered.
  ///   - directory: One that is not, wherever it turns up: the output's.
  public init(recursively: Bool, leavingOut directory: FilePath? = nil) {
    self.recursively = recursively
    leftOut = directory.flatMap(FileIdentity.init(of:))
  }

  /// The pictures that `input` stands for, in no particular order: itself, unless it is a
  /// directory, whether it is there or not.
  ///
  /// - Parameter relativePath: What stands for the input in relative paths; nil for a file's name,
  ///   and for nothing where it is a directory.
  public mutating func pictures(at input: FilePath, as relativePath: FilePath? = nil) -> [Found] {
    guard let identity = FileIdentity(of: input), identity.isDirectory else {
      let name = input.lastComponent.map { FilePath(root: nil, components: $0) } ?? input
      return [Found(path: input, relativePath: relativePath ?? name)]
    }
    return pictures(in: input, identity, below: relativePath ?? FilePath())
  }

  private mutating func pictures(
    in directory: FilePath, _ identity: FileIdentity, below relative: FilePath
  ) -> [Found] {
    guard open.insert(identity).inserted else { return [] }
    defer { open.remove(identity) }
    let entries: DirectoryEntries
    do throws(Errno) { entries = try DirectoryEntries(of: directory) } catch {
      return [Found(path: directory, relativePath: relative, error: error)]
    }
    var found: [Found] = []
    for name in entries.names {
      let path = directory.appending(name)
      let relativePath = relative.appending(name)
      let identity = FileIdentity(of: path)
      if let identity, identity.isDirectory {
        if identity == leftOut { continue }
        guard recursively else {
          passedOverDirectories += 1
          continue
        }
        found += pictures(in: path, identity, below: relativePath)
        continue
      }
      // A pipe or device would keep the run waiting. A link that leads nowhere is told as a failure.
      let isFile = identity?.isRegularFile ?? true
      if isFile, name.extension.flatMap(ImageFormat.init(fileExtension:)) != nil {
        found.append(Found(path: path, relativePath: relativePath))
      } else {
        passedOverFiles.append(path)
      }
    }
    return found
  }
}
