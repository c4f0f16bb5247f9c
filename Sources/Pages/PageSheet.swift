/// A contact sheet, which a click enlarges.
public struct PageSheet: Equatable, Sendable {
  public let image: PageImage
  /// The description of the sheet in words, for those who don't see it.
  public let alt: String

  /// The explanation of the sheet's words, where they need one.
  public let note: String?

  public init(_ image: PageImage, alt: String, note: String? = nil) {
    self.image = image
    self.alt = alt
    self.note = note
  }

  var section: HTML {
    """
    <section id="sheet">
    <h2>Contact sheet</h2>\(note.map { "\n<p class=\"lead\">\($0)</p>" as HTML } ?? "")
    <button type="button" class="sheet" aria-haspopup="dialog">\(image.element(alt: alt))</button>
    <dialog aria-label="Contact sheet">
    <button type="button">Close</button>
    <div tabindex="0" role="region" aria-label="The sheet, enlarged"><img alt="\(alt)"></div>
    </dialog>
    </section>

    """
  }
}
