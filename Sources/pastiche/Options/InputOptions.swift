import ArgumentParser
import BatchStylizer
import ImageFiles
import Sheets
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

  @Option(
    help: ArgumentHelp(
      "Shrink pictures to this longest side, in pixels, first; by default to none.", valueName: "n")
  )
  var maxSide: Int?

  @Option(
    help: ArgumentHelp(
      "Scale pictures by this factor, or per cent, first; by default 1.", valueName: "f"),
    transform: share)
  var scale: Double?

  @Option(
    help: ArgumentHelp(
      "Refuse pictures of more pixels than this: a number, or 50M for millions.", valueName: "n"))
  var maxPixels = PixelCount(ImageLimits().maximumPixels)

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
      throw ValidationError(
        "--scale must be above 0 and at most 16, not \(scale)"
          + (scale > 0 ? "; did you mean \(Table.shortest(Float(scale)))%?" : ""))
    }
    if maxPixels.value < 1 { throw ValidationError("--max-pixels must be at least 1, not 0") }
    if maxSide != nil, scale != nil {
      throw ValidationError("--max-side and --scale exclude one another")
    }
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
  func listed() throws(Refusal) -> PathList {
    guard let list = filesFrom?.path else { return PathList() }
    do {
      if list.isStandardStream { return try paths(in: .standardInput) }
      let file = try FileDescriptor.open(list, .readOnly, options: [.closeOnExec])
      return try file.closeAfter { try paths(in: file) }
    } catch let fault as ListFault {
      throw Refusal("\(printable(list)): the list \(fault.rawValue)")
    } catch {
      throw Refusal("\(printable(list)): the list can't be read: \(error)")
    }
  }

  private func paths(in list: FileDescriptor) throws -> PathList {
    var paths = PathList.Unsorted()
    let end = nullSeparated ? 0 : UInt8(ascii: "\n")
    try FileLines(of: list, endingIn: end).read { line, start, _ in
      var name = line[...]
      // Editors put these marks ahead of text to tell its encoding.
      if start == 0 {
        if name.starts(with: [0xFF, 0xFE]) || name.starts(with: [0xFE, 0xFF]) {
          throw ListFault.isUTF16
        }
        if name.starts(with: [0xEF, 0xBB, 0xBF]) { name = name.dropFirst(3) }
      }
      if !nullSeparated {
        guard !name.contains(0) else { throw ListFault.hasNullBytes }
        // Lists from elsewhere end their lines in two bytes; a name that ends in one of them needs -0.
        if name.last == UInt8(ascii: "\r") { name = name.dropLast() }
      }
      if name.isEmpty { return }
      let path = FilePath(bytes: UnsafeRawBufferPointer(rebasing: name))
      // In a list it is a name like others.
      paths.append(path.isStandardStream ? "./-" : path)
    }
    return paths.sorted()
  }
}

/// `50000000` or `50M`.
struct PixelCount: ExpressibleByArgument {
  let value: Int

  init(_ value: Int) {
    self.value = value
  }

  init?(argument: String) {
    let isMillions = argument.last == "M"
    let number =
      isMillions ? Double(argument.dropLast()).map { $0 * 1e6 } : Int(argument).map(Double.init)
    guard let number, let value = Int(exactly: number.rounded()), value >= 0 else { return nil }
    self.value = value
  }

  var defaultValueDescription: String { "\(value)" }
}

private enum ListFault: String, Error {
  case isUTF16 = "is UTF-16; save it as UTF-8"
  case hasNullBytes = "has null bytes in it; pass -0 if they end its names"
}

extension DamagePolicy: ExpressibleByArgument {}
