import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import SystemFiles
import SystemPackage

/// The place of results, and the way they are written.
struct OutputOptions: ParsableArguments {
  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp(
      "Where results go: a file for a single picture, else a directory; - is standard output.",
      valueName: "out"))
  var output: PathArgument

  @Option(help: "What is written: png, jpeg, or keep, which is what the input is.")
  var format: BatchPlan.Format = .keep

  @OptionGroup var quality: QualityOptions

  @Option(
    help: ArgumentHelp(
      "PNG compression, 0 (none) ... 9 (smallest); by default \(EncodingOptions().compression).",
      valueName: "n"))
  var compression: Int?

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
    if let compression, !(0...9).contains(compression) {
      throw ValidationError("--compression must be in 0...9, not \(compression)")
    }
    if depth == .sixteen, format == .jpeg {
      throw ValidationError("JPEG has 8 bits a sample: --depth 16 goes with PNG")
    }
  }

  /// The encoding of outputs.
  var encoding: EncodingOptions {
    let standard = EncodingOptions()
    return EncodingOptions(
      quality: quality.encoding.quality, compression: compression ?? standard.compression,
      metadata: metadata)
  }

  /// What options that can't act on any output are said to do: nothing.
  func idle(for target: BatchPlan.Target) -> [String] {
    var written = format == .keep ? nil : ImageFormat(rawValue: format.rawValue)
    if case .file(let path) = target, let named = path.extension {
      written = ImageFormat(fileExtension: named) ?? written
    }
    return [
      quality.idle(for: written),
      compression != nil && written == .jpeg
        ? "--compression does nothing: what is written is JPEG" : nil,
    ].compactMap { $0 }
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
      guard isatty(STDOUT_FILENO) == 0 else {
        throw ValidationError(
          "standard output is the terminal; name a file, or lead it to one: -o - > painting.png")
      }
      return .file(output.path)
    }
    guard isSingle else {
      if namesPicture {
        let missing = inputs.inputs.map(\.path).filter { FileIdentity(of: $0) == nil }
        if let first = missing.first, missing.count == inputs.inputs.count - 1 {
          throw ValidationError(
            "there is no picture '\(printable(first))'; options without a value take none")
        }
        throw ValidationError(
          "several pictures go to a directory, and \(printable(output.path)) names a file; to have "
            + "a directory of that name, end it in a slash")
      }
      return .directory(output.path)
    }
    guard !output.endsInSlash, !isDirectory(output.path) else { return .directory(output.path) }
    let path = output.path
    guard let named = path.extension.flatMap(ImageFormat.init(fileExtension:)) else {
      throw ValidationError(
        "the output \(printable(path)) must end in \(ImageFormat.extensionList); "
          + "to name a directory, end it in a slash")
    }
    guard format == .keep || format.rawValue == named.rawValue else {
      throw ValidationError(
        "--format \(format.rawValue) and the output \(printable(path)) disagree; leave --format out, "
          + "or change the name's end")
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
    if namesPicture || output.path.isStandardStream {
      throw ValidationError(
        "several styles go to a directory, one below it for each; \(printable(output.path)) names "
          + "a file")
    }
    return .directory(output.path)
  }

  /// Whether the output is the name of a picture, and no directory.
  private var namesPicture: Bool {
    output.path.extension.flatMap(ImageFormat.init(fileExtension:)) != nil
      && !output.endsInSlash && !isDirectory(output.path)
  }

  private func isDirectory(_ path: FilePath) -> Bool {
    FileIdentity(of: path)?.isDirectory ?? false
  }
}

extension BatchPlan.Format: ExpressibleByArgument {
  public init?(argument: String) {
    self.init(rawValue: argument == "jpg" ? Self.jpeg.rawValue : argument)
  }
}

extension MetadataPolicy: ExpressibleByArgument {}
extension PixelFormat.Depth: ExpressibleByArgument {}
