import ArgumentParser
import BatchStylizer
import ImageFiles
import SystemFiles
import SystemPackage

/// The pictures, and the size at which they are taken.
struct InputOptions: ParsableArguments {
  @Argument(
    help: ArgumentHelp(
      "Pictures, or directories of them; - is standard input, with one picture or several.",
      valueName: "input"))
  var inputs: [PathArgument] = []

  @Option(
    help: ArgumentHelp(
      "Take inputs from a list too, one a line; - is standard input.", valueName: "file|-"))
  var filesFrom: PathArgument?

  @Flag(
    name: [.customShort("0"), .customLong("null")],
    help: "The list's names end in a null byte instead of a line's end.")
  var nullSeparated = false

  @Option(
    help: ArgumentHelp(
      "Keep the paths of inputs below this directory below the output; by default a list's, below "
        + "the directory that holds them all.", valueName: "dir"))
  var base: PathArgument?

  @Flag(name: [.customShort("r"), .long], help: "Enter directories in directories.")
  var recursive = false

  @Option(help: ArgumentHelp("Shrink pictures to this longest side first.", valueName: "n"))
  var maxSide: Int?

  @Option(help: ArgumentHelp("Scale pictures by this factor first.", valueName: "f"))
  var scale: Double?

  @Option(help: ArgumentHelp("Refuse pictures of more pixels than this.", valueName: "n"))
  var maxPixels = ImageLimits().maximumPixels

  @Option(
    help: "Whether damaged pictures fail, or what could be decoded of them is kept and used.")
  var damaged: DamagePolicy = .fail

  func validate() throws {
    guard !inputs.isEmpty || filesFrom != nil else {
      throw ValidationError("name a picture, a directory, or a list with --files-from")
    }
    guard inputs.allSatisfy({ !$0.path.isStandardStream }) || inputs.count == 1 && filesFrom == nil
    else { throw ValidationError("standard input (-) goes alone") }
    if base != nil, inputs.contains(where: \.path.isStandardStream) {
      throw ValidationError("standard input (-) has no path for --base to keep")
    }
    if nullSeparated, filesFrom == nil { throw ValidationError("-0 goes with --files-from") }
    if let maxSide, maxSide < 1 {
      throw ValidationError("--max-side must be at least 1, not \(maxSide)")
    }
    if let scale, !(scale > 0 && scale <= 16) {
      throw ValidationError("--scale must be above 0 and at most 16, not \(scale)")
    }
    if maxSide != nil, scale != nil {
      throw ValidationError("--max-side and --scale exclude one another")
    }
    if maxPixels < 1 { throw ValidationError("--max-pixels must be at least 1, not \(maxPixels)") }
  }

  /// The files that name inputs.
  var lists: [FilePath] { filesFrom.map { [$0.path] } ?? [] }

  /// Several pictures one after the other on standard input, where that is the input.
  var stream: PictureStream? {
    inputs.contains(where: \.path.isStandardStream) ? PictureStream.standardInput : nil
  }

  var resizing: Resizing {
    maxSide.map(Resizing.maximumSide) ?? scale.map(Resizing.scale) ?? .none
  }

  /// The directory below which paths are kept.
  ///
  /// - Throws: `Refusal` where it is none.
  func baseDirectory() throws(Refusal) -> FilePath? {
    if let base, !(FileIdentity(of: base.path)?.isDirectory ?? false) {
      throw Refusal("\(printable(base.path)) is no directory; name one with --base")
    }
    return base?.path
  }

  /// The list's inputs.
  ///
  /// - Throws: `Refusal` where the list can't be read.
  func listed() throws(Refusal) -> [FilePath] {
    guard let list = filesFrom?.path else { return [] }
    var bytes: ArraySlice<UInt8>
    do { bytes = try Self.contents(of: list)[...] } catch {
      throw Refusal("\(printable(list)): the list can't be read: \(error)")
    }
    // Editors put these marks ahead of text to tell its encoding.
    if bytes.starts(with: [0xFF, 0xFE]) || bytes.starts(with: [0xFE, 0xFF]) {
      throw Refusal("\(printable(list)): the list is UTF-16; save it as UTF-8")
    }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    guard nullSeparated || !bytes.contains(0) else {
      throw Refusal(
        "\(printable(list)): the list has null bytes in it; pass -0 if they end its names")
    }
    return bytes.split(separator: nullSeparated ? 0 : newline).compactMap { line in
      // Lists from elsewhere end their lines in two bytes; a name that ends in one of them needs -0.
      let name = !nullSeparated && line.last == carriageReturn ? line.dropLast() : line
      if name.isEmpty { return nil }
      let path = FilePath(bytes: name)
      // In a list it is a name like others.
      return path.isStandardStream ? "./-" : path
    }
  }

  private static func contents(of list: FilePath) throws -> [UInt8] {
    if list.isStandardStream { return try FileDescriptor.standardInput.readToEnd() }
    let file = try FileDescriptor.open(list, .readOnly)
    return try file.closeAfter { try file.readToEnd() }
  }
}

private let newline: UInt8 = 0x0A
private let carriageReturn: UInt8 = 0x0D

extension DamagePolicy: ExpressibleByArgument {}
