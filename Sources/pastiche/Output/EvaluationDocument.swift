import BatchStylizer
import Sheets
import StyleTraining
import SystemPackage

/// What `pastiche evaluate` finds, as JSON and for people.
struct EvaluationDocument: Encodable {
  let style: String
  let painting: String
  /// A path's bytes, where text can't give them.
  let paintingBase64: String?
  let lossNetwork: String
  let lossNetworkBase64: String?
  let images: [Image]
  let mean: Losses

  struct Image: Encodable {
    let path: String
    let pathBase64: String?
    let painted: Terms
    let untouched: Terms
  }

  /// Of one picture, or the mean over all.
  struct Losses: Encodable {
    let painted: Terms
    let untouched: Terms

    init(_ finding: Evaluation.Finding, _ weights: LossWeights) {
      painted = Terms(finding.painted, weights)
      untouched = Terms(finding.untouched, weights)
    }
  }

  struct Terms: Encodable {
    let content: Double
    let style: Double
    let range: Double
    let lattice: Double
    let fine: Double
    /// The sum, each term times its weight.
    let total: Double

    init(_ terms: LossTerms, _ weights: LossWeights) {
      content = terms.content
      style = terms.style
      range = terms.range
      lattice = terms.lattice
      fine = terms.fine
      total = weights.total(terms)
    }
  }

  init(
    style: String, painting: FilePath, lossNetwork: FilePath, weights: LossWeights,
    findings: [(path: FilePath, finding: Evaluation.Finding)]
  ) {
    self.style = style
    let (painting, lossNetwork) = (JSONPath(painting), JSONPath(lossNetwork))
    self.painting = painting.text
    paintingBase64 = painting.base64
    self.lossNetwork = lossNetwork.text
    lossNetworkBase64 = lossNetwork.base64
    images = findings.map { path, finding in
      let (path, losses) = (JSONPath(path), Losses(finding, weights))
      return Image(
        path: path.text, pathBase64: path.base64, painted: losses.painted,
        untouched: losses.untouched)
    }
    mean = Losses(.mean(findings.map(\.finding)), weights)
  }

  private static let digits = 4

  /// A line for each picture, and the mean.
  var text: String {
    func row(_ name: String, _ painted: Terms, _ untouched: Terms) -> [String] {
      [name]
        + [painted.content, painted.style, painted.total, untouched.total].map {
          decimals($0, Self.digits)
        }
    }
    return Table(
      headings: ["image", "content", "style", "total painted", "total untouched"],
      rows: images.map { row(printable($0.path), $0.painted, $0.untouched) }
        + [row("mean", mean.painted, mean.untouched)]
    ).text
  }
}
