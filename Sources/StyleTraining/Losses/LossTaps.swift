/// The layers that a loss looks at.
public struct LossTaps: Equatable, Sendable {
  /// A layer at a scale: what is finer than the scale's pixels is free for strokes.
  public struct Place: Equatable, Sendable {
    public let tap: LossNetwork.Tap
    /// 0: at full size, 1: at half, 2: at a quarter.
    public let scale: Int

    public init(_ tap: LossNetwork.Tap, scale: Int) {
      (self.tap, self.scale) = (tap, scale)
    }
  }

  /// What is kept of the photograph; each place counts alike. At full size a picture keeps every
  /// brick and letter and looks filtered; at half and a quarter its forms are drawn anew.
  public var content = [Place(.relu31, scale: 1), Place(.relu22, scale: 2)]
  /// At full, half and quarter size: larger strokes show at smaller sizes. relu1_1 at full size would
  /// reward a weave of two or three pixels.
  public var style: [[LossNetwork.Tap]] = [
    [.relu21, .relu31], [.relu11, .relu21, .relu31, .relu34],
    [.relu21, .relu31, .relu34],
  ]

  public init() {}

  /// The shortest side of a scale: what two maxima of 2×2 leave a sample of.
  static let leastOfScale = 4

  /// The shortest side of a picture that is seen at every scale.
  var leastSide: Int { Self.leastOfScale << max(0, style.count - 1) }

  /// The places of the content as `init(content:)` reads them: `relu3_1/2,relu2_2/4`.
  public var contentText: String {
    content.map { $0.tap.rawValue + ($0.scale > 0 ? "/\(1 << $0.scale)" : "") }
      .joined(separator: ",")
  }

  /// The usual layers, with the content at other places: `relu2_2` at full size, `/2` at half and `/4`
  /// at a quarter, several with commas between; nil where it is none of these or names one twice.
  public init?(content text: String) {
    let texts = text.split(separator: ",", omittingEmptySubsequences: false)
    content = []
    for text in texts {
      let parts = text.split(separator: "/", omittingEmptySubsequences: false)
      guard let tap = LossNetwork.Tap(rawValue: String(parts[0])), parts.count <= 2,
        let scale = parts.count == 1 ? 0 : ["2": 1, "4": 2][parts[1]]
      else { return nil }
      let place = Place(tap, scale: scale)
      guard !content.contains(place) else { return nil }
      content.append(place)
    }
  }
}
