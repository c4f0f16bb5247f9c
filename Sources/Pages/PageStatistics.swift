/// The statistics of every channel of every picture, as a page plots them.
public struct PageStatistics: Equatable, Sendable {
  /// The pictures' names, printable.
  public let images: [String]
  public let layers: [Layer]
  /// The stages at which statistics were taken, before and after a norm for one.
  public let views: [View]

  public struct Layer: Equatable, Sendable {
    /// The norm's name.
    public let name: String
    /// The convolution before the norm.
    public let convolution: String
    public let channels: Int

    /// - Precondition: there are channels.
    public init(name: String, convolution: String, channels: Int) {
      precondition(channels > 0, "there are channels")
      self.name = name
      self.convolution = convolution
      self.channels = channels
    }
  }

  public struct View: Equatable, Sendable {
    public let name: String
    /// Whether the view's values are of another kind than the other views', so that a plot on their
    /// axes would show nothing; the page says so.
    public let hasOwnAxes: Bool
    /// The values of each layer.
    public let layers: [Values]

    public init(name: String, hasOwnAxes: Bool = false, layers: [Values]) {
      self.name = name
      self.hasOwnAxes = hasOwnAxes
      self.layers = layers
    }
  }

  /// One layer's values, each `[image][channel]`, flat.
  public struct Values: Equatable, Sendable {
    public internal(set) var means: [Float]
    public internal(set) var deviations: [Float]

    public init(means: [Float], deviations: [Float]) {
      self.means = means
      self.deviations = deviations
    }

    /// The means and the deviations, in the order in which the page's script knows them.
    var quantities: [[Float]] { [means, deviations] }
  }

  /// Whether there is nothing to plot.
  var isEmpty: Bool { images.isEmpty || layers.isEmpty || views.isEmpty }

  /// - Precondition: each view has values for each layer, image and channel.
  public init(images: [String], layers: [Layer], views: [View]) {
    for view in views {
      precondition(view.layers.count == layers.count, "each view has values for each layer")
      for (values, layer) in zip(view.layers, layers) {
        precondition(
          values.quantities.allSatisfy { $0.count == images.count * layer.channels },
          "each layer has values for each image and channel")
      }
    }
    self.images = images
    self.layers = layers
    self.views = views
  }
}

extension PageStatistics {
  /// A layer's numbers, as compact as the page's script reads them.
  ///
  /// First, for each view, quantity and channel, `low` and `step` as little-endian Float32, then,
  /// in the same order, the levels of the channels that have any, a byte an image.
  ///
  /// - Complexity: 8 bytes a channel, view and quantity, and at most one byte a value.
  func encoded(layer: Int) -> [UInt8] {
    let channelCount = layers[layer].channels
    var heads: [UInt8] = []
    var levels: [UInt8] = []
    for view in views {
      for (quantity, values) in view.layers[layer].quantities.enumerated() {
        // A 65,536th of the plot's height can't be seen.
        let resolution = axisLength(view, layer: layer, quantity: quantity) / 65_536
        for channel in 0..<channelCount {
          let row = stride(from: channel, to: values.count, by: channelCount).map { values[$0] }
          let quantized = QuantizedChannel(row, resolution: resolution)
          for number in [quantized.low, quantized.step] {
            withUnsafeBytes(of: number.bitPattern.littleEndian) { heads += $0 }
          }
          levels += quantized.levels
        }
      }
    }
    return heads + levels
  }

  /// Measures from the least to the greatest value of all views on the axes of `view`.
  private func axisLength(_ view: View, layer: Int, quantity: Int) -> Double {
    let sharing = view.hasOwnAxes ? [view] : views.filter { !$0.hasOwnAxes }
    let ranges = sharing.compactMap { $0.layers[layer].quantities[quantity].finiteRange }
    let bounds = ranges.flatMap { [$0.lowerBound, $0.upperBound] }.finiteRange
    return bounds.map { Double($0.upperBound) - Double($0.lowerBound) } ?? 0
  }
}
