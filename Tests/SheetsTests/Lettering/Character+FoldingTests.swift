import Testing

@testable import Sheets

@Suite struct CharacterFoldingTests {
  /// Precomposed, as a file's name comes from Linux, and decomposed, as from a Mac.
  @Test(arguments: [
    ("über.jpg", "uber.jpg"), ("u\u{308}ber.jpg", "uber.jpg"), ("Ångström", "Angstrom"),
    ("phở ngệ", "pho nge"), ("Łódź smörgåsbord", "Lodz smorgasbord"), ("ø", "o"),
    ("3.45\u{202F}PM", "3.45 PM"), ("e\u{300}\u{330}", "e"),
  ]) func nameIsDrawnWithoutItsMarks(name: String, plain: String) {
    let font = StrokeFont(size: 14)
    #expect(
      font.strokes(of: name, x: 3, baseline: 20) == font.strokes(of: plain, x: 3, baseline: 20))
    #expect(font.width(of: name) == font.width(of: plain))
  }

  @Test(arguments: ["ß", "æ", "ı", "й", "犬", "👩‍🎨", "\r\n", "\u{7}", "ᴇ"])
  func whatIsNoMarkedLetterIsABox(name: String) {
    #expect(StrokeFont(size: 20).width(of: name) == StrokeFont.unknown.advance)
  }
}
