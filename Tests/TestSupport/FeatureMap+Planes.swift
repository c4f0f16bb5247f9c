import Tensors

extension FeatureMap {
  /// The rows held, as `[channels][rows][width]`.
  public var planes: [[[Float]]] {
    (0..<channels).map { channel in
      rows.map { y in
        let pixels = row(y, block: channel / lanes) + channel % lanes
        return (0..<width).map { pixels[$0 * lanes] }
      }
    }
  }
}
