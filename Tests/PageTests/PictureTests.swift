import ImageFiles
import Pages
import TestSupport
import Testing

/// What a person does with the pictures of a page.
@Suite(.deadline(minutes: 5)) struct PictureTests {
  private let share =
    "Number(getComputedStyle(document.querySelector('.compare'))"
    + ".getPropertyValue('--at'))"

  private func page(_ count: Int = 2) throws -> OpenPage {
    try OpenPage { writer in
      for number in 1...count {
        writer.append(try SamplePages.painted("picture \(number).jpg"))
      }
      writer.finish()
    }
  }

  @Test func clickMovesTheSlider() throws {
    let page = try page()
    try page.browser.press(".compare input", at: 0.25)
    #expect(try abs(page.browser.evaluate(share) - 25.0) < 1)
    #expect(
      try page.browser.evaluate("document.querySelector('.compare input').ariaValueText")
        == "25 % before")
    // The other picture's stays.
    let other = "document.querySelectorAll('.compare input')[1].value"
    #expect(try page.browser.evaluate(other) == "50")
    try page.expectNoComplaint()
  }

  @Test func dragMovesTheSlider() throws {
    let page = try page()
    try page.browser.drag(".compare input", from: 0.5, to: 0.8)
    #expect(try abs(page.browser.evaluate(share) - 80.0) < 1)
    try page.expectNoComplaint()
  }

  @Test func touchMovesTheSlider() throws {
    let page = try page()
    try page.browser.send("Emulation.setTouchEmulationEnabled", ["enabled": true])
    try page.browser.swipe(".compare input", from: 0.6, to: 0.1)
    #expect(try abs(page.browser.evaluate(share) - 10.0) < 3)
    try page.expectNoComplaint()
  }

  @Test func arrowKeysMoveTheSlider() throws {
    let page = try page()
    try page.browser.focus(".compare input")
    for _ in 0..<3 { try page.browser.key("ArrowRight") }
    #expect(try page.browser.evaluate(share) == 53.0)
    try page.browser.key("ArrowLeft")
    #expect(try page.browser.evaluate(share) == 52.0)
    try page.browser.key("End")
    #expect(try page.browser.evaluate(share) == 100.0)
    try page.browser.key("Home")
    #expect(try page.browser.evaluate(share) == 0.0)
    let outline = "getComputedStyle(document.activeElement).outlineStyle"
    #expect(try page.browser.evaluate(outline) == "solid")
  }

  /// The part of the picture to the left of the handle shows it before, the rest after.
  @Test func sliderShowsBeforeToTheLeft() throws {
    let page = try page()
    try page.browser.press(".compare input", at: 0.7)
    let clip = "getComputedStyle(document.querySelector('.layer.after')).clipPath"
    let text: String = try page.browser.evaluate(clip)
    let match = try #require(text.firstMatch(of: /^inset\(0px 0px 0px ([\d.]+)%\)$/))
    #expect(abs((Double(match.1) ?? 0) - 70) < 1)
    let labels =
      "[...document.querySelectorAll('.compare')[0].querySelectorAll('.tag')]"
      + ".map(tag => tag.textContent).join()"
    #expect(try page.browser.evaluate(labels) == "before,after")
  }

  @Test func ringsCanBeHidden() throws {
    let page = try OpenPage { writer in
      let mark = PageMark(x: 0.3, y: 0.6, radius: 0.1, layer: "in3", channel: 57, share: 0.4)
      writer.append(try SamplePages.painted("a.jpg", marks: [mark]))
      writer.finish()
    }
    // The ring's middle, in shares of the picture.
    let place = """
      (() => { const ring = document.querySelector('.ring').getBoundingClientRect();
      const picture = document.querySelector('.compare').getBoundingClientRect();
      return [(ring.x + ring.width / 2 - picture.x) / picture.width,
        (ring.y + ring.height / 2 - picture.y) / picture.height, ring.width / picture.width]; })()
      """
    let ring: [Double] = try page.browser.evaluate(place)
    #expect(zip(ring, [0.3, 0.6, 0.2]).allSatisfy { abs($0 - $1) < 0.005 })
    let isSeen = "document.querySelector('.ring').checkVisibility()"
    #expect(try page.browser.evaluate(isSeen) == true)
    try page.browser.press("#marks")
    #expect(try page.browser.evaluate(isSeen) == false)
    try page.expectNoComplaint()
  }

  @Test func switchOfRingsIsThereOnlyWithRings() throws {
    let isSeen = "document.querySelector('.switch').checkVisibility()"
    #expect(try page().browser.evaluate(isSeen) == false)
  }

  @Test func failedPictureSaysWhyAndIsLinkedToAtTheTop() throws {
    let page = try OpenPage { writer in
      writer.append(try SamplePages.painted("a.jpg"))
      writer.append(PagePicture(name: "b.png", outcome: .failed(reason: "It ends in row 3.")))
      writer.finish()
    }
    let first = "document.querySelector('#pictures h2').nextElementSibling.textContent"
    #expect(try page.browser.evaluate(first) == "2 pictures, 1 failed: b.png")
    let target = "document.querySelector(document.querySelector('.tally a').hash).innerText"
    #expect(try page.browser.evaluate(target, as: String.self).contains("It ends in row 3."))
    try page.expectNoComplaint()
  }

  /// Whatever it is, a name is shown as text and runs nothing.
  @Test(arguments: [
    "</script><script>window.ran = 1</script>.jpg", "\"><img src=x onerror='window.ran = 1'>",
    "' onfocus='window.ran = 1' autofocus='", "line\nbreak\t\u{1B}[31m", "\u{202E}gpj.eman",
    "🌊 שלום.png", "${window.ran = 1}", "&lt;b&gt;", "%3Cscript%3E",
  ])
  func hostileNamesAreText(name: String) throws {
    let page = try OpenPage { writer in
      writer.append(try SamplePages.painted(name))
      writer.append(PagePicture(name: name, outcome: .failed(reason: name)))
      writer.finish(statistics: SamplePages.statistics(images: [name, name]))
    }
    try page.browser.press(".plots", at: 0.5, 0.3)
    let ran: Bool = try page.browser.evaluate("'ran' in window")
    #expect(!ran)
    let shown = name.replacing("\n", with: "␊").replacing("\t", with: "␉")
      .replacing("\u{1B}", with: "␛")
    for place in ["figcaption bdi", ".failed p", "output bdi", "#highlight option:nth-child(2)"] {
      let text: String = try page.browser.evaluate("document.querySelector('\(place)').textContent")
      #expect(text == shown)
    }
    try page.expectNoComplaint()
  }
}
