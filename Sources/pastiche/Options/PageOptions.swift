import ArgumentParser
import BatchStylizer
import ImageFiles
import Laboratory
import Pages
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

/// The page that shows what was done.
struct PageOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Write a page that shows what was done, complete in one file.", valueName: "file"))
  var html: PathArgument?

  func validate() throws {
    guard let html else { return }
    if html.path.isStandardStream || html.endsInSlash {
      throw ValidationError("--html must name a file, not \(printable(html.path))")
    }
  }

  /// Tells of the page that was written.
  func tellWritten() {
    if let html { StandardError.tellWritten(html.path) }
  }

  /// Begins the page of a study of pictures.
  ///
  /// - Parameter part: What of it is under the norm, where not all is.
  /// - Returns: The page; nil where none is wanted.
  /// - Throws: `Refusal` where it can't be written.
  func studyPage(
    of inputs: [FilePath], title: String, _ network: StyleNetwork, _ choice: NormChoice,
    showing part: String? = nil, pictures: Int, replacing: Bool
  ) throws(Refusal) -> StudyPage? {
    guard let html else { return nil }
    let file = try Self.begin(
      html.path, replacing: replacing, title: title,
      facts: [
        ("Style", printable(choice.model.name)),
        (part.map { "Norm of \($0)" } ?? "Norm", choice.norm.rawValue),
      ]
        + (choice.note.map { [("Weights", $0)] } ?? []))
    return StudyPage(
      file, of: inputs, pictures: pictures, network, choice.norm, reason: \.message)
  }

  /// Begins the page of a preview.
  ///
  /// - Returns: The page; nil where none is wanted.
  /// - Throws: `Refusal` where it can't be written.
  func previewPage(of inputs: [FilePath], styles: [PreviewPage.Style], replacing: Bool)
    throws(Refusal) -> PreviewPage?
  {
    guard let html else { return nil }
    let file = try Self.begin(
      html.path, replacing: replacing, title: "In \(counted(styles.count, "style"))", facts: [])
    return PreviewPage(file, of: inputs, styles: styles)
  }

  /// Begins the page of a training.
  ///
  /// - Returns: The page; nil where none is wanted.
  /// - Throws: `Refusal` where it can't be written.
  func trainingPage(style: String, replacing: Bool) throws(Refusal)
    -> TrainingPage?
  {
    guard let html else { return nil }
    return TrainingPage(
      try Self.begin(
        html.path, replacing: replacing, title: "The making of \(printable(style))", facts: []))
  }

  /// Begins a page that tells the command as it was typed.
  ///
  /// - Throws: `Refusal` where the file can't be begun.
  static func begin(
    _ path: FilePath, replacing: Bool, title: String, facts: [(name: String, text: String)]
  ) throws(Refusal) -> sending PageFile {
    do throws(AtomicFileError) {
      return try PageFile(
        path, replacing: replacing, title: title, command: TypedCommand.text, facts: facts)
    } catch {
      throw Refusal(error)
    }
  }

  /// Finds where a run writes its page; nil where none is wanted.
  ///
  /// - Throws: `Refusal` where that would take the place of another file.
  func path(beside plan: BatchPlan, reading others: [FilePath], replacing: Bool)
    throws(Refusal) -> FilePath?
  {
    guard let path = html?.path else { return nil }
    if plan.stream != nil {
      throw Refusal(
        "--html shows pictures whose number is known; write those of standard input to a directory, "
          + "and paint that with it")
    }
    if let count = plan.count, plan.items.isEmpty {
      throw Refusal(
        "--html makes one page, and \(count) pictures are too many for it; paint without one")
    }
    let identity = FileIdentity(of: path)
    if let identity, identity.isDirectory {
      throw Refusal("\(printable(path)) is a directory; name a file with --html")
    }
    let place = FilePlace(of: path)
    for input in others + plan.items.map(\.input) {
      if let identity, FileIdentity(of: input) == identity {
        throw Refusal(
          "the page \(printable(path)) is the input \(printable(input)); "
            + "inputs are never written to, choose another page")
      }
    }
    for item in plan.items {
      if item.output.lastComponent == path.lastComponent, FilePlace(of: item.output) == place {
        throw Refusal(
          "the page \(printable(path)) is the output of \(printable(item.input)); "
            + "choose another page")
      }
    }
    if identity != nil, !replacing {
      throw Refusal(
        "\(printable(path)) exists already; name another page, or pass --overwrite to replace it "
          + "and the outputs")
    }
    return path
  }
}

extension StudyPage {
  /// Completes the page.
  ///
  /// - Throws: `Refusal` where it can't be written.
  func end(sheet: Image? = nil, alt: String = "", note: String? = nil) throws(Refusal) {
    var page: PageSheet?
    do throws(ImageFileError) {
      if let sheet {
        page = PageSheet(try PageImage(encoding: sheet, quality: 85), alt: alt, note: note)
      }
    } catch {
      throw Refusal("the page's sheet: \(error.message)")
    }
    do throws(AtomicFileError) { try finish(sheet: page) } catch { throw Refusal(error) }
  }
}
