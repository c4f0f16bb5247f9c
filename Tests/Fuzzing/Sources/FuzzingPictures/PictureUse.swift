import Fuzzing
import ImageFiles
import SystemPackage

/// What a run does with a picture, but for painting it: reading all of it, as it is and at another size,
/// and writing it again, with what its file had besides.
///
/// It is read or refused with a reason. What is read is the same each time, can be written, and what was
/// written can be read.
public enum PictureUse {
  static let limits = ImageLimits(maximumPixels: 1 << 12, maximumSide: 1 << 10)

  public static func use(_ input: Input) {
    var choices = input.choices
    let damaged: DamagePolicy = choices.nextIsTrue() ? .keep : .fail
    let colors: SampleColors = choices.nextIsTrue() ? .stored : .sRGB
    let isPiped = choices.next(4) == 3 && input.file.count <= Scratch.pipeCapacity
    let source: any RowSource
    let stored: StoredImage
    do throws(ImageFileError) {
      source =
        isPiped
        ? try ImageFile.open(
          owning: Scratch.pipe(giving: input.file), limits: limits, damaged: damaged, colors: colors
        )
        : try ImageFile.open(
          Scratch.file("input", holding: input.file), limits: limits, damaged: damaged,
          colors: colors)
      stored = try read(source)
    } catch {
      precondition(!error.description.isEmpty, "a refusal has a reason")
      return
    }
    precondition(source.notes.allSatisfy { !$0.description.isEmpty }, "a note says something")
    let format: ImageFormat = choices.nextIsTrue() ? .jpeg : .png
    let isDeep = choices.nextIsTrue() && format == .png
    let rows = resized(StoredRows(stored), &choices)
    write(
      ConvertedRows(rows, depth: isDeep ? .sixteen : .eight), source.metadata, colors, format,
      &choices)
  }

  /// Reads a picture twice.
  private static func read(_ source: any RowSource) throws(ImageFileError) -> StoredImage {
    let info = source.info
    precondition(info.width * info.height <= limits.maximumPixels, "the picture is within limits")
    let stored = try StoredImage(
      width: info.width, height: info.height, pixels: info.pixels,
      replacedBy: PixelFormat(hasAlpha: true, depth: .sixteen))
    _ = try source.store(in: stored) { _ in false }
    let notes = source.notes
    try source.restart()
    let again = try Image(reading: source)
    let first: Image
    do throws(ImageFileError) { first = try Image(reading: StoredRows(stored)) } catch {
      preconditionFailure("what is stored can be read: \(error)")
    }
    precondition(again == first, "a picture is the same when it is read again")
    precondition(source.notes == notes, "notes are the same when it is read again")
    return stored
  }

  private static func resized(_ rows: any RowSource, _ choices: inout Choices) -> any RowSource {
    switch choices.next(4) {
    case 1: ResizedRows.shrunk(rows, maximumSide: 1 + choices.next(16))
    case 2: ResizedRows(rows, width: 1 + choices.next(24), height: 1 + choices.next(24))
    default: rows
    }
  }

  private static func write(
    _ rows: any RowSource, _ metadata: ImageMetadata, _ colors: SampleColors,
    _ format: ImageFormat, _ choices: inout Choices
  ) {
    let options = EncodingOptions(
      compression: choices.nextIsTrue() ? 3 : 6, metadata: choices.next(4) == 3 ? .strip : .keep,
      madeBy: choices.nextIsTrue() ? "a fuzzer" : nil)
    let path = Scratch.folder.appending("output")
    do throws(ImageFileError) {
      let image = try Image(reading: rows)
      let sink = try ImageFile.create(
        path, format: format, width: image.width, height: image.height, pixels: image.pixels,
        options: options, metadata: metadata, colors: colors, replacing: true)
      try image.write(to: sink)
      try sink.finish()
      precondition(sink.notes.allSatisfy { !$0.description.isEmpty }, "a note says something")
      let written = try Image(reading: ImageFile.open(path, limits: limits))
      precondition(
        (written.width, written.height) == (image.width, image.height),
        "what was written is of the same size")
    } catch {
      preconditionFailure("what was read can be written, and read: \(error)")
    }
  }
}
