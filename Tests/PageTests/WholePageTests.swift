import Pages
import TestSupport
import Testing

/// What holds of the page as a whole: on any screen, for anyone, of any number of pictures.
@Suite(.deadline(minutes: 5)) struct WholePageTests {
  private static let longName = String(repeating: "x", count: 255)

  private static func page(_ count: Int, width: Int = 1280) throws -> OpenPage {
    let before = try SamplePages.picture(red: 200)
    let after = try SamplePages.picture(red: 40)
    return try OpenPage(title: "A_name_without_a_place_to_break_it_in_which_is_long", width: width)
    {
      writer in
      for number in 1...count {
        writer.append(SamplePages.painted("picture-\(number).jpg", before: before, after: after))
      }
      writer.append(PagePicture(name: longName, outcome: .failed(reason: "No.")))
      writer.finish(
        sheets: [PageSheet(after, alt: "Four norms")],
        statistics: SamplePages.statistics(
          images: [longName] + (1...count).map { "picture-\($0).jpg" }))
    }
  }

  @Test(arguments: [1, 20, 500])
  func pageOpens(count: Int) throws {
    let page = try Self.page(count)
    let loaded: Double = try page.browser.evaluate(
      "performance.getEntriesByType('navigation')[0].loadEventEnd")
    print("a page of \(count) pictures is loaded after \(Int(loaded)) ms")
    let sliders = "document.querySelectorAll('.compare input').length"
    #expect(try page.browser.evaluate(sliders) == count)
    let shown = "[...document.images].every(image => image.naturalWidth > 0 || !image.src)"
    #expect(try page.browser.evaluate(shown) == true)
    try page.expectNoComplaint()
  }

  @Test(arguments: [320, 360, 768, 1280])
  func nothingIsWiderThanTheScreen(width: Int) throws {
    let page = try Self.page(8, width: width)
    try page.browser.settle()
    let excess = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    #expect(try page.browser.evaluate(excess) == 0)
  }

  @Test func backgroundIsDarkInTheDark() throws {
    let page = try Self.page(1)
    let lightness = """
      (() => { const of = name => getComputedStyle(document.documentElement)[name]
        .match(/\\d+/g).slice(0, 3).reduce((sum, part) => sum + Number(part), 0) / 3;
      return [of('backgroundColor'), of('color')]; })()
      """
    let light: [Double] = try page.browser.evaluate(lightness)
    #expect(light[0] > 230 && light[1] < 60)
    try page.browser.emulate("prefers-color-scheme", "dark")
    let dark: [Double] = try page.browser.evaluate(lightness)
    #expect(dark[0] < 40 && dark[1] > 210)
  }

  /// By Tab alone one comes to all there is to do, in the order in which it is read.
  @Test func tabGoesThroughThePageInOrder() throws {
    let page = try Self.page(2)
    var places: [String] = []
    for _ in 0..<12 {
      try page.browser.key("Tab")
      places.append(
        try page.browser.evaluate(
          "(({ariaLabel, textContent, name, id, className, tagName}) => "
            + "(tagName === 'A' && textContent) || name || id || className || tagName)"
            + "(document.activeElement)"))
    }
    #expect(
      places == [
        "Pictures", "Contact sheet", "Statistics", Self.longName, "INPUT",
        "INPUT", "sheet", "view", "layer", "highlight", "plots", "wide",
      ])
  }

  @Test func everythingHasANameForScreenReaders() throws {
    let page = try Self.page(2)
    let nodes = try page.browser.accessibleNodes()
    func names(_ role: String) -> [String] { nodes.filter { $0.role == role }.map(\.name) }
    #expect(
      names("slider")
        == (1...2).map {
          "picture-\($0).jpg: how much of it is shown before rather than after"
        })
    for name in ["picture-1.jpg, before", "picture-1.jpg, after", "Four norms"] {
      #expect(names("image").contains(name))
    }
    #expect(names("button") == ["Four norms"])
    #expect(names("application") == ["in1, after conv1: 32 channels"])
    #expect(
      names("radio") == [
        "before the norm", "after instance norm", "after batch norm (stored statistics)", "in1",
        "in2",
      ])
    #expect(names("combobox") == ["Highlight"])
    #expect(!names("heading").contains(""))
    #expect(names("navigation") == ["Sections"])
  }

  /// On paper there is nothing to slide: both pictures stand side by side.
  @Test func bothPicturesArePrinted() throws {
    let page = try Self.page(1)
    try page.browser.send("Emulation.setEmulatedMedia", ["media": "print"])
    let boxes: [[Double]] = try page.browser.evaluate(
      """
      [...document.querySelectorAll('.compare .layer')].map(layer => {
      const {left, right} = layer.getBoundingClientRect(); return [left, right]; })
      """)
    let (before, after) = (boxes[0], boxes[1])
    #expect(before[1] <= after[0])
    #expect(try page.browser.evaluate("document.querySelector('nav').checkVisibility()") == false)
  }

  /// Without scripts there is nothing to slide with either.
  @Test func bothPicturesAreShownWithoutScripts() throws {
    let page = try Self.page(1)
    try page.browser.send("Emulation.setScriptExecutionDisabled", ["value": true])
    try page.browser.reload()
    let clip = "getComputedStyle(document.querySelector('.layer.after')).clipPath"
    #expect(try page.browser.evaluate(clip) == "none")
  }
}
