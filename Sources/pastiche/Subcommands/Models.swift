import ArgumentParser
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
    let file: String
    let norm: String
    let width: Int
    let parameters: Int
    let hasBatchStatistics: Bool
    let licence: String
    let training: String
    let card: [String: String]
  }

  func run() throws {
    let library = library.library
    var cards: [Card] = []
    var hasFaults = false
    for file in library.files {
      do throws(Refusal) {
        let model = try StyleOptions.model(in: file)
        cards.append(
          Card(
            name: file.stem ?? model.name, file: JSONPath(file).text,
            norm: model.description.norm.rawValue, width: model.description.architecture.width,
            parameters: model.parameterCount, hasBatchStatistics: model.hasBatchStatistics,
            licence: model.licence, training: model.training, card: model.card))
      } catch {
        hasFaults = true
        StandardError.writeLine("pastiche: \(error.message)")
      }
    }
    try StandardOutput.writeLine(json ? encodedJSON(cards, pretty: true) : text(of: cards))
    if cards.isEmpty {
      let places = library.directories.map(printable).joined(separator: ", ")
      throw Refusal("no styles in \(places); name a directory with --models")
    }
    if hasFaults { throw ExitStatus.someFailed }
  }

  private func text(of cards: [Card]) -> String {
    cards.flatMap { card in
      let statistics = card.hasBatchStatistics ? ", stored batch statistics" : ""
      return [
        printable(card.name),
        "  \(card.norm) norm, width \(card.width), \(card.parameters) weights\(statistics)",
        "  \(printable(card.training))",
      ]
        + card.card.sorted { $0.key < $1.key }.map {
          "  \(printable($0.key)): \(printable($0.value))"
        }
        + ["  licence: \(printable(card.licence))", "  \(printable(card.file))"]
    }.joined(separator: "\n")
  }
}
