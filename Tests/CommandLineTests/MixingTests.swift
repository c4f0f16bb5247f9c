import ImageFiles
import TestSupport
import Testing

/// `--strength` and `--keep-color`.
@Suite(.deadline(minutes: 5)) struct MixingTests {
  private func folder(isGray: Bool = false) throws -> Folder {
    let folder = try Folder()
    try folder.picture("a.png", width: 30, height: 22, isGray: isGray)
    return folder
  }

  @Test func noStrengthIsThePhotograph() throws {
    let folder = try folder()
    // Without the network its norm doesn't matter: the style has no statistics.
    let run = try folder.run("a.png", "-o", "b.png", "--strength", "0", "--norm", "batch")
    #expect(run.status == 0)
    #expect(try folder.image("b.png") == folder.image("a.png"))
  }

  @Test(arguments: [0.25, 0.5, 1]) func strengthMixes(_ strength: Double) throws {
    let folder = try folder()
    #expect(try folder.run("a.png", "-o", "full.png").status == 0)
    #expect(try folder.run("a.png", "-o", "mixed.png", "--strength", "\(strength)").status == 0)
    let photograph = try folder.image("a.png").bytes
    let full = try folder.image("full.png").bytes
    let mixed = try folder.image("mixed.png").bytes
    var checked = 0
    for (index, sample) in full.enumerated() where 0 < sample && sample < 255 {
      // What the network gave beyond black and white isn't known here.
      let expected = strength * Double(sample) + (1 - strength) * Double(photograph[index])
      #expect(abs(Double(mixed[index]) - expected) <= 1)
      checked += 1
    }
    #expect(checked > full.count / 2)
  }

  @Test func keptColourOfAGrayPhotographIsTheResultsLightness() throws {
    let folder = try folder(isGray: true)
    #expect(try folder.run("a.png", "-o", "full.png").status == 0)
    #expect(try folder.run("a.png", "-o", "kept.png", "--keep-color").status == 0)
    let full = try folder.image("full.png").bytes
    let kept = try folder.image("kept.png").bytes
    #expect(full != kept)
    var checked = 0
    for pixel in stride(from: 0, to: full.count, by: 3) {
      let color = full[pixel..<pixel + 3].map(Double.init)
      guard color.allSatisfy({ 0 < $0 && $0 < 255 }) else { continue }
      let lightness = 0.299 * color[0] + 0.587 * color[1] + 0.114 * color[2]
      for sample in kept[pixel..<pixel + 3] { #expect(abs(Double(sample) - lightness) <= 1.01) }
      checked += 1
    }
    #expect(checked > full.count / 3 / 2)
  }
}
