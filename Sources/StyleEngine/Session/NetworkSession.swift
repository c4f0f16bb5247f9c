import ImageFiles
import Layers
import StyleModels
import Synchronization
import SystemFiles
import SystemPackage

/// A network at work on one batch of pictures after another, within a budget of memory.
///
/// A batch is planned from what the pictures' headers say, room for what doesn't fit in memory is
/// reserved on the disk, the samples are stored, and the network runs. One batch can be planned,
/// reserved for and stored while the network runs on another; it runs on one at a time.
public final class NetworkSession: Sendable {
  /// A picture as its header describes it, and how it is to be painted.
  public struct Member: Sendable {
    public let info: ImageInfo
    /// The format of the painting's rows.
    public let result: PixelFormat
    /// Bytes that reading it takes beside its samples.
    public let storingBytes: Int
    /// Bytes that its metadata takes: as it was read, as it is to be written, and on the way there.
    public let metadataBytes: Int
    public var brush: Brush
    /// Paintings of it that are held at a time beside the photograph; 0 where the one takes the other's
    /// place.
    public let paintingsBeside: Int

    public init(
      _ source: any RowSource, depth: PixelFormat.Depth = .eight, brush: Brush = Brush(),
      paintingsBeside: Int = 0
    ) {
      info = source.info
      result = PixelFormat(hasAlpha: info.pixels.hasAlpha, depth: depth)
      storingBytes = source.storingBytes
      metadataBytes = 3 * source.metadata.byteCount
      self.brush = brush
      self.paintingsBeside = paintingsBeside
    }

    var size: ExecutionPlan.Job.Size {
      ExecutionPlan.Job.Size(width: info.width, height: info.height)
    }

    /// The size at which its strokes are painted; nil where that is its own.
    var coarseSize: ExecutionPlan.Job.Size? {
      brush.coarseSize(width: info.width, height: info.height)
    }

    /// Bytes that the photograph takes, with room for a painting in its place where that goes there.
    var photographBytes: Int {
      bytes(info.pixels, replacedBy: paintingsBeside > 0 ? info.pixels : result)
    }

    /// Bytes that one painting takes beside the photograph.
    var paintingBytes: Int { bytes(result, replacedBy: result) }

    /// Bytes that the coarse painting takes.
    var coarseBytes: Int {
      coarseSize.map { CoarsePainting.sampleBytes($0, of: info.pixels) } ?? 0
    }

    private func bytes(_ pixels: PixelFormat, replacedBy widest: PixelFormat) -> Int {
      StoredImage.byteCount(
        width: info.width, height: info.height, pixels: pixels, replacedBy: widest)
    }

    /// Bytes that its samples take, as a photograph and as paintings.
    public var sampleBytes: Int {
      photographBytes + paintingsBeside * paintingBytes + coarseBytes
    }

    /// `PaintingPlan.blurSteps` of this picture.
    var blurSteps: Int {
      guard coarseSize != nil else { return 0 }
      let factor = brush.factor(width: info.width, height: info.height)
      return 2 * StrokeOverlay.radius(factor: factor, detail: brush.detail)
        * info.width * info.height
    }

    /// Bytes that what the brush does takes, beside samples.
    var workingBytes: Int {
      guard let coarseSize else {
        return brush.isPlain
          ? 0 : ColorSmoothing.byteCount(width: info.width, height: info.height)
      }
      return max(
        CoarsePainting.workingBytes(width: info.width, height: info.height, of: coarseSize),
        StrokeOverlay.byteCount(
          width: info.width, height: info.height, from: coarseSize,
          factor: brush.factor(width: info.width, height: info.height), detail: brush.detail))
    }
  }

  /// Room on the disk for what a plan can't keep in memory.
  public struct Reservation: Sendable {
    /// The file of the network's maps.
    let maps: ScratchFile?
    /// The file of each photograph; nil where it is held in memory.
    public var photographs: [ScratchFile?]
    /// The file of each coarse painting; nil where it is held in memory, or there is none.
    let coarse: [ScratchFile?]
  }

  public let network: StyleNetwork
  let memory: Int
  /// The part of it that is taken already, by other networks' weights.
  let besideBytes: Int
  /// The part for this network.
  let ownMemory: Int
  /// Bytes of the memory that are taken whatever runs: by weights, the others' among them.
  public var fixedBytes: Int { besideBytes + network.weightBytes }
  private let scratchDirectory: FilePath?
  /// Used under `turn` alone. A `Mutex` of it would want pictures and observers that can be sent away,
  /// while these never leave the caller's thread.
  nonisolated(unsafe) let execution: NetworkExecution
  let turn = Mutex<Void>(())

  /// - Parameters:
  ///   - network: The network that paints.
  ///   - workers: Threads that compute at most, fewer where the memory has no room for them.
  ///   - memory: Bytes that each batch may take.
  ///   - besideBytes: Bytes of them that are taken already.
  ///   - scratch: The directory of what doesn't fit; nil for `ScratchDirectory.standard()`.
  public init(
    network: StyleNetwork, workers: Int, memory: Int = .max, besideBytes: Int = 0,
    scratch: FilePath? = nil
  ) {
    self.network = network
    self.memory = memory
    self.besideBytes = besideBytes
    ownMemory = memory == .max ? .max : max(0, memory - besideBytes)
    scratchDirectory = scratch
    execution = NetworkExecution(
      network, workers: network.workers(atMost: workers, memory: ownMemory))
  }

  /// A session for each of these networks, one for all places at which the same stands. They run in
  /// turn, within one budget: every network's weights are there all the time.
  public static func sessions(
    for networks: [StyleNetwork], workers: Int, memory: Int = .max, scratch: FilePath? = nil
  ) -> [NetworkSession] {
    var distinct: [ObjectIdentifier: StyleNetwork] = [:]
    for network in networks { distinct[ObjectIdentifier(network)] = network }
    let weights = distinct.values.reduce(0) { $0 + $1.weightBytes }
    let sessions = distinct.mapValues { network in
      NetworkSession(
        network: network, workers: workers, memory: memory,
        besideBytes: weights - network.weightBytes, scratch: scratch)
    }
    return networks.compactMap { sessions[ObjectIdentifier($0)] }
  }

  /// Room for what plans can't keep in memory, reserved before there is any work to lose. Plans of the
  /// same pictures may take turns in it.
  ///
  /// - Parameters:
  ///   - plans: Each plan, with the members that it was made for.
  ///   - areStored: Whether the photographs are stored already.
  /// - Throws: `StyleNetworkError.scratch`.
  public func reserve(
    _ plans: [(plan: PaintingPlan, members: [Member])], areStored: Bool = false
  ) throws(StyleNetworkError) -> Reservation {
    func most(_ bytes: (PaintingPlan, [Member]) -> Int) -> Int { plans.map(bytes).max() ?? 0 }
    var (photographs, coarse): ([ScratchFile?], [ScratchFile?]) = ([], [])
    for index in plans[0].members.indices {
      func stored(_ bytes: (Member) -> Int) -> Int {
        most { $0.samples == .scratch ? bytes($1[index]) : 0 }
      }
      photographs.append(try areStored ? nil : reserve(stored(\.photographBytes)))
      coarse.append(try reserve(stored(\.coarseBytes)))
    }
    return Reservation(
      maps: try reserve(most { plan, _ in plan.scratchBytes }), photographs: photographs,
      coarse: coarse)
  }

  /// As `reserve` for one plan.
  public func reserve(_ plan: PaintingPlan, for members: [Member]) throws(StyleNetworkError)
    -> Reservation
  {
    try reserve([(plan, members)])
  }

  /// An image for a painting beside its photograph.
  ///
  /// - Throws: `StyleNetworkError.scratch`, or `.picture` where there is no memory.
  public func makeImage(for member: Member, _ plan: PaintingPlan) throws(StyleNetworkError)
    -> StoredImage
  {
    let scratch = plan.samples == .scratch ? try reserve(member.paintingBytes) : nil
    do throws(ImageFileError) {
      return try StoredImage(
        width: member.info.width, height: member.info.height, pixels: member.result,
        replacedBy: member.result, scratch: scratch)
    } catch {
      throw .picture(error)
    }
  }

  /// Reserves room in a scratch file; nil for no bytes.
  ///
  /// - Throws: `StyleNetworkError.scratch`.
  public func reserve(_ byteCount: Int) throws(StyleNetworkError) -> ScratchFile? {
    do throws(ScratchFileError) { return try .reserve(byteCount, in: scratchDirectory) } catch {
      throw .scratch(error)
    }
  }

  /// Reads a picture's samples.
  ///
  /// - Parameters:
  ///   - source: The picture's rows.
  ///   - member: What was planned of it.
  ///   - scratch: The file that the samples go to; nil for memory.
  ///   - isCancelled: The question whether to stop, asked at every row with how many are done.
  /// - Returns: The stored picture; nil where it was cancelled.
  /// - Throws: `ImageFileError`, `.changed` where the source isn't the member's.
  public func store(
    _ source: any RowSource, as member: Member, in scratch: ScratchFile?,
    unless isCancelled: (_ rowsDone: Int) -> Bool
  ) throws(ImageFileError) -> StoredImage? {
    guard source.info == member.info else { throw .changed }
    let image = try StoredImage(
      width: member.info.width, height: member.info.height, pixels: member.info.pixels,
      replacedBy: member.paintingsBeside > 0 ? member.info.pixels : member.result, scratch: scratch)
    return try source.store(in: image, unless: isCancelled) ? image : nil
  }

  /// Repaints pictures whose rows come from and go to wherever they say.
  ///
  /// - Throws: `StyleNetworkError`, as `NetworkExecution.run`.
  public func run(
    _ pictures: [Picture], styles: [StyleParameters]? = nil, plan: ExecutionPlan,
    scratch: ScratchFile?, normalization: Normalization, progress: ExecutionProgress,
    observe: ((LayerRecord) -> Void)? = nil, inspect: ((LayerRows) -> Void)? = nil
  ) throws(StyleNetworkError) {
    try turn.withLock { _ throws(StyleNetworkError) in
      try execution.run(
        pictures, styles: styles, plan: plan, scratch: scratch, normalization: normalization,
        progress: progress, observe: observe, inspect: inspect)
    }
  }

  /// Threads that compute.
  public var workers: Int { execution.workers }

  /// Does work in parts on the threads that compute, while no network of this session runs.
  public func share(_ count: Int, _ part: (_ index: Int) -> Void) {
    turn.withLock { _ in execution.share(count, part) }
  }

  /// The time of each layer in the last run, by its number.
  public var layerTimes: [Duration] { turn.withLock { _ in execution.layerTimes } }

  /// Lets go of the memory that the network keeps from batch to batch. Waits for a run to end.
  public func releaseMemory() {
    turn.withLock { _ in execution.releaseMemory() }
  }
}
