import ImageFiles
import Pages
import TestSupport
import Testing

@Suite(.deadline(minutes: 5)) struct SheetTests {
  private let isOpen = "document.querySelector('dialog').open"

  private func page() throws -> OpenPage {
    try OpenPage { writer in
      let image = try SamplePages.picture(.png, red: 90, width: 3000, height: 200)
      writer.finish(sheets: [PageSheet(image, alt: "Four norms")])
    }
  }

  @Test func enterEnlargesAndEscapeCloses() throws {
    let page = try page()
    try page.browser.focus(".sheet")
    try page.browser.key("Enter")
    #expect(try page.browser.evaluate(isOpen) == true)
    let width = "document.querySelector('dialog img').getBoundingClientRect().width"
    #expect(
      try page.browser.evaluate("document.querySelector('dialog img').decode().then(() => 1)") == 1)
    #expect(try page.browser.evaluate(width) == 3000)
    try page.browser.key("Escape")
    #expect(try page.browser.evaluate(isOpen) == false)
    #expect(try page.browser.evaluate("document.activeElement.className") == "sheet")
    try page.expectNoComplaint()
  }

  @Test func clicksOpenAndClose() throws {
    let page = try page()
    try page.browser.press(".sheet")
    #expect(try page.browser.evaluate(isOpen) == true)
    try page.browser.press("dialog button")
    #expect(try page.browser.evaluate(isOpen) == false)
    try page.browser.press(".sheet")
    try page.browser.press("dialog div")
    #expect(try page.browser.evaluate(isOpen) == false)
  }
}
