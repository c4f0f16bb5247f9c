import BatchStylizer
import Laboratory
import StyleEngine
import SystemPackage

/// The output of `pastiche stats --json` and `--csv`.
struct StatisticsDocument: Encodable {
  var images: [Image] = []

  struct Image: Encodable {
    let path: String
    /// The path's bytes, where text can't give them.
    let pathBase64: String?
    let layers: [Layer]

    init(_ path: FilePath, _ statistics: PictureStatistics) {
      let written = JSONPath(path)
      self.path = written.text
      pathBase64 = written.base64
      layers = statistics.layers.map {
        Layer(
          name: $0.name, mean: $0.mean, variance: $0.variance, scale: $0.scale, shift: $0.shift)
      }
    }
  }

  /// The numbers of each channel of a layer.
  struct Layer: Encodable {
    let name: String
    let mean: [Double]
    let variance: [Double]
    let scale: [Float]
    let shift: [Float]
  }

  static let csvHeader = "path,layer,channel,mean,variance,scale,shift"

  /// A row for each channel of each layer of each image (RFC 4180).
  var csvRows: [String] {
    images.flatMap { image in
      image.layers.flatMap { layer in
        layer.mean.indices.map { channel in
          [
            Self.field(image.path), Self.field(layer.name), "\(channel)",
            "\(layer.mean[channel])", "\(layer.variance[channel])", "\(layer.scale[channel])",
            "\(layer.shift[channel])",
          ].joined(separator: ",")
        }
      }
    }
  }

  private static func field(_ text: String) -> String {
    guard text.contains(where: { [",", "\"", "\n", "\r", "\r\n"].contains($0) }) else {
      return text
    }
    return "\""
      + text.map { $0 == "\"" ? "\"\"" : String($0) }.joined() + "\""
  }
}
