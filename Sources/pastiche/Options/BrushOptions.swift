import ArgumentParser
import StyleEngine
import StyleModels

/// The way in which a style is put on.
struct BrushOptions: ParsableArguments {
  /// `--stroke-size auto` or `--stroke-size 2.5`.
  enum StrokeSize: Equatable, ExpressibleByArgument {
    case auto
    case factor(Double)

    init?(argument: String) {
      if argument == "auto" {
        self = .auto
      } else if let factor = Double(argument), Brush.factors.contains(factor) {
        self = .factor(factor)
      } else {
        return nil
      }
    }

    var defaultValueDescription: String { "auto" }
  }

  @Option(
    help: ArgumentHelp(
      "How many times as large as the network's own strokes are, 1...100; by default auto.",
      discussion: """
        auto: as large as on a picture of the size that the style is best at. The picture is \
        painted at a fraction of its size, enlarged, and given what is finer.
        """, valueName: "auto|factor"))
  var strokeSize: StrokeSize?

  @Option(
    help: ArgumentHelp(
      "Where what is finer than large strokes comes from.",
      discussion: """
        painted: the picture painted at its own size. photo: the photograph's lightness, softer and \
        in a fraction of the time. none: nowhere.
        """))
  var detail: Brush.Detail = .painted

  @Option(
    help: ArgumentHelp(
      "Levels of noise that give blank areas strokes, 0...64; by default what the style says.",
      valueName: "n"))
  var grain: Float?

  @Option(
    help: ArgumentHelp(
      "Pixels painted around the picture and cut off, 0...256; by default what the style says.",
      valueName: "n"))
  var margin: Int?

  @Flag(help: "The network as it is: --stroke-size 1 --grain 0 --margin 0.")
  var plain = false

  func validate() throws {
    if let grain, !PaintingAdvice.grains.contains(Double(grain)) {
      throw ValidationError("--grain must be in 0...64, not \(grain)")
    }
    if let margin, !PaintingAdvice.margins.contains(margin) {
      throw ValidationError("--margin must be in 0...256, not \(margin)")
    }
    if plain, strokeSize != nil || grain != nil || margin != nil || detail != .painted {
      throw ValidationError(
        "--plain excludes --stroke-size, --detail, --grain and --margin: it is the network as it is"
      )
    }
  }

  /// What options that can't act are said to do: nothing.
  var idle: [String] {
    detail != .painted && strokeSize == .factor(1)
      ? ["--detail does nothing with --stroke-size 1"] : []
  }

  /// The brush for a style: what its file says, but for what was asked for.
  func brush(for advice: PaintingAdvice) -> Brush {
    var brush = Brush()
    if plain { return brush }
    brush = Brush(advice)
    if case .factor(let factor) = strokeSize { brush.strokeSize = .factor(factor) }
    brush.detail = detail
    if let grain { brush.grain = grain }
    if let margin { brush.margin = margin }
    return brush
  }
}

extension Brush.Detail: ExpressibleByArgument {}
