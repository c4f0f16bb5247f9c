import Testing

@testable import Pages

@Suite struct HTMLTests {
  @Test(arguments: [
    ("</script><img src=x>", "&lt;/script&gt;&lt;img src=x&gt;"),
    ("\"a\" & 'b'", "&quot;a&quot; &amp; &#39;b&#39;"),
    ("a\0b\n\r\t\u{1B}[1m", "a␀b␊␍␉␛[1m"),
    ("\u{7F}\u{85}", "␡\u{FFFD}"),
    ("&amp;", "&amp;amp;"),
    ("שלום \u{202E}gpj.🌊", "שלום \u{202E}gpj.🌊"),
    ("e\u{301}<\u{338}", "e\u{301}&lt;\u{338}"),
  ])
  func textIsEscaped(text: String, markup: String) {
    #expect(
      ("<b title=\"\(text)\">\(text)</b>" as HTML).text == "<b title=\"\(markup)\">\(markup)</b>")
  }

  @Test func markupAndNumbersStandAsTheyAre() {
    let items = ["a", "<"].map { "<li>\($0)</li>" as HTML }
    #expect(("<ul>\(items)</ul>\(-7)" as HTML).text == "<ul><li>a</li><li>&lt;</li></ul>-7")
    #expect(HTML(verbatim: Array("<br>\n".utf8), Array("é".utf8)).text == "<br>\n\né")
  }

  @Test func bytesAreBase64() {
    #expect(("\(base64: [0xFF, 0xD8, 0xFF, 0])" as HTML).text == "/9j/AA==")
  }
}
