import ImageFiles
import SystemPackage

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Finds the pictures below the inputs. Names are taken as bytes, valid UTF-8 or not.
struct InputWalk {
  /// A picture, or a directory that could not be listed.
  struct Found {
    let input: FilePath
    /// Where it lies below the output directory.
    let relativePath: FilePath
    var error: ItemError?
  }

  private(set) var passedOverFiles = 0
  private(set) var passedOverDirectories = 0
  private let recursively: Bool
  private let leftOut: FileIdentity?
  /// Directories on the way to the present one: a link among them would lead round for ever.
  private var open: Set<FileIdentity> = []

  /// - Parameter target: An output directory, which is not walked.
  init(recursively: Bool, leavingOut target: BatchPlan.Target) {
    self.recursively = recursively
    if case .directory(let path) = target {
      leftOut = FileIdentity(of: path)
    } else {
      leftOut = nil
    }
  }

  mutating func pictures(at input: FilePath) -> [Found] {
    guard let identity = FileIdentity(of: input), identity.isDirectory else {
      let name = input.lastComponent.map { FilePath(root: nil, components: $0) } ?? input
      return [Found(input: input, relativePath: name)]
    }
    return pictures(in: input, identity, below: FilePath())
  }

  private mutating func pictures(
    in directory: FilePath, _ identity: FileIdentity, below relative: FilePath
  ) -> [Found] {
    guard open.insert(identity).inserted else { return [] }
    defer { open.remove(identity) }
    let names: [FilePath.Component]
    do throws(Errno) { names = try entries(of: directory) } catch {
      return [
        Found(
          input: directory, relativePath: relative,
          error: .unreadableDirectory(error))
      ]
    }
    var found: [Found] = []
    for name in names {
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
        found.append(Found(input: path, relativePath: relativePath))
      } else {
        passedOverFiles += 1
      }
    }
    return found
  }

  /// The names in a directory but those that begin with a dot.
  private func entries(of directory: FilePath) throws(Errno) -> [FilePath.Component] {
    guard let stream = directory.withPlatformString({ opendir($0) }) else {
      throw Errno(rawValue: errno)
    }
    defer { closedir(stream) }
    var names: [FilePath.Component] = []
    while true {
      errno = 0
      guard let entry = readdir(stream) else {
        guard errno == 0 else { throw Errno(rawValue: errno) }
        return names
      }
      let name = withUnsafePointer(to: &entry.pointee.d_name) { tuple in
        tuple.withMemoryRebound(to: CInterop.PlatformChar.self, capacity: 256) {
          $0[0] == 0x2E ? nil : FilePath.Component(platformString: $0)
        }
      }
      if let name { names.append(name) }
    }
  }
}
