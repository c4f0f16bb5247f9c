/// A picture of many, or of lines, which a click enlarges.
public struct PageSheet: Equatable, Sendable {
  public let section: PageSection
  public let image: PageImage
  /// The description of the sheet in words, for those who don't see it.
  public let alt: String
  /// The explanation of the sheet's words, where they need one.
  public let note: String?

  public init(
    _ image: PageImage, as section: PageSection = .sheet, alt: String, note: String? = nil
  ) {
    self.section = section
    self.image = image
    self.alt = alt
    self.note = note
  }

  var html: HTML {
    """
    \(section.start)\(note.map { "\n<p class=\"lead\">\($0)</p>" as HTML } ?? "")
    <button type="button" class="sheet" aria-haspopup="dialog">\(image.element(alt: alt))\
    <span>Enlarge</span></button>
    <dialog aria-label="\(section.title)">
    <button type="button">Close</button>
    <div tabindex="0" role="region" aria-label="\(section.title), enlarged"><img alt="\(alt)"></div>
    </dialog>
    </section>

    """
  }
}
