extension PageMark {
  /// What the ring shows, in words.
  var sentence: String {
    let place = "\(percentage(x) ?? "?") % across and \(percentage(y) ?? "?") % down"
    return
      "\(layer), channel \(channel): \(percentage(share) ?? "?") % of its variance is at \(place)"
  }

  func ring(number: Int) -> HTML {
    // From right to left, the number stands on the ring's left, where it isn't cut off.
    let direction = x > 0.8 ? "rtl" : "ltr"
    let place = "left:\(percentage(x) ?? "0")%;top:\(percentage(y) ?? "0")%"
    return """
      <span class="ring" aria-hidden="true" dir="\(direction)" \
      style="\(place);width:\(percentage(2 * radius) ?? "0")%">\(number)</span>

      """
  }
}
