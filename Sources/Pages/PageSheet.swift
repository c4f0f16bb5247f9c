/// A contact sheet, which a click enlarges.
public struct PageSheet: Equatable, Sendable {
  public let image: PageImage
  /// The description of the sheet in words, for those who don't see it.
  public let alt: String

  public init(_ image: PageImage, alt: String) {
    self.image = image
    self.alt = alt
  }

  var section: HTML {
    """
    <section id="sheet">
    <h2>Contact sheet</h2>
    <button type="button" class="sheet" aria-haspopup="dialog">\(image.element(alt: alt))</button>
    <dialog aria-label="Contact sheet">
    <button type="button">Close</button>
    <div tabindex="0" role="region" aria-label="The sheet, enlarged"><img alt="\(alt)"></div>
    </dialog>
    </section>

    """
  }
}
