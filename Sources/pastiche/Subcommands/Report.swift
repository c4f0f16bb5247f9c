import ArgumentParser
import BatchStylizer
import ImageFiles
import Laboratory
import Pages
import SystemFiles
import SystemPackage

/// `pastiche report MANIFEST...`
struct Report: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Sum up what runs did, from their manifests.",
    discussion: """
      Manifests are kept among outputs by stylize --manifest, --resume and --shard. Those of all \
      shards are summed up together; of a picture that was done again, the last time counts.
      """)

  @Argument(help: ArgumentHelp("Manifests, or directories that hold some.", valueName: "manifest"))
  var manifests: [PathArgument]

  @OptionGroup var page: PageOptions

  @Flag(help: "Replace the page if it is there already.")
  var overwrite = false

  @Flag(help: "Print it as one JSON document.")
  var json = false

  func run() throws {
    let paths = manifests.map(\.path)
    try OutputFiles(page: page.html).refuse(amongst: paths, replacing: overwrite)
    let summary: ManifestSummary
    do throws(ManifestError) { summary = try ManifestSummary(reading: paths) } catch {
      throw Refusal(error)
    }
    guard summary.runs > 0 || summary.unreadableLines == 0 else {
      throw Refusal(
        "no line of \(paths.map(\.printable).joined(separator: ", ")) is a manifest's; "
          + "name manifests, or directories that hold some")
    }
    try write(page: summary)
    if json {
      try StandardOutput.writeLine(encodedJSON(ReportDocument(summary), pretty: true))
    } else {
      for line in lines(summary) { try StandardOutput.writeLine(line) }
    }
  }

  private func write(page summary: ManifestSummary) throws(Refusal) {
    guard let html = page.html else { return }
    let file = try PageOptions.begin(
      html.path, replacing: overwrite,
      title: "\(counted(summary.done, "picture")) done, \(summary.failed) failed",
      facts: facts(summary))
    do { try ReportPage(file).finish(summary, duration: Self.seconds) } catch let error
      as AtomicFileError
    {
      throw Refusal(error)
    } catch {
      throw Refusal("the page's figure: \(error)")
    }
    page.tellWritten()
  }

  /// The time of one picture, which may be short.
  private static func seconds(_ seconds: Double) -> String {
    seconds < 10 ? "\(decimals(seconds, 2)) s" : duration(seconds)
  }

  private func facts(_ summary: ManifestSummary) -> [(name: String, text: String)] {
    [
      ("Runs", "\(summary.runs)"), ("Time", duration(summary.seconds)),
      ("Speed", "\(decimals(summary.picturesPerSecond, 2)) pictures/s"),
    ]
  }

  private func lines(_ summary: ManifestSummary) -> [String] {
    var lines = [
      "\(summary.done) done, \(summary.failed) failed in \(counted(summary.runs, "run")), "
        + "\(duration(summary.seconds)), \(decimals(summary.picturesPerSecond, 2)) pictures/s"
    ]
    for reason in summary.reasons {
      lines.append(reason.sentence)
      let rest = reason.pictures - reason.examples.count
      lines += reason.examples.map { "  \(printable($0))" } + (rest > 0 ? ["  \(rest) more"] : [])
    }
    if let slowest = summary.slowest.first, slowest.seconds > 0 {
      lines.append("slowest:")
      lines += summary.slowest.map { "  \(Self.seconds($0.seconds))  \(printable($0.output))" }
    }
    if summary.unreadableLines > 0 {
      lines.append("\(counted(summary.unreadableLines, "line")) passed over that no run wrote")
    }
    return lines
  }
}

/// The document of `report --json`.
private struct ReportDocument: Encodable {
  struct Reason: Encodable {
    let error: String
    let count: Int
    let pictures: Int
    let examples: [String]
  }

  struct Item: Encodable {
    let input: String
    let output: String
    let seconds: Double
  }

  let done: Int
  let failed: Int
  let reasons: [Reason]
  let runs: Int
  let seconds: Double
  let picturesPerSecond: Double
  let slowest: [Item]
  let unreadableLines: Int

  init(_ summary: ManifestSummary) {
    (done, failed, runs) = (summary.done, summary.failed, summary.runs)
    reasons = summary.reasons.map { reason in
      Reason(
        error: reason.text, count: reason.count, pictures: reason.pictures,
        examples: reason.examples.map { JSONPath($0).text })
    }
    func rounded(_ value: Double) -> Double { (value * 1000).rounded() / 1000 }
    (seconds, picturesPerSecond) = (rounded(summary.seconds), rounded(summary.picturesPerSecond))
    slowest = summary.slowest.map { item in
      Item(
        input: JSONPath(item.input).text, output: JSONPath(item.output).text,
        seconds: item.seconds)
    }
    unreadableLines = summary.unreadableLines
  }
}
