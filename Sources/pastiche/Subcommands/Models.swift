import ArgumentParser
import BatchStylizer
import StyleModels
import SystemFiles
import SystemPackage

/// `pastiche models`
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the styles at hand, with their cards.")

  @Argument(
    help: ArgumentHelp("Styles, or their files; by default all at hand.", valueName: "style"),
    completion: .custom { words, _, prefix in
      StyleArgument.completions(of: prefix, in: words).filter { $0 != "all" }
    })
  var styles: [PathArgument] = []

  @OptionGroup var library: LibraryOptions

  @Flag(help: "Print one JSON array.")
  var json = false

  @Flag(name: [.short, .long], help: "Also tell where styles were looked for.")
  var verbose = false

  private struct Card: Encodable {
    let name: String
    let isDefault: Bool
    let file: String
    let kind: String
    /// The base's name; nil for a network.
    let base: String?
    let norm: String
    let width: Int
    let parameters: Int
    let hasBatchStatistics: Bool
    /// The norms under which variants beside it were trained.
    let variants: [String]
    let bestSize: Int?
    let grain: Double
    let margin: Int
    let licence: String
    let training: String
    let card: [String: String]

    init(_ style: StyleHeader, of file: FilePath) {
      name = file.stem.map { printable($0) } ?? style.name
      isDefault = name == StyleArgument.standard.defaultValueDescription
      self.file = JSONPath(file).text
      (kind, base) = (style.kind.rawValue, style.base?.name)
      norm = style.description.norm.rawValue
      width = style.description.architecture.width
      (parameters, hasBatchStatistics) = (style.parameterCount, style.hasBatchStatistics)
      variants = [Norm.instance, .group, .layer, .batch].compactMap { norm in
        StyleLibrary.variant(of: file, norm: norm).map { _ in norm.rawValue }
      }
      bestSize = style.advice.bestSize
      (grain, margin) = (style.advice.grain, style.advice.margin)
      (licence, training, card) = (style.licence, style.training, style.card)
    }
  }

  func run() throws {
    library.tellWhatIsMissing()
    let library = library.library()
    let read = { (file: FilePath) throws(StyleModelError) in
      Card(try library.header(contentsOf: file), of: file)
    }
    var (cards, unreadable): ([Card], [String]) = ([], [])
    if styles.isEmpty { (cards, unreadable) = try ChosenStyle.each(in: library, read) }
    for style in styles { cards.append(try ChosenStyle.one(style.path, in: library, read)) }
    if verbose {
      for directory in library.directories {
        let isThere = FileIdentity(of: directory) != nil
        StandardError.writeLine(
          "looked in \(printable(directory))\(isThere ? "" : ", which isn't there")")
      }
    }
    for reason in unreadable { StandardError.writeLine("pastiche: \(reason)") }
    try StandardOutput.writeLine(json ? encodedJSON(cards, pretty: true) : text(of: cards))
    if !unreadable.isEmpty { throw ExitStatus.someFailed }
  }

  private func text(of cards: [Card]) -> String {
    cards.map(text).joined(separator: "\n")
  }

  private func text(of card: Card) -> String {
    var network = "\(card.norm) norm, width \(card.width), \(card.parameters) weights"
    if let base = card.base { network += " on the base \"\(printable(base))\"" }
    if card.hasBatchStatistics { network += ", stored batch statistics" }
    if !card.variants.isEmpty {
      network += ", also trained with \(card.variants.joined(separator: ", ")) norm"
    }
    if let size = card.bestSize { network += ", best at \(size) pixels" }
    var lines = [printable(card.name) + (card.isDefault ? " (the default)" : "")]
    for (key, value) in card.card.sorted(by: { $0.key < $1.key }) {
      lines.append("  \(printable(key)): \(printable(value))")
    }
    lines += ["  \(network)", "  \(printable(card.training))"]
    lines += ["  licence: \(printable(card.licence))", "  \(printable(card.file))"]
    return lines.joined(separator: "\n")
  }
}
