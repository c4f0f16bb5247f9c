/// One step of a plan: some layers are computed band by band, and the whole output of the last of
/// them is made. Everything is resolved: what is read, whence, and where the result goes.
struct Pass: Equatable {
  /// The layers that are computed, from the first, whose input is stored; none where a stored output
  /// is only handed over.
  let layers: Range<Int>
  private(set) var source: Source
  let destination: Destination
  /// The most strips that make a band.
  var strips = 1
  /// The place of the memory that it alone needs.
  var offset = 0

  /// The layer whose output it makes.
  var target: Int { layers.upperBound - 1 }

  /// The place of rows while no pass works on them.
  struct StoredMap: Equatable {
    /// The map, by the first layer that writes it.
    let map: Int
    /// Whether the map lies in the scratch file, else in memory.
    let isScratch: Bool
  }

  /// The rows that a pass reads.
  enum Source: Equatable {
    case picture
    /// The output that a layer's convolution has left; its norm and activation are pending.
    case output(of: Int, StoredMap)
    /// The stream that a residual block came to.
    case stream(ResidualStream)
    /// The stream and what a residual block adds: the sum is made on the way, and takes the
    /// stream's place.
    case sum(ResidualSum)
  }

  /// The place where a pass's output goes.
  enum Destination: Equatable {
    /// A map, which `overwrites` says is the one that the pass reads.
    case map(StoredMap, overwrites: Bool)
    case picture
    /// Nowhere: only its moments are wanted. Where it is shown, band by band is at hand.
    case nowhere(isShown: Bool)
  }
}

/// The stream that residual blocks add to.
struct ResidualStream: Equatable {
  /// The work that is still to be done on the stream's samples.
  enum Pending: Equatable {
    /// The norm and activation of the layer whose output it is.
    case activation(of: Int)
    /// Nothing: it is the sum that the block ending with this layer came to.
    case nothing(sumOf: Int)
  }

  let stored: Pass.StoredMap
  let pending: Pending
}

/// The end of a residual block: its last layer's output, added to the stream.
struct ResidualSum: Equatable {
  /// The block's last layer, whose norm and activation are pending on what is added.
  let closing: Int
  let added: Pass.StoredMap
  /// The stream that the output is added to.
  let stream: ResidualStream
  /// Whether a later pass reads the sum again.
  var isKept = false

  /// The stream once it is added.
  var result: ResidualStream {
    ResidualStream(stored: stream.stored, pending: .nothing(sumOf: closing))
  }
}

extension Pass {
  /// The passes of a network whose outputs are put into `places`, one for each stored layer.
  static func all(_ flow: LayerFlow, places: [ExecutionPlan.Place], isInspected: Bool) -> [Pass] {
    func stored(_ map: Int) -> StoredMap {
      StoredMap(map: map, isScratch: places[map] == .scratch)
    }
    /// The first layer that a pass computes so as to make a layer's output.
    func first(for target: Int) -> Int {
      var layer = target
      while layer > 0, places[layer - 1] == .recomputed { layer -= 1 }
      return layer
    }
    /// Finds the input of a layer.
    ///
    /// - Parameter adds: Whether a sum is made, else it has been.
    func source(of layer: Int, adds: Bool) -> Source {
      guard layer > 0 else { return .picture }
      guard let block = flow.block(closedBy: layer - 1) else {
        return .output(of: layer - 1, stored(flow.maps[layer - 1]))
      }
      let pending: ResidualStream.Pending =
        if let before = block.before { .nothing(sumOf: flow.blocks[before].closing) } else {
          .activation(of: block.stream)
        }
      let sum = ResidualSum(
        closing: block.closing, added: stored(flow.maps[block.closing]),
        stream: ResidualStream(stored: stored(block.stream), pending: pending))
      return adds ? .sum(sum) : .stream(sum.result)
    }

    var passes = flow.maps.indices.map { target in
      let first = first(for: target)
      let destination: Destination =
        if !flow.storedLayers.contains(target) { .picture } else if places[target] == .recomputed {
          .nowhere(isShown: isInspected)
        } else {
          .map(stored(flow.maps[target]), overwrites: flow.overwritesInput(target))
        }
      // The first pass that reads a sum makes it: that of the layer that reads it.
      return Pass(
        layers: first..<target + 1, source: source(of: first, adds: first == target),
        destination: destination)
    }
    if flow.lastIsNormalized {
      let end = flow.last + 1
      let first = first(for: end)
      passes.append(
        Pass(
          layers: first..<end, source: source(of: first, adds: false), destination: .picture))
    }
    for index in passes.indices {
      guard case .sum(var sum) = passes[index].source else { continue }
      sum.isKept = passes[(index + 1)...].contains { $0.reads(sum.stream.stored.map) }
      passes[index].source = .sum(sum)
    }
    return passes
  }

  /// Tells whether the pass reads a map.
  func reads(_ map: Int) -> Bool {
    switch source {
    case .picture: false
    case .output(_, let stored): stored.map == map
    case .stream(let stream): stream.stored.map == map
    case .sum(let sum): sum.stream.stored.map == map || sum.added.map == map
    }
  }

  /// Tells whether the pass reads a map or writes it.
  func uses(_ map: Int) -> Bool {
    if case .map(let stored, _) = destination, stored.map == map { return true }
    return reads(map)
  }

  /// Rows by which the output must stay behind in a map in memory that it also reads, else 0.
  ///
  /// - Parameter extents: Those of the pass.
  func lead(inMap map: Int, _ extents: (Pass) -> BandExtents) -> Int {
    guard case .map(let stored, overwrites: true) = destination, stored.map == map,
      !stored.isScratch
    else { return 0 }
    return extents(self).lead
  }

  /// The maps in the scratch file that it reads and writes, one for each time.
  var scratchTransfers: [Int] {
    var maps: [StoredMap] = []
    switch source {
    case .picture: break
    case .output(_, let stored): maps.append(stored)
    case .stream(let stream): maps.append(stream.stored)
    case .sum(let sum):
      maps += [sum.stream.stored, sum.added]
      if sum.isKept { maps.append(sum.stream.stored) }
    }
    if case .map(let stored, _) = destination { maps.append(stored) }
    return maps.filter(\.isScratch).map(\.map)
  }
}
