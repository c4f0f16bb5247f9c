/// A place in a picture where a local spike dominates a channel's statistics, as behind StyleGAN's
/// blobs.
///
/// Paper: Karras et al. 2020, arXiv:1912.04958.
public struct PageMark: Equatable, Sendable {
  /// The middle, 0…1 of the picture's width and height.
  public let x, y: Double
  /// The radius, 0…1 of the picture's width.
  public let radius: Double
  public let layer: String
  public let channel: Int
  /// The share of the channel's variance that comes from there, 0…1.
  public let share: Double

  public init(
    x: Double, y: Double, radius: Double, layer: String, channel: Int, share: Double
  ) {
    self.x = x
    self.y = y
    self.radius = radius
    self.layer = layer
    self.channel = channel
    self.share = share
  }
}

extension PageMark {
  /// The words for what the ring shows.
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
