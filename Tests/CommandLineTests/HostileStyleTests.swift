import Foundation
import SystemPackage
import TestSupport
import Testing
import WeightFiles

/// No number in a style's file, nor what it makes of a picture, ends the program: it paints, or says why
/// it can't.
@Suite(.deadline(minutes: 5)) struct HostileStyleTests {
  /// A style of which something is out of the ordinary.
  struct Hostile: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let change: @Sendable (inout WeightFile) -> Void
  }

  private static func weights(
    _ name: String, of suffix: String, _ value: @escaping @Sendable (Float) -> Float
  ) -> Hostile {
    Hostile(testDescription: "\(suffix): \(name)") { file in
      for (key, tensor) in file.tensors where key.hasSuffix(suffix) {
        file.tensors[key]?.values = tensor.values.map(value)
      }
    }
  }

  private static func metadata(_ key: String, _ text: String) -> Hostile {
    Hostile(testDescription: "\(key): \(text)") { $0.metadata[key] = text }
  }

  /// Numbers that arithmetic may stumble over.
  static let weights: [Hostile] =
    [".weight", ".bias", ".gamma", ".beta", ".mean", ".variance"].flatMap { suffix in
      [
        weights("huge", of: suffix) { $0 < 0 ? -3e38 : 3e38 },
        weights("large", of: suffix) { $0 * 1e19 },
        weights("tiny", of: suffix) { $0 < 0 ? -.leastNonzeroMagnitude : .leastNonzeroMagnitude },
        weights("nothing", of: suffix) { _ in 0 },
      ]
    } + [
      weights("negative", of: ".variance") { -$0 }, metadata("input_range", "-1e308,1e308"),
      metadata("input_range", "0,1e-45"), metadata("epsilon", "1e308"),
      metadata("epsilon", "1e-320"), metadata("grain", "64"),
    ]

  /// What reading may stumble over.
  static let facts: [Hostile] = [
    ("input_range", ["nan,nan", "0,nan", "0,inf", "255,0", "0,0", "1e30,1e30", ""]),
    ("epsilon", ["0", "-1", "nan"]),
    ("groups", ["0", "9223372036854775807", "99999999999999999999", "-4"]),
    ("width", ["9223372036854775807", "-1", "4611686018427387904", "1e3"]),
    ("residual_blocks", ["9223372036854775807", "-1"]),
    ("best_size", ["9223372036854775807", "0", "99999999999999999999"]),
    ("margin", ["9223372036854775807", "-1"]), ("grain", ["nan", "1e308", "-1"]),
    ("format_version", ["9223372036854775808"]), ("architecture", ["\u{202E}x\u{0}"]),
    ("kind", ["\u{1B}[2J"]),
  ].flatMap { key, texts in texts.map { metadata(key, $0) } }

  /// A style's own, its place taken by the file, and `a.png`, by a picture.
  private static let commands: [[String]] = [
    ["a.png", "-o", "out.png", "-m", "./style.safetensors"],
    ["a.png", "-o", "out16.png", "-m", "./style.safetensors", "--depth", "16", "--norm", "layer"],
    ["a.png", "b.png", "-o", "live/", "-m", "./style.safetensors", "--norm", "batch-live"],
    ["a.png", "-o", "stored.png", "-m", "./style.safetensors", "--norm", "batch"],
    ["a.png", "-o", "out", "-m", "./style.safetensors", "--html", "page.html", "--dry-run"],
    ["a.png", "-o", "paged.png", "-m", "./style.safetensors", "--html", "paged.html"],
    ["a.png", "-o", "mixed.png", "-m", "./style.safetensors:0.5,parau-api:0.5"],
    ["preview", "a.png", "-o", "sheet.png", "-m", "./style.safetensors"],
    ["models", "--models", "."], ["models", "--models", ".", "--json"],
    ["stats", "a.png", "-m", "./style.safetensors"],
    ["stats", "a.png", "b.png", "-m", "./style.safetensors", "--json", "--html", "stats.html"],
    ["compare", "a.png", "b.png", "-m", "./style.safetensors", "-o", "compared.png"],
    ["experiment", "contrast", "a.png", "b.png", "-m", "./style.safetensors", "-o", "1.png"],
    ["experiment", "company", "a.png", "b.png", "-m", "./style.safetensors", "-o", "2.png"],
    ["experiment", "groups", "a.png", "b.png", "-m", "./style.safetensors", "-o", "3.png"],
    ["experiment", "batches", "a.png", "b.png", "-m", "./style.safetensors", "-o", "4.png"],
    ["experiment", "affine", "a.png", "b.png", "-m", "./style.safetensors", "-o", "5.png"],
    ["calibrate", "a.png", "b.png", "-m", "./style.safetensors", "-o", "calibrated.safetensors"],
    ["convert", "style.safetensors", "-o", "converted.safetensors"],
    ["benchmark", "-m", "./style.safetensors", "--size", "16x16", "--rounds", "1", "--layers"],
    ["train", "--style", "b.png", "--base", "style.safetensors", "-o", "own.safetensors"],
  ]

  /// `PASTICHE_HOSTILE=all` tries each with every command, which takes minutes; else one in six.
  @Test(arguments: weights.indices) func everyCommandEndsWell(_ number: Int) throws {
    let commands = Self.commands.indices.filter { isHostilityThorough || ($0 + number) % 6 == 0 }
    try end(Self.weights[number], commands.map { Self.commands[$0] })
  }

  @Test(arguments: facts) func whatCannotBeReadIsSaid(_ hostile: Hostile) throws {
    try end(hostile, [Self.commands[0], ["models", "--models", "."]])
  }

  private func end(_ hostile: Hostile, _ commands: [[String]]) throws {
    let folder = try Folder()
    try folder.picture("a.png", width: 24, height: 20, seed: 1)
    try folder.picture("b.png", width: 20, height: 24, seed: 2)
    var style = TestStyles.style("style", seed: 3, withStatistics: true)
    hostile.change(&style)
    try style.write(to: folder.path.appending("style.safetensors"), replacing: false)
    for command in commands {
      let ended = try folder.run(command)
      #expect(
        [0, 1, 2, 64].contains(ended.status),
        "\(command): \(ended.status) \(ended.errors.suffix(900))")
      #expect(ended.status == 0 || !ended.errors.isEmpty, "\(command)")
      let text = ended.errors + ended.output
      #expect(!text.unicodeScalars.contains { "\u{1B}\u{202E}".unicodeScalars.contains($0) })
    }
  }
}
