import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import Pages
import Sheets
import StyleEngine
import StyleModels
import SystemPackage

/// `pastiche preview IMAGE... -o SHEET`
struct Preview: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a sheet of pictures in every style at hand.",
    discussion: """
      Each picture is painted with strokes as large as on its own size, but small. --html makes a \
      page of them, with a slider before and after for every style.
      """)

  @OptionGroup var inputs: PictureArguments

  @Option(
    name: [.customShort("m", allowingJoined: true), .customLong("style")],
    help: ArgumentHelp(
      "The styles, by default all: names that `pastiche models` lists, or files.",
      discussion: "Several with commas, a mixture with weights; may be given again and again.",
      valueName: "style[:weight],...|all"))
  var styles: [StyleArgument] = []

  @OptionGroup var library: LibraryOptions

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("The sheet to write, a .png or .jpg.", valueName: "file"))
  var output: PathArgument

  @Option(help: ArgumentHelp("Width of the sheet, in pixels.", valueName: "n"))
  var width = 1280

  @OptionGroup var quality: QualityOptions

  @OptionGroup var threads: ThreadOptions
  @OptionGroup var memory: MemoryOptions
  @OptionGroup var page: PageOptions

  @Flag(help: "Replace the sheet, and the page, if they are there already.")
  var overwrite = false

  func validate() throws {
    _ = try output.requirePictureFile()
    for style in styles { try style.validate() }
    guard (320...16_384).contains(width) else {
      throw ValidationError("--width must be in 320...16384, not \(width)")
    }
  }

  func run() throws {
    let found = try inputs.pictures()
    library.tellWhatIsMissing()
    if let idle = quality.idle(for: output.pictureFormat) { StandardError.writeLine(idle) }
    let (chosen, unreadable) = try ChosenStyle.list(
      styles.isEmpty ? [.all] : styles, in: library.library(memory: memory.ofWeights))
    try OutputFiles(output: output.path, page: page.html)
      .refuse(amongst: found.map(\.path) + chosen.flatMap(\.inputs), replacing: overwrite)
    for reason in unreadable { StandardError.writeLine("pastiche: \(reason)") }
    let styles = try StyleNetworks.styles(chosen)
    let preview = StylePreview(
      styles, workers: threads.count, memory: memory.byteCount, scratch: memory.directory)
    var page = try self.page.previewPage(
      of: found.map(\.path), styles: chosen.map(Self.caption), replacing: overwrite)
    var sheet = PreviewSheet(width: width, styles: chosen.map(\.name))
    let control = BatchControl(total: found.count * styles.count)
    Interrupts.onFirst(control.cancel)
    let bar = StandardError.isTerminal ? ProgressBar() : nil
    bar?.start { control.progress }
    defer { bar?.stop() }
    for picture in found {
      do {
        try look(at: picture, with: preview, control, &sheet, &page)
      } catch StyleNetworkError.cancelled {
        throw ExitStatus.interrupted(signal: Interrupts.signal ?? SIGINT)
      } catch let error as ItemError {
        let line = "\(printable(picture.path)): failed: \(error.message)"
        if let bar { bar.writeLine(line) } else { StandardError.writeLine(line) }
        sheet.failed += 1
        page?.failed(picture.path, reason: error.message)
      }
    }
    bar?.stop()
    guard sheet.failed < found.count else { throw ExitStatus.nothingDone }
    try output.write(
      picture(of: sheet), options: quality.encoding, replacing: overwrite)
    if let error = page?.finish() { throw Refusal(error) }
    self.page.tellWritten()
    if sheet.failed > 0 || !unreadable.isEmpty { throw ExitStatus.someFailed }
  }

  /// What a page tells of a style: what it is after, what it suits, and how to ask for it.
  private static func caption(of style: ChosenStyle) -> PreviewPage.Style {
    let card = style.model.card
    let painting = ["painter", "title", "year"].compactMap { card[$0] }.joined(separator: ", ")
    return PreviewPage.Style(
      name: style.name,
      lines: (painting.isEmpty ? [] : [painting]) + (card["suits"].map { ["suits \($0)"] } ?? [])
        + ["-m \(style.argument)"])
  }

  private func picture(of sheet: PreviewSheet) throws(Refusal) -> Image {
    do throws(ContactSheetError) { return try sheet.image() } catch { throw Refusal(error) }
  }

  /// Adds a picture in all styles to the sheet and the page.
  ///
  /// - Throws: `ItemError`, and `StyleNetworkError.cancelled`.
  private func look(
    at picture: PictureWalk.Found, with preview: StylePreview, _ control: BatchControl,
    _ sheet: inout PreviewSheet, _ page: inout PreviewPage?
  ) throws {
    if let error = picture.error { throw error }
    let wanted = max(sheet.cellWidth, page?.side ?? 0)
    let photograph: StylePreview.Photograph
    let before: Image
    do throws(ImageFileError) {
      photograph = try preview.photograph(picture.path)
      before = try preview.thumbnail(photograph, width: wanted)
    } catch {
      throw ItemError.image(error)
    }
    sheet.begin(before)
    page?.begin(picture.path)
    for style in sheet.styles.indices {
      let painting: Image
      do throws(StyleNetworkError) {
        painting = try control.watch(1) { progress throws(StyleNetworkError) in
          try preview.painting(photograph, style: style, width: wanted, progress: progress)
        }
      } catch {
        if error == .cancelled { throw error }
        throw ItemError(error)
      }
      sheet.add(painting)
      try page?.append(photograph, before, painting, style: style)
    }
  }
}

extension StyleArgument {
  fileprivate static let all = StyleArgument(argument: "all").unsafelyUnwrapped
}
