import Layers

/// The order in which a pass computes the bands of its layers, each from those of the one before.
///
/// A pass makes the whole output of its last layer, a band of strips at a time. Before each band it
/// makes what that is made of, and so on up to the first layer, and every strip of every layer once.
/// What a band leaves needed is kept until the next.
struct BandSchedule {
  /// One band of one layer.
  struct Step {
    /// The layer, by its place in the pass.
    let layer: Int
    /// The rows that are computed.
    let rows: Range<Int>
    /// The input rows that they are made of.
    let input: Range<Int>
    /// The first row of this layer's output that will still be read.
    let kept: Int
  }

  private let geometries: [ConvolutionGeometry]
  /// Strips that make a band of each layer.
  private let strips: [Int]
  private var computed: [Int]

  /// - Parameters:
  ///   - tilings: The tilings of the pass's layers, in order.
  ///   - strips: The most strips that a band has.
  init(_ tilings: ArraySlice<ConvolutionTiling>, strips: Int) {
    geometries = tilings.map(\.geometry)
    self.strips = tilings.map { Self.strips($0, atMost: strips) }
    computed = geometries.map { _ in 0 }
  }

  /// Parts of a band, that many threads have work until its end.
  private static let parts = 128

  private static func strips(_ tiling: ConvolutionTiling, atMost limit: Int) -> Int {
    min(limit, (parts - 1) / tiling.tiles + 1, tiling.geometry.strips)
  }

  /// Visits all bands in order.
  mutating func walk<Failure>(_ visit: (Step) throws(Failure) -> Void) throws(Failure) {
    for layer in computed.indices { computed[layer] = 0 }
    let target = geometries.count - 1
    try provide(target, upTo: geometries[target].outputHeight, keeping: 0, visit)
  }

  private mutating func provide<Failure>(
    _ layer: Int, upTo end: Int, keeping first: Int, _ visit: (Step) throws(Failure) -> Void
  ) throws(Failure) {
    while computed[layer] < end {
      let start = computed[layer]
      let height = strips[layer] * ConvolutionGeometry.stripHeight
      let rows = start..<min(start + height, geometries[layer].outputHeight)
      let input = geometries[layer].inputRows(for: rows)
      if layer > 0 {
        try provide(layer - 1, upTo: input.upperBound, keeping: input.lowerBound, visit)
      }
      try visit(Step(layer: layer, rows: rows, input: input, kept: min(first, start)))
      computed[layer] = rows.upperBound
    }
  }
}

/// Rows that a pass needs room for.
struct BandExtents: Equatable {
  /// Rows of the first layer's input at a time, and of those the ones that no band before has had.
  var source = 0
  var freshSource = 0
  /// Rows of the output of each layer but the last.
  var windows: [Int]
  /// Rows of the last layer's output at a time.
  var target = 0
  /// Rows from the first input row of a band of the last layer to its end: as far ahead of the
  /// output as the input must stay where one is written over the other.
  var lead = 0

  /// Rows of a pass's layers; where it has none it hands over a stored map strip by strip.
  init(_ tilings: ArraySlice<ConvolutionTiling>, strips: Int) {
    guard !tilings.isEmpty else {
      windows = []
      source = ConvolutionGeometry.stripHeight
      return
    }
    var extents = (source: 0, fresh: 0, target: 0, lead: 0)
    var windows = [Int](repeating: 0, count: tilings.count - 1)
    var read = 0
    var schedule = BandSchedule(tilings, strips: strips)
    schedule.walk { step in
      if step.layer == 0 {
        extents.source = max(extents.source, step.input.count)
        extents.fresh = max(extents.fresh, step.input.upperBound - read)
        read = step.input.upperBound
      }
      if step.layer < windows.count {
        windows[step.layer] = max(windows[step.layer], step.rows.upperBound - step.kept)
      } else {
        extents.target = max(extents.target, step.rows.count)
        extents.lead = max(extents.lead, step.rows.upperBound - step.input.lowerBound)
      }
    }
    (source, freshSource, target, lead) = extents
    self.windows = windows
  }
}
