import ImageFiles
import SystemPackage
import Testing

@testable import Pages

@Suite struct PageWriterTests {
  private let thumbnail = PageImage(.jpeg, bytes: [0xFF, 0xD8, 0xFF], width: 4, height: 3)

  private func painted(_ name: String, notes: [String] = [], marks: [PageMark] = []) -> PagePicture
  {
    PagePicture(
      name: name, notes: notes,
      outcome: .painted(
        width: 400, height: 300, before: thumbnail, after: thumbnail, marks: marks))
  }

  private func page(
    title: String = "Title", _ pictures: [PagePicture] = [], sheet: PageSheet? = nil,
    statistics: PageStatistics? = nil
  ) -> String {
    var bytes: [UInt8] = []
    let writer = PageWriter(title: title, command: "pastiche") { bytes += $0 }
    for picture in pictures { writer.append(picture) }
    writer.finish(sheets: sheet.map { [$0] } ?? [], statistics: statistics)
    return String(decoding: bytes, as: UTF8.self)
  }

  @Test func pictureHasBothThumbnailsASliderAndItsWords() {
    let text = page([painted("sea.jpg", notes: ["Its profile was dropped."])])
    #expect(text.contains("alt=\"sea.jpg, before\""))
    #expect(text.contains("alt=\"sea.jpg, after\""))
    #expect(text.components(of: "src=\"data:image/jpeg;base64,/9j/\"") == 2)
    #expect(text.components(of: "<input type=\"range\"") == 1)
    #expect(text.contains("400 × 300"))
    #expect(text.contains("<li>Its profile was dropped.</li>"))
    #expect(text.contains("<p class=\"tally\">1 picture</p>"))
  }

  @Test func pictureThatFailedHasItsReasonAndNoSlider() {
    let failed = PagePicture(name: "b.png", outcome: .failed(reason: "It ends in row 3."))
    let text = page([painted("a.png"), failed])
    #expect(text.components(of: "<input type=\"range\"") == 1)
    #expect(text.contains("<p>It ends in row 3.</p>"))
    #expect(text.contains("2 pictures, 1 failed: <a href=\"#picture-2\"><bdi>b.png</bdi></a>"))
  }

  /// From the page's own place, with nothing in a name that could end the attribute.
  @Test func namesLeadToTheirFiles() {
    var bytes: [UInt8] = []
    let writer = PageWriter(title: "Title", command: "pastiche", at: "pages/a.html") { bytes += $0 }
    writer.append(
      PagePicture(
        name: "a.png", file: "out/a \"b\".png", original: "in/a.png",
        outcome: .painted(width: 400, height: 300, before: thumbnail, after: thumbnail)))
    writer.append(PagePicture(name: "b.png", file: "in/b.png", outcome: .failed(reason: "No.")))
    writer.append(
      PagePicture(
        name: "-", file: "-", original: "-",
        outcome: .painted(width: 400, height: 300, before: thumbnail, after: thumbnail)))
    writer.finish()
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.contains("<strong><bdi>-</bdi></strong> <span class=\"size\">400 × 300</span>"))
    #expect(
      text.contains(
        "<strong><a href=\"../out/a%20%22b%22.png\"><bdi>a.png</bdi></a></strong> "
          + "<span class=\"size\">400 × 300 · <a href=\"../in/a.png\">original</a></span>"))
    #expect(text.contains("<strong><a href=\"../in/b.png\"><bdi>b.png</bdi></a></strong>"))
    #expect(page([painted("a.png")]).components(of: "<strong><bdi>a.png</bdi></strong>") == 1)
  }

  @Test func layersAreSaidByTheirConvolutions() {
    let statistics = PageStatistics(
      images: ["a", "b"], layers: [.init(name: "res1.in2", convolution: "res1.conv2", channels: 2)],
      views: [
        .init(name: "before", layers: [.init(means: [0, 1, 2, 3], deviations: [1, 1, 1, 1])])
      ])
    let text = page([painted("a.png")], statistics: statistics)
    #expect(text.contains("res1.in2 is the norm after the convolution res1.conv2."))
    #expect(text.contains("res1.in2 <small>after res1.conv2, 2 channels</small>"))
  }

  @Test func remarksFollowTheTallyEvenWhereThereIsNoPicture() {
    func finished(_ pictures: [PagePicture]) -> String {
      var bytes: [UInt8] = []
      let writer = PageWriter(title: "Title", command: "pastiche") { bytes += $0 }
      for picture in pictures { writer.append(picture) }
      writer.finish(remarks: ["1 < 2.", "3 skipped."])
      return String(decoding: bytes, as: UTF8.self)
    }
    let remarks = "<br>1 &lt; 2.<br>3 skipped.</p>"
    #expect(finished([painted("a.png")]).contains("<p class=\"tally\">1 picture\(remarks)"))
    #expect(finished([]).contains("<p class=\"tally\">0 pictures\(remarks)"))
  }

  @Test func picturesOfSeveralPhotographsStandApart() {
    var bytes: [UInt8] = []
    let writer = PageWriter(title: "Title", command: "pastiche", at: "a.html") { bytes += $0 }
    for name in ["a", "b"] {
      writer.begin(PageList.File(FilePath("in/\(name).png"), name: name))
      for style in ["oil", "ink"] { writer.append(painted(style)) }
    }
    writer.finish(counting: "painting")
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(text.components(of: "<section") == 1 && text.components(of: "</section>") == 1)
    #expect(text.components(of: "<div class=\"gallery\">") == 2)
    #expect(text.components(of: "<div") == text.components(of: "</div>"))
    #expect(text.contains("</div>\n<h3><a href=\"in/b.png\"><bdi>b</bdi></a></h3>"))
    #expect(text.contains("<p class=\"tally\">4 paintings</p>"))
  }

  @Test func listsLeadToTheirFiles() {
    var bytes: [UInt8] = []
    let writer = PageWriter(title: "Title", command: "pastiche", at: "pages/a.html") { bytes += $0 }
    let file = PageList.File("out/a&b.png", name: "a&b.png")
    writer.finish(lists: [
      PageList(.failed, []), PageList(.slowest, [PageList.Item("1.2 s", [file])]),
    ])
    let text = String(decoding: bytes, as: UTF8.self)
    #expect(
      text.contains(
        "<li>1.2 s <span><a href=\"../out/a%26b.png\"><bdi>a&amp;b.png</bdi></a></span></li>"))
    #expect(!text.contains("id=\"failed\"") && text.contains("<section id=\"slowest\">"))
  }

  /// Of one picture there is nothing to compare.
  @Test func statisticsOfOnePictureAreFoldedAway() {
    func text(_ images: [String]) -> String {
      page(
        statistics: PageStatistics(
          images: images, layers: [.init(name: "in1", convolution: "conv1", channels: 1)],
          views: [
            .init(
              name: "before",
              layers: [
                .init(means: images.map { _ in 0 }, deviations: images.map { _ in 1 })
              ])
          ]))
    }
    #expect(text(["a"]).contains("<details>\n<summary>The plots</summary>"))
    #expect(!text(["a"]).contains("between the pictures"))
    #expect(!text(["a", "b"]).contains("<details>") && text(["a", "b"]).contains("between the"))
  }

  @Test func failuresBeyondTwelveAreCounted() {
    let failed = PagePicture(name: "b.png", outcome: .failed(reason: "No."))
    #expect(page(Array(repeating: failed, count: 15)).contains(" and 3 more</p>"))
  }

  @Test func markIsARingAndASentence() {
    let mark = PageMark(x: 0.25, y: 0.5, radius: 0.05, layer: "in3", channel: 57, share: 0.432)
    let text = page([painted("a.png", marks: [mark])])
    #expect(text.contains("style=\"left:25%;top:50%;width:10%\">1</span>"))
    #expect(
      text.contains("in3, channel 57: 43 % of its variance is at 25 % across and 50 % down"))
  }

  @Test func markOfNoNumbersBreaksNothing() {
    let mark = PageMark(x: .nan, y: .infinity, radius: .nan, layer: "in3", channel: 0, share: .nan)
    #expect(page([painted("a.png", marks: [mark])]).contains("left:0%;top:0%;width:0%"))
  }

  @Test func sectionsAreThereForWhatThereIs() {
    #expect(!page().contains("<section"))
    let sheet = PageSheet(thumbnail, alt: "Norms, side by side")
    #expect(page(sheet: sheet).contains("<section id=\"sheet\">"))
    let none = PageStatistics(images: [], layers: [], views: [])
    #expect(!page(statistics: none).contains("<section"))
  }

  /// Whatever the names are, the page's elements are the same.
  @Test func namesNeverBecomeMarkup() {
    func hostile(_ name: String) -> String {
      let mark = PageMark(x: 0.5, y: 0.5, radius: 0.1, layer: name, channel: 1, share: 0.5)
      return page(
        title: name,
        [
          painted(name, notes: [name], marks: [mark]),
          PagePicture(name: name, outcome: .failed(reason: name)),
        ],
        sheet: PageSheet(thumbnail, alt: name),
        statistics: PageStatistics(
          images: [name, name], layers: [.init(name: name, convolution: name, channels: 1)],
          views: [.init(name: name, layers: [.init(means: [0, 1], deviations: [1, 1])])]))
    }
    let plain = hostile("plain")
    for name in [
      "</script><script>alert(1)</script>", "\" onload='alert(1)' x=\"", "<!--", "'`${1}",
    ] {
      let text = hostile(name)
      for token in ["<", ">", "\"", "'"] {
        #expect(text.components(of: token) == plain.components(of: token))
      }
    }
  }

  @Test func nothingIsAskedForFromElsewhere() {
    let text = page([painted("a.png")])
    #expect(text.contains("default-src 'none'; img-src data:;"))
    // The name of SVG's namespace is an address that nobody asks.
    let addresses = text.replacing("http://www.w3.org/2000/svg", with: "")
    #expect(!addresses.contains("http:") && !addresses.contains("https:"))
  }

  /// The bytes of a page with everything on it, by their FNV-1a hash: styles and scripts are files
  /// that nothing else in a page depends on.
  @Test func sameValuesGiveTheSameBytes() {
    let mark = PageMark(x: 0.9, y: 0.5, radius: 0.05, layer: "in3", channel: 57, share: 0.432)
    let everything = page(
      [
        painted("a.png", notes: ["Its profile was dropped."], marks: [mark]),
        PagePicture(name: "b.png", outcome: .failed(reason: "It ends in row 3.")),
        PagePicture(
          name: "c.png", file: "out/c.png", original: "in/c.png",
          outcome: .painted(width: 400, height: 300, before: thumbnail, after: thumbnail)),
      ],
      sheet: PageSheet(thumbnail, alt: "Norms, side by side", note: "swapped: of others"),
      statistics: PageStatistics(
        images: ["a", "b"], layers: [.init(name: "in1", convolution: "conv1", channels: 3)],
        views: [
          .init(
            name: "before", hasOwnAxes: true,
            layers: [.init(means: [0, 10, 20, 4, 10, 28], deviations: [3, 3, 3, 5, 5, 5])]),
          .init(
            name: "after",
            layers: [.init(means: [0, 1, 2, 0, 1, 2], deviations: [1, 1, 1, 1, 1, 1])]),
        ]))
    let hash = everything.utf8.reduce(0xCBF2_9CE4_8422_2325 as UInt64) {
      ($0 ^ UInt64($1)) &* 0x100_0000_01B3
    }
    #expect(hash == 1_795_155_265_217_161_329)
    #expect(everything.utf8.count == 34_458)
  }

  private enum Full: Error { case disk }

  @Test func errorOfTheSinkIsThrownAsItIs() throws {
    var room = 1
    let writer = try PageWriter(title: "a", command: "b") { _ throws(Full) in
      room -= 1
      guard room >= 0 else { throw .disk }
    }
    #expect(throws: Full.disk) { try writer.append(painted("a.png")) }
  }

  /// Five hundred pictures, thumbnails of 25 kB, and the statistics of the published network.
  @Test func pageOfManyPicturesIsUnder40Megabytes() {
    let thumbnail = PageImage(
      .jpeg, bytes: [UInt8](repeating: 0x5A, count: 25_000), width: 320, height: 213)
    var size = 0
    var largest = 0
    let writer = PageWriter(title: "Many", command: "pastiche") { bytes in
      size += bytes.count
      largest = max(largest, bytes.count)
    }
    let names = (0..<500).map { "photograph-\($0).jpg" }
    for name in names {
      writer.append(
        PagePicture(
          name: name,
          outcome: .painted(width: 3000, height: 2000, before: thumbnail, after: thumbnail)))
    }
    writer.finish(statistics: .ofPublishedNetwork(images: names))
    print("a page of 500 pictures: \(size) bytes")
    #expect(size < 40_000_000)
    #expect(largest < 1_000_000)
  }
}

extension PageStatistics {
  /// Three views of fifteen layers, in one of which the images are alike.
  fileprivate static func ofPublishedNetwork(images: [String]) -> PageStatistics {
    let channels = [32, 64] + Array(repeating: 128, count: 11) + [64, 32]
    let apart = channels.map { channels in
      let values = (0..<images.count * channels).map { Float($0 * 7919 % 1009) }
      return Values(means: values, deviations: values)
    }
    let alike = channels.map { channels in
      let values = (0..<images.count * channels).map { Float($0 % channels) }
      return Values(means: values, deviations: values)
    }
    return PageStatistics(
      images: images,
      layers: channels.enumerated().map {
        .init(name: "in\($0)", convolution: "conv\($0)", channels: $1)
      },
      views: [
        .init(name: "before", hasOwnAxes: true, layers: apart),
        .init(name: "instance", layers: alike), .init(name: "batch", layers: apart),
      ])
  }
}

extension String {
  fileprivate func components(of token: String) -> Int {
    self.split(separator: token, omittingEmptySubsequences: false).count - 1
  }
}
