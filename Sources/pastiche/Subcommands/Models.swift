import ArgumentParser
import BatchStylizer
import StyleModels
import SystemPackage

/// `pastiche models`
struct Models: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List the styles at hand, with their cards.")

  @OptionGroup var library: LibraryOptions

  @Flag(help: "Print one JSON array.")
  var json = false

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
    let bestSize: Int?
    let grain: Double
    let margin: Int
    let licence: String
    let training: String
    let card: [String: String]
  }

  func run() throws {
    let (styles, unreadable) = try ChosenStyle.all(in: library.library)
    for reason in unreadable { StandardError.writeLine("pastiche: \(reason)") }
    let cards = styles.map { style in
      let model = style.model
      return Card(
        name: style.name, isDefault: style.name == StyleArgument.standard.defaultValueDescription,
        file: style.file.map { JSONPath($0).text } ?? "", kind: model.kind.rawValue,
        base: model.base?.name, norm: model.description.norm.rawValue,
        width: model.description.architecture.width, parameters: model.parameterCount,
        hasBatchStatistics: model.hasBatchStatistics, bestSize: model.advice.bestSize,
        grain: model.advice.grain, margin: model.advice.margin, licence: model.licence,
        training: model.training, card: model.card)
    }
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
