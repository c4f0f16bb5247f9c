import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import StyleModels
import StyleNetwork
import SystemPackage

/// `pastiche compare IMAGE... -m STYLE -o FILE`
struct Compare: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Draw a sheet of pictures under several norms: a row each, a column a norm.",
    discussion: """
      Each norm uses the style's variant that was trained with it, where there is one, else other \
      statistics under the same weights, as does --swap in any case. --contrast adds rows of the \
      same picture at other contrasts, which instance norm doesn't see.
      """)

  @OptionGroup var inputs: PictureArguments
  @OptionGroup var style: StyleOptions

  @Option(
    name: .shortAndLong,
    help: ArgumentHelp("The sheet to write, a .png or .jpg.", valueName: "file"))
  var output: PathArgument

  @Option(
    help: ArgumentHelp(
      "The columns: any of instance, group, layer, batch and batch-live, with commas.",
      valueName: "list"))
  var norms = NormList(norms: [.instance, .group, .layer, .batch, .batchLive])

  @Option(
    help: ArgumentHelp(
      "Groups of channels of the group norm; \"channels\" is one each.", valueName: "n|channels"))
  var groups: Groups?

  @Flag(help: "Use the style's own weights under every norm.")
  var swap = false

  @Option(
    help: ArgumentHelp("Contrasts of each picture, with commas: 0.3,1,3.", valueName: "list"))
  var contrast = ContrastList(contrasts: [1])

  @Option(help: ArgumentHelp("Width of the sheet's pictures, in pixels.", valueName: "n"))
  var cellWidth = 320

  @OptionGroup var study: StudyOptions

  @Flag(help: "Replace the sheet if it is there already.")
  var overwrite = false

  func validate() throws {
    _ = try output.requirePictureFile()
    guard (16...4096).contains(cellWidth) else {
      throw ValidationError("--cell-width must be in 16...4096, not \(cellWidth)")
    }
  }

  func run() throws {
    let format = try output.requirePictureFile()
    let subjects = try inputs.pictures().flatMap { found in
      contrast.contrasts.map { Study.Subject(found.path, contrast: $0) }
    }
    if !overwrite, FileIdentity(of: output.path) != nil {
      throw Refusal(BatchPlanError.outputExists(output.path).description)
    }
    let (file, model) = try style.model()
    var table = ComparisonTable(subjects, showsContrast: contrast.contrasts != [1])
    let control = StudyControl(total: subjects.count * norms.norms.count)
    for norm in norms.norms {
      let choice = try NormOptions.choose(
        norm, groups: norm == .group ? groups : nil, swap: swap, for: model, in: file)
      table.begin(norm, choice)
      do {
        try look(choice, control, &table)
      } catch let refusal as Refusal {
        // The other norms are shown.
        StandardError.writeLine("pastiche: \(norm.rawValue) norm: \(refusal.message)")
        table.refuse(norm)
      }
    }
    let title = "\(printable(model.name)) under \(counted(norms.norms.count, "norm"))"
    try write(table.sheet(title: title, cellWidth: cellWidth), format)
    if table.hasFaults { throw ExitStatus.someFailed }
  }

  /// Adds the pictures under one norm.
  private func look(
    _ choice: NormOptions.Choice, _ control: StudyControl, _ table: inout ComparisonTable
  ) throws {
    var wishes = Study.Wishes()
    wishes.thumbnailWidth = cellWidth
    let rows = table.readableRows
    try study.run(choice, rows.map { table.subjects[$0] }, control, wishes: wishes) {
      index, finding in
      table.take(finding, row: rows[index])
    }
  }

  private func write(_ sheet: ContactSheet, _ format: ImageFormat) throws {
    let image: Image
    do throws(ContactSheetError) { image = try sheet.render() } catch {
      throw Refusal("\(error)")
    }
    do throws(ImageFileError) {
      let sink = try ImageFile.create(
        output.path, format: format, width: image.width, height: image.height,
        pixels: image.pixels, replacing: overwrite)
      try image.write(to: sink)
      try sink.finish()
    } catch {
      throw Refusal("\(printable(output.path)): \(error)")
    }
  }
}

/// `instance,batch`
struct NormList: ExpressibleByArgument {
  let norms: [Norm]

  init(norms: [Norm]) {
    self.norms = norms
  }

  init?(argument: String) {
    let names = argument.split(separator: ",", omittingEmptySubsequences: false)
    let norms = names.compactMap { Norm(rawValue: String($0)) }
    guard norms.count == names.count, Set(norms).count == norms.count else { return nil }
    self.norms = norms
  }

  var defaultValueDescription: String { norms.map(\.rawValue).joined(separator: ",") }
}

/// `0.3,1,3`
struct ContrastList: ExpressibleByArgument {
  let contrasts: [Float]

  init(contrasts: [Float]) {
    self.contrasts = contrasts
  }

  init?(argument: String) {
    let words = argument.split(separator: ",", omittingEmptySubsequences: false)
    let contrasts = words.compactMap { Float($0) }.filter { $0.isFinite && $0 > 0 }
    guard contrasts.count == words.count, Set(contrasts).count == contrasts.count else {
      return nil
    }
    self.contrasts = contrasts
  }

  var defaultValueDescription: String { contrasts.map(shortest).joined(separator: ",") }
}
