extension PagePicture {
  /// - Parameter number: The picture's place on the page, from 1.
  func figure(number: Int) -> HTML {
    switch outcome {
    case .painted(let width, let height, let before, let after, let marks):
      """
      <figure id="picture-\(number)" class="picture" style="--w:\(after.width);--h:\(after.height)">
      <div class="compare">
      <div class="layer">\(before.element(alt: "\(name), before"))\
      <span class="tag" aria-hidden="true">before</span></div>
      <div class="layer after">\(after.element(alt: "\(name), after"))\
      <span class="tag" aria-hidden="true">after</span></div>
      \(marks.enumerated().map { $1.ring(number: $0 + 1) })\
      <input type="range" min="0" max="100" step="any" value="50" autocomplete="off" \
      aria-valuetext="50 % before" aria-label="\(name): how much of it is shown before rather than after">
      <span class="handle" aria-hidden="true"></span>
      </div>
      <figcaption>\(title) <span class="size">\(width) × \(height)</span>\
      \(noteList)\(markList(marks))</figcaption>
      </figure>

      """
    case .failed(let reason):
      """
      <figure id="picture-\(number)" class="picture failed">
      <figcaption>\(title) <span class="size">failed</span>\
      <p>\(reason)</p>\(noteList)</figcaption>
      </figure>

      """
    }
  }

  private var title: HTML { "<strong><bdi>\(name)</bdi></strong>" }

  private var noteList: HTML {
    notes.isEmpty ? "" : "<ul>\(notes.map { "<li>\($0)</li>" as HTML })</ul>"
  }

  private func markList(_ marks: [PageMark]) -> HTML {
    guard !marks.isEmpty else { return "" }
    let places = marks.count == 1 ? "1 place dominates" : "\(marks.count) places dominate"
    return """
      <details><summary>\(places) a channel’s statistics</summary>\
      <ol>\(marks.map { "<li>\($0.description)</li>" as HTML })</ol></details>
      """
  }
}

extension PageMark {
  /// What the ring shows, in words.
  fileprivate var description: String {
    let place = "\(percentage(x) ?? "?") % across and \(percentage(y) ?? "?") % down"
    return
      "\(layer), channel \(channel): \(percentage(share) ?? "?") % of its variance is at \(place)"
  }

  fileprivate func ring(number: Int) -> HTML {
    // From right to left, the number stands on the ring's left, where it isn't cut off.
    let direction = x > 0.8 ? "rtl" : "ltr"
    let place = "left:\(percentage(x) ?? "0")%;top:\(percentage(y) ?? "0")%"
    return """
      <span class="ring" aria-hidden="true" dir="\(direction)" \
      style="\(place);width:\(percentage(2 * radius) ?? "0")%">\(number)</span>

      """
  }
}
