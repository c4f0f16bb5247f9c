import ImageFiles
import SystemFiles
import SystemPackage

/// Names each input's output and says in which format it will be.
struct OutputNaming {
  let target: BatchPlan.Target
  let format: BatchPlan.Format
  /// The directory of each style, where there are several.
  let styles: [FilePath.Component]

  /// The target where it is a directory.
  var directory: FilePath? { if case .directory(let path) = target { path } else { nil } }

  /// Where outputs go, in each style.
  var directories: [FilePath] {
    switch target {
    case .file(let path): [path.removingLastComponent()]
    case .directory(let path): styles.isEmpty ? [path] : styles.map { path.appending($0) }
    }
  }

  /// An input's item in each style, and its file, which had to be opened, if it is one.
  func items(_ found: PictureWalk.Found) -> (items: [BatchPlan.Item], opened: OpenedPicture?) {
    let (item, opened) = item(found)
    return (inStyles(item), opened)
  }

  /// The item of a stream's picture of this number in each style.
  func items(streamed number: Int, _ format: ImageFormat) -> [BatchPlan.Item] {
    let format = written(format)
    return inStyles(
      BatchPlan.Item(
        input: FilePath("-#\(number)"), output: output(Self.name(streamed: number), format),
        format: format))
  }

  /// `000001` for the first picture on standard input, and so on.
  private static func name(streamed number: Int) -> FilePath {
    let digits = "\(number)"
    return FilePath(String(repeating: "0", count: max(0, 6 - digits.count)) + digits)
  }

  private func inStyles(_ item: BatchPlan.Item) -> [BatchPlan.Item] {
    guard !styles.isEmpty, case .directory(let directory) = target else { return [item] }
    return styles.enumerated().map { style, name in
      let below = item.output.components.dropFirst(directory.components.count)
      return BatchPlan.Item(
        input: item.input, output: directory.appending(name).appending(below),
        format: item.format, style: style, state: item.state, inputStatus: item.inputStatus)
    }
  }

  private func item(_ found: PictureWalk.Found) -> (BatchPlan.Item, OpenedPicture?) {
    let name = found.path.isStandardStream ? Self.name(streamed: 1) : found.relativePath
    func item(_ format: ImageFormat, _ state: BatchPlan.Item.State = .pending) -> BatchPlan.Item {
      BatchPlan.Item(input: found.path, output: output(name, format), format: format, state: state)
    }
    if let error = found.error { return (item(.png, .failed(error)), nil) }
    // The name's, where the file can't tell without being used up.
    let named = written(found.path.extension.flatMap(ImageFormat.init(fileExtension:)) ?? .png)
    if found.isStream { return (item(named), nil) }
    do throws(ImageFileError) {
      let opened = try OpenedPicture(found.path)
      var item = item(written(opened.format))
      if !found.path.isStandardStream { item.inputStatus = opened.status }
      return (item, opened)
    } catch {
      return (item(named, .failed(.image(error))), nil)
    }
  }

  /// The format of the result: that of the file named, else the one asked for, else the input's.
  private func written(_ input: ImageFormat) -> ImageFormat {
    if case .file(let path) = target,
      let named = path.extension.flatMap(ImageFormat.init(fileExtension:))
    {
      return named
    }
    return ImageFormat(rawValue: format.rawValue) ?? input
  }

  private func output(_ name: FilePath, _ format: ImageFormat) -> FilePath {
    switch target {
    case .file(let path):
      return path
    case .directory(let directory):
      var path = directory.pushing(name)
      let named = path.extension.flatMap(ImageFormat.init(fileExtension:))
      if named != format { path.extension = format.fileExtensions.first }
      return path
    }
  }
}
