import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import Layers
import Sheets
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

/// `pastiche compare IMAGE... -m STYLE -o FILE`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a sheet of pictures under several norms.",
    discussion: """
      A row each, a column a norm. Each norm uses the style's variant that was trained with it, \
      where there is one, else other statistics under the same weights, as does --swap in any \
      case. --contrast adds rows of the same picture at other contrasts, which instance norm \
      doesn't see.
      """)

  @OptionGroup var inputs: PictureArguments
  @OptionGroup var style: StyleOptions

  @Option(
    name: [.customShort("o", allowingJoined: true), .long],
    help: ArgumentHelp("The sheet to write, a .png or .jpg.", valueName: "file"))
  var output: PathArgument

  @Option(
    help: ArgumentHelp(
      "The columns, with commas: any of instance, group, layer, batch and batch-live; by default all.",
      valueName: "list"), transform: NormList.init(typed:))
  var norms = NormList(norms: [.instance, .group, .layer, .batch, .batchLive])

  @Option(
    help: ArgumentHelp(
      "Groups of channels of the group norm, by default as trained, else 4; \"channels\" is one each.",
      valueName: "n|channels"))
  var groups: Groups?

  @Flag(help: "Use the style's own weights under every norm.")
  var swap = false

  @Option(
    help: ArgumentHelp(
      "Contrasts of each picture, above 0, with commas: 0.3,1,3; by default 1.", valueName: "list"),
    transform: ContrastList.init(typed:))
  var contrast = ContrastList(contrasts: [1])

  @Option(help: ArgumentHelp("Width of the sheet's pictures, in pixels.", valueName: "n"))
  var cellWidth = 320

  @OptionGroup var study: StudyOptions

  @OptionGroup var page: PageOptions

  @Flag(help: "Replace the sheet, and the page, if they are there already.")
  var overwrite = false

  func validate() throws {
    _ = try output.requirePictureFile()
    guard (16...4096).contains(cellWidth) else {
      throw ValidationError("--cell-width must be in 16...4096, not \(cellWidth)")
    }
  }

  func run() throws {
    let found = try inputs.pictures()
    let style = try style.choice(study.memory)
    try OutputFiles(output: output.path, page: page.html)
      .refuse(amongst: found.map(\.path) + style.inputs, replacing: overwrite)
    var table = ComparisonTable(
      found.flatMap { picture in
        contrast.contrasts.map { Study.Subject(picture.path, contrast: $0) }
      }, showsContrast: contrast.contrasts != [1])
    let title = "\(printable(style.model.name)) under \(counted(norms.norms.count, "norm"))"
    // Its sliders and plots are of the style as it was trained, where that is shown.
    let inOrder = norms.norms.filter { $0 == style.model.description.norm } + norms.norms
    let shown = inOrder.first { norm in
      (try? study.study(choice(of: norm, for: style))) != nil
    }
    var page: StudyPage?
    if let shown {
      let choice = try choice(of: shown, for: style)
      page = try self.page.studyPage(
        of: found.map(\.path), title: title, study.study(choice).network, choice,
        showing: norms.norms.count > 1 ? "sliders and plots" : nil, pictures: table.subjects.count,
        replacing: overwrite)
    }
    let control = BatchControl(total: table.subjects.count * norms.norms.count)
    for norm in norms.norms {
      let choice = try choice(of: norm, for: style)
      table.begin(choice)
      do {
        var own = norm == shown ? page : nil
        try look(study.study(choice), choice, control, &table, &own)
        if norm == shown { page = own }
      } catch let refusal as Refusal {
        // The other norms are shown.
        StandardError.writeLine("pastiche: \(norm.rawValue) norm: \(refusal.message)")
        table.refuse(norm)
      }
    }
    let sheet: Image
    do throws(ContactSheetError) {
      sheet = try table.sheet(title: title, cellWidth: cellWidth).render()
    } catch {
      throw Refusal(error)
    }
    try output.write(sheet, replacing: overwrite)
    try page?.end(sheet: sheet, alt: table.words, note: table.note)
    self.page.tellWritten()
    if table.hasFaults { throw ExitStatus.someFailed }
  }

  private func choice(of norm: Norm, for style: ChosenStyle) throws(Refusal) -> NormChoice {
    try NormOptions.choose(
      norm, groups: norm == .group ? groups : nil, swap: swap, for: style)
  }

  /// Adds the pictures under one norm.
  private func look(
    _ study: Study, _ choice: NormChoice, _ control: BatchControl,
    _ table: inout ComparisonTable, _ page: inout StudyPage?
  ) throws {
    var wishes = page?.wishes ?? Study.Wishes()
    wishes.thumbnailWidth = max(wishes.thumbnailWidth, cellWidth)
    let rows = table.readableRows
    try self.study.run(
      study, choice.normalization, rows.map { table.subjects[$0] }, control, wishes: wishes
    ) { index, finding in
      let subject = table.subjects[rows[index]]
      page?.append(
        finding, subject.path, contrast: table.showsContrast ? subject.contrast : nil)
      if let finding = try? finding.get() { table.take(finding, row: rows[index]) }
    }
  }
}

/// `instance,batch`
struct NormList: CustomStringConvertible {
  let norms: [Norm]

  init(norms: [Norm]) {
    self.norms = norms
  }

  /// - Throws: A usage error with the name that is wrong.
  @Sendable init(typed text: String) throws {
    var norms: [Norm] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      let norm = try Norm(typed: String(word.drop { $0 == " " }))
      if norms.contains(norm) { throw ValidationError("'\(norm.rawValue)' is named twice") }
      norms.append(norm)
    }
    self.norms = norms
  }

  var description: String { norms.map(\.rawValue).joined(separator: ",") }
}

/// `0.3,1,3`
struct ContrastList: CustomStringConvertible {
  let contrasts: [Float]

  init(contrasts: [Float]) {
    self.contrasts = contrasts
  }

  /// - Throws: A usage error with the number that is wrong.
  @Sendable init(typed text: String) throws {
    var contrasts: [Float] = []
    for word in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let contrast = Float(word.drop { $0 == " " }), contrast.isFinite, contrast > 0 else {
        throw ValidationError("'\(printable(String(word)))' is no number above 0")
      }
      if contrasts.contains(contrast) { throw ValidationError("'\(word)' is named twice") }
      contrasts.append(contrast)
    }
    self.contrasts = contrasts
  }

  var description: String { contrasts.map(Table.shortest).joined(separator: ",") }
}
