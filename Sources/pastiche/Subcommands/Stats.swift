import ArgumentParser
import BatchStylizer
import Glibc
import ImageFiles
import Laboratory
import Layers
import StyleEngine
import StyleModels
import SystemPackage

/// `pastiche stats IMAGE... -m STYLE`
struct Stats: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tell what the norms measure in pictures.",
    discussion: """
      For each picture, norm layer and channel: the mean and variance of the convolution's output \
      before the norm, and the scale and shift that result. By default a summary: which layers \
      and channels move most between the pictures.
      """)

  @OptionGroup var inputs: PictureArguments
  @OptionGroup var style: StyleOptions
  @OptionGroup var norm: NormOptions
  @OptionGroup var study: StudyOptions

  @OptionGroup var page: PageOptions

  @Flag(help: "Replace the page if it is there already.")
  var overwrite = false

  @Flag(help: "Print all of it as one JSON document.")
  var json = false

  @Flag(help: "Print all of it as a table, a row for each channel.")
  var csv = false

  func validate() throws {
    if json, csv { throw ValidationError("--json and --csv exclude one another") }
  }

  func run() throws {
    let found = try inputs.pictures()
    let style = try style.choice(study.memory)
    try OutputFiles(page: page.html)
      .refuse(amongst: found.map(\.path) + style.inputs, replacing: overwrite)
    let choice = try norm.choose(for: style)
    if let note = choice.note { StandardError.writeLine(note) }
    let study = try study.study(choice)
    var page = try page.studyPage(
      of: found.map(\.path), title: "Statistics of \(counted(found.count, "picture"))",
      study.network, choice, pictures: found.count, replacing: overwrite)
    let control = BatchControl(total: found.count)
    var document = StatisticsDocument()
    var statistics: [PictureStatistics] = []
    try self.study.run(
      study, choice.normalization, found.map { Study.Subject($0.path) }, control,
      wishes: page?.wishes ?? Study.Wishes()
    ) { index, finding in
      page?.append(finding, found[index].path)
      guard let finding = try? finding.get() else { return }
      document.images.append(StatisticsDocument.Image(found[index].path, finding.statistics))
      statistics.append(finding.statistics)
    }
    try page?.end()
    self.page.tellWritten()
    if json {
      try StandardOutput.writeLine(encodedJSON(document))
    } else if csv {
      try StandardOutput.writeLine(StatisticsDocument.csvHeader)
      for row in document.csvRows { try StandardOutput.writeLine(row) }
    } else {
      let pictures = counted(statistics.count, "picture")
      try StandardOutput.writeLine(
        "\(printable(choice.model.name)), \(choice.norm.rawValue) norm, \(pictures)")
      let text = StatisticsText(
        summary: StatisticsSummary(statistics), pictures: statistics.count,
        names: study.network.normNames)
      for line in text.lines { try StandardOutput.writeLine(line) }
    }
    if statistics.count < found.count { throw ExitStatus.someFailed }
  }
}
