import ArgumentParser
import BatchStylizer
import ImageFiles
import SystemFiles
import SystemPackage

/// The place of results, and the way they are written.
struct OutputOptions: ParsableArguments {
  @Option(
    name: .shortAndLong,
    help: ArgumentHelp(
      "Where results go: a file for a single picture, else a directory; - is standard output.",
      valueName: "out"))
  var output: PathArgument

  @Option(help: "What is written: png, jpeg, or keep, which is what the input is.")
  var format: BatchPlan.Format = .keep

  @Option(
    name: [.customShort("q"), .long], help: ArgumentHelp("JPEG quality, 1...100.", valueName: "n"))
  var quality = EncodingOptions().quality

  @Option(help: ArgumentHelp("PNG compression, 0 (none) ... 9 (smallest).", valueName: "n"))
  var compression = EncodingOptions().compression

  @Option(
    help: ArgumentHelp(
      "Bits a sample of PNG outputs. (default: 8, but 16 for a picture of 16 bits in linear light or HDR)",
      valueName: "8|16"))
  var depth: PixelFormat.Depth?

  @Option(
    help: ArgumentHelp(
      "Whether profiles, EXIF, XMP and texts are kept, or stripped but for what colour needs."))
  var metadata: MetadataPolicy = .keep

  @Flag(help: "Replace outputs that are there already.")
  var overwrite = false

  func validate() throws {
    guard (1...100).contains(quality) else {
      throw ValidationError("--quality must be in 1...100, not \(quality)")
    }
    guard (0...9).contains(compression) else {
      throw ValidationError("--compression must be in 0...9, not \(compression)")
    }
    if depth == .sixteen, format == .jpeg {
      throw ValidationError("JPEG has 8 bits a sample: --depth 16 goes with PNG")
    }
  }

  /// A file where there is one input, which is no directory, and the output isn't said to be one.
  ///
  /// - Throws: A usage error where the other options don't go with that.
  func target(for inputs: InputOptions) throws -> BatchPlan.Target {
    let isSingle =
      inputs.inputs.count == 1 && inputs.filesFrom == nil && !isDirectory(inputs.inputs[0].path)
    if output.path.isStandardStream, !output.endsInSlash {
      guard isSingle else {
        throw ValidationError("only a single picture can go to standard output (-o -)")
      }
      return .file(output.path)
    }
    guard isSingle, !output.endsInSlash, !isDirectory(output.path) else {
      return .directory(output.path)
    }
    let path = output.path
    guard let named = path.extension.flatMap(ImageFormat.init(fileExtension:)) else {
      throw ValidationError(
        "the output \(printable(path)) must end in \(ImageFormat.extensionList); "
          + "to name a directory, end it in a slash")
    }
    guard format == .keep || format.rawValue == named.rawValue else {
      throw ValidationError(
        "--format \(format.rawValue) and the output \(printable(path)) disagree")
    }
    if depth == .sixteen, named == .jpeg {
      throw ValidationError("JPEG has 8 bits a sample: --depth 16 goes with PNG")
    }
    return .file(path)
  }

  /// The output as the directory that several styles go to.
  ///
  /// - Throws: A usage error where it names a picture, or a stream.
  func directory(for inputs: InputOptions) throws -> BatchPlan.Target {
    let isFile =
      output.path.extension.flatMap(ImageFormat.init(fileExtension:)) != nil
      && !output.endsInSlash && !isDirectory(output.path)
    if isFile || output.path.isStandardStream {
      throw ValidationError(
        "several styles go to a directory, one below it for each; \(printable(output.path)) names "
          + "a file")
    }
    return .directory(output.path)
  }

  private func isDirectory(_ path: FilePath) -> Bool {
    FileIdentity(of: path)?.isDirectory ?? false
  }
}

extension BatchPlan.Format: ExpressibleByArgument {}
extension MetadataPolicy: ExpressibleByArgument {}
extension PixelFormat.Depth: ExpressibleByArgument {}
