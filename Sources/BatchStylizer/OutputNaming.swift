import ImageFiles
import SystemFiles
import SystemPackage

/// Names each input's output and says in which format it will be.
struct OutputNaming {
  let target: BatchPlan.Target
  let format: BatchPlan.Format
  /// The directory of each style, where there are several.
  let styles: [FilePath.Component]

  /// An input's item in each style.
  func items(_ found: PictureWalk.Found) -> [BatchPlan.Item] {
    let item = item(found)
    guard !styles.isEmpty, case .directory(let directory) = target else { return [item] }
    return styles.enumerated().map { style, name in
      let below = item.output.components.dropFirst(directory.components.count)
      return BatchPlan.Item(
        input: item.input, output: directory.appending(name).appending(below),
        format: item.format, style: style, state: item.state)
    }
  }

  private func item(_ found: PictureWalk.Found) -> BatchPlan.Item {
    if let error = found.error {
      return BatchPlan.Item(
        input: found.path, output: output(found, .png), format: .png,
        state: .failed(.unreadableDirectory(error)))
    }
    // The name's, where the file can't tell without being used up.
    let named = found.path.extension.flatMap(ImageFormat.init(fileExtension:)) ?? .png
    let isFile = FileIdentity(of: found.path)?.isRegularFile ?? true
    guard isFile else {
      let format = written(named)
      return BatchPlan.Item(input: found.path, output: output(found, format), format: format)
    }
    let inputFormat: ImageFormat
    do throws(ImageFileError) { inputFormat = try ImageFile.format(of: found.path) } catch {
      let format = written(named)
      return BatchPlan.Item(
        input: found.path, output: output(found, format), format: format,
        state: .failed(.image(error)))
    }
    let format = written(inputFormat)
    return BatchPlan.Item(input: found.path, output: output(found, format), format: format)
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

  private func output(_ found: PictureWalk.Found, _ format: ImageFormat) -> FilePath {
    switch target {
    case .file(let path):
      return path
    case .directory(let directory):
      var path = directory.pushing(found.relativePath)
      let named = path.extension.flatMap(ImageFormat.init(fileExtension:))
      if named != format { path.extension = format.fileExtensions.first }
      return path
    }
  }
}
