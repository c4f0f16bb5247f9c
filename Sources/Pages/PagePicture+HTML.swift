import SystemFiles
import SystemPackage

extension PagePicture {
  /// - Parameters:
  ///   - number: The picture's place on the page, from 1.
  ///   - page: The page's own path, from which files are found.
  func figure(number: Int, on page: FilePath) -> HTML {
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
      aria-label="\(name): how much of it is shown before rather than after" \
      aria-valuetext="50 % before">
      <span class="handle" aria-hidden="true"></span>
      </div>
      <figcaption>\(title(on: page)) <span class="size">\(width) × \(height)\
      \(original(on: page))</span>\
      \(noteList)\(markList(marks))</figcaption>
      </figure>

      """
    case .failed(let reason):
      """
      <figure id="picture-\(number)" class="picture failed">
      <figcaption>\(title(on: page)) <span class="size">failed</span>\
      <p>\(reason)</p>\(noteList)</figcaption>
      </figure>

      """
    }
  }

  private func title(on page: FilePath) -> HTML {
    "<strong>\(link(to: file, "<bdi>\(name)</bdi>", on: page))</strong>"
  }

  private func original(on page: FilePath) -> HTML {
    guard let original, !original.isStandardStream else { return "" }
    return " · \(link(to: original, "original", on: page))"
  }

  private var noteList: HTML {
    notes.isEmpty ? "" : "<ul>\(notes.map { "<li>\($0)</li>" as HTML })</ul>"
  }

  private func markList(_ marks: [PageMark]) -> HTML {
    guard !marks.isEmpty else { return "" }
    let places = marks.count == 1 ? "1 place dominates" : "\(marks.count) places dominate"
    return """
      <details><summary>\(places) a channel’s statistics</summary>\
      <ol>\(marks.map { "<li>\($0.sentence)</li>" as HTML })</ol></details>
      """
  }
}
