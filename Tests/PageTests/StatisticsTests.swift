import Pages
import TestSupport
import Testing

/// What a person does with the plots of a page.
@Suite(.deadline(minutes: 5)) struct StatisticsTests {
  private static let names = ["one.jpg", "two.jpg", "three.jpg"]

  private func page() throws -> OpenPage {
    try OpenPage { $0.finish(statistics: SamplePages.statistics(images: Self.names)) }
  }

  /// How far the drawn lines reach from top to bottom in one column of the plot, averaged.
  private let reach = """
    (() => { const lines = document.querySelector('.plots .lines');
    const {width, height} = lines;
    const copy = new OffscreenCanvas(width, height).getContext('2d', {willReadFrequently: true});
    copy.drawImage(lines, 0, 0);
    const {data} = copy.getImageData(0, 0, width, height);
    let sum = 0, columns = 0;
    for (let x = 80; x < width - 20; x += 3) {
      let first = -1, last = -1;
      for (let y = 0; y < height; y++) if (data[4 * (y * width + x) + 3]) {
        if (first < 0) first = y;
        last = y;
      }
      sum += last - first; columns += 1;
    }
    return sum / columns; })()
    """

  @Test func linesLieOnOneAnotherAfterInstanceNormOnly() throws {
    let page = try page()
    try page.browser.settle()
    try page.browser.press(".views label:nth-child(3)")
    try page.browser.settle()
    let apart: Double = try page.browser.evaluate(reach)
    try page.browser.press(".views label:nth-child(2)")
    try page.browser.settle()
    let together: Double = try page.browser.evaluate(reach)
    #expect(together > 0)
    #expect(apart > 3 * together, "\(apart) and \(together) pixels")
    try page.expectNoComplaint()
  }

  /// The axes' own drawing, which is the same in the views that share them.
  @Test func viewsShareTheirAxesUnlessTheySayOtherwise() throws {
    let page = try page()
    func axes(view: Int) throws -> String {
      try page.browser.press(".views label:nth-child(\(view))")
      try page.browser.settle()
      return try page.browser.evaluate("document.querySelector('.plots .axes').toDataURL()")
    }
    let note = "document.querySelector('.plot p').innerText"
    let own = try axes(view: 1)
    #expect(try page.browser.evaluate(note) == "mean, on axes of this view’s own")
    let instance = try axes(view: 2)
    #expect(try page.browser.evaluate(note) == "mean")
    #expect(try axes(view: 3) == instance)
    #expect(own != instance)
  }

  @Test func pointingReadsALineAndAClickKeepsIt() throws {
    let page = try page()
    let words = "document.querySelector('output').textContent"
    #expect(try page.browser.evaluate(words) == "")
    try page.browser.point(".plot", at: 0.5, 0.5)
    let read: String = try page.browser.evaluate(words)
    #expect(read.contains(/^(one|two|three)\.jpg, channel 1\d: mean -?[\d.]+, deviation [\d.]+$/))
    try page.browser.press(".plot", at: 0.5, 0.5)
    let kept: String = try page.browser.evaluate(
      "document.querySelector('#highlight').selectedOptions[0].textContent")
    #expect(read.hasPrefix(kept))
    try page.browser.point("h1")
    #expect(try page.browser.evaluate(words, as: String.self).hasPrefix(kept))
    try page.expectNoComplaint()
  }

  /// What is read is what was written, to the precision that the page states.
  @Test func valuesAreTheOnesWritten() throws {
    let page = try page()
    let statistics = SamplePages.statistics(images: Self.names)
    try page.browser.focus(".plots")
    try page.browser.key("ArrowDown")
    for _ in 0..<5 { try page.browser.key("ArrowRight") }
    let values = statistics.views[0].layers[0]
    let words: String = try page.browser.evaluate("document.querySelector('output').textContent")
    let match = try #require(words.wholeMatch(of: /one\.jpg, channel 5: mean (.+), deviation (.+)/))
    let mean = try #require(Float(match.1))
    let deviation = try #require(Float(match.2))
    #expect(abs(mean - values.means[5]) < 1)
    #expect(abs(deviation - values.deviations[5]) < 1)
  }

  @Test func arrowKeysGoThroughChannelsAndPictures() throws {
    let page = try page()
    let words = "document.querySelector('output').textContent"
    func expect(_ start: String) throws {
      #expect(try page.browser.evaluate(words, as: String.self).hasPrefix(start))
    }
    try page.browser.focus(".plots")
    try page.browser.key("ArrowRight")
    try expect("one.jpg, channel 0:")
    try page.browser.key("ArrowRight")
    try page.browser.key("ArrowDown")
    try expect("two.jpg, channel 1:")
    try page.browser.key("End")
    try page.browser.key("ArrowRight")
    try expect("two.jpg, channel 31:")
    try page.browser.key("ArrowUp")
    try page.browser.key("ArrowUp")
    try expect("one.jpg, channel 31:")
    try page.browser.key("Escape")
    #expect(try page.browser.evaluate(words) == "")
    try page.expectNoComplaint()
  }

  @Test func layersAndViewsAreChosenByKeys() throws {
    let page = try page()
    let title = "document.querySelector('#layer-name').textContent"
    #expect(try page.browser.evaluate(title) == "in1, after conv1: 32 channels")
    try page.browser.focus("[name=layer]")
    try page.browser.key("ArrowRight")
    #expect(try page.browser.evaluate(title) == "in2, after conv2: 64 channels")
    try page.browser.focus("[name=view]")
    try page.browser.key("ArrowRight")
    let view = "document.querySelector('.views :checked').parentElement.textContent.trim()"
    #expect(try page.browser.evaluate(view) == "after instance norm")
    try page.expectNoComplaint()
  }

  @Test func highlightedPictureIsDrawnOverTheOthers() throws {
    let page = try page()
    let drawn = """
      (() => { const canvas = document.querySelector('.plots .pointer');
      const {data} = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
      return data.some(value => value); })()
      """
    #expect(try page.browser.evaluate(drawn) == false)
    try page.browser.focus("#highlight")
    try page.browser.key("ArrowDown")
    #expect(try page.browser.evaluate(drawn) == true)
    #expect(try page.browser.evaluate("document.querySelector('output').textContent") == "one.jpg")
  }

  /// With motion unwelcome, the lines are where they belong at once.
  @Test func linesGlideOnlyWhereMotionIsWelcome() throws {
    let page = try page()
    try page.browser.settle()
    let after = """
      (() => { document.querySelectorAll('[name=view]')[1].click();
      return document.querySelector('.plots .lines').toDataURL(); })()
      """
    try page.browser.emulate("prefers-reduced-motion", "reduce")
    let atOnce: String = try page.browser.evaluate(after)
    try page.browser.settle()
    let settled = "document.querySelector('.plots .lines').toDataURL()"
    #expect(try page.browser.evaluate(settled) == atOnce)
  }

  @Test func plotsAreDrawnInTheColoursOfTheHour() throws {
    let page = try page()
    try page.browser.settle()
    let axes = "document.querySelector('.plots .axes').toDataURL()"
    let light: String = try page.browser.evaluate(axes)
    try page.browser.emulate("prefers-color-scheme", "dark")
    try page.browser.settle()
    #expect(try page.browser.evaluate(axes) != light)
  }
}
