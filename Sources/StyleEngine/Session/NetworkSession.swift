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
  /// A picture as its header describes it.
  public struct Member: Sendable {
    public let info: ImageInfo
    /// The format of the painting's rows.
    public let result: PixelFormat
    /// Bytes that reading it takes beside its samples.
    public let storingBytes: Int

    public init(_ source: any RowSource, depth: PixelFormat.Depth = .eight) {
      info = source.info
      result = PixelFormat(hasAlpha: info.pixels.hasAlpha, depth: depth)
      storingBytes = source.storingBytes
    }

    /// Bytes that its samples take, as a photograph and as a painting.
    public var sampleBytes: Int {
      StoredImage.byteCount(
        width: info.width, height: info.height, pixels: info.pixels, replacedBy: result)
    }

    fileprivate var size: ExecutionPlan.Job.Size {
      ExecutionPlan.Job.Size(width: info.width, height: info.height)
    }
  }

  public let network: StyleNetwork
  private let memory: Int
  private let scratchDirectory: FilePath?
  /// Used under `turn` alone. A `Mutex` of it would want pictures and observers that can be sent away,
  /// while these never leave the caller's thread.
  private nonisolated(unsafe) let execution: NetworkExecution
  private let turn = Mutex<Void>(())

  /// - Parameters:
  ///   - workers: Threads that compute at most, fewer where the memory has no room for them.
  ///   - memory: Bytes that each batch may take.
  ///   - scratch: The directory of what doesn't fit; nil for `ScratchDirectory.standard()`.
  public init(
    network: StyleNetwork, workers: Int, memory: Int = .max, scratch: FilePath? = nil
  ) {
    self.network = network
    self.memory = memory
    scratchDirectory = scratch
    execution = NetworkExecution(
      network, workers: network.workers(atMost: workers, memory: memory))
  }

  /// The fastest plan for these pictures, their samples included.
  ///
  /// - Parameter isInspected: Whether every layer's rows will be shown.
  /// - Throws: `StyleNetworkError.memoryTooSmall`.
  public func plan(_ members: [Member], isInspected: Bool = false) throws(StyleNetworkError)
    -> ExecutionPlan
  {
    var job = ExecutionPlan.Job(
      sizes: members.map(\.size), sampleBytes: members.reduce(0) { $0 + $1.sampleBytes },
      decodingBytes: members.map(\.storingBytes).max() ?? 0)
    job.isInspected = isInspected
    return try network.plan(job, memory: memory)
  }

  /// Room for what a plan can't keep in memory, reserved before there is any work to lose: for the
  /// network's maps, and for each picture's samples. Nil where none is needed.
  ///
  /// - Throws: `StyleNetworkError.scratch`.
  public func reserve(_ plan: ExecutionPlan, for members: [Member]) throws(StyleNetworkError)
    -> (maps: ScratchFile?, samples: [ScratchFile?])
  {
    let maps = try reserve(plan.scratchBytes)
    let samples = try members.map { member throws(StyleNetworkError) in
      try plan.samples == .scratch ? reserve(member.sampleBytes) : nil
    }
    return (maps, samples)
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
      replacedBy: member.result, scratch: scratch)
    return try source.store(in: image, unless: isCancelled) ? image : nil
  }

  /// Repaints stored pictures, each in its own place.
  ///
  /// - Parameters:
  ///   - stylizations: The changes to each picture, under the normalization of the first.
  ///   - depths: Bits a sample of each result.
  ///   - styles: The style of each picture; nil for the network's own.
  /// - Throws: `StyleNetworkError`, as `NetworkExecution.run`.
  public func run(
    _ images: [StoredImage], _ stylizations: [Stylization], depths: [PixelFormat.Depth],
    styles: [StyleParameters]? = nil, plan: ExecutionPlan, scratch: ScratchFile?,
    progress: ExecutionProgress, observe: ((LayerRecord) -> Void)? = nil,
    inspect: ((LayerRows) -> Void)? = nil
  ) throws(StyleNetworkError) {
    guard let normalization = stylizations.first?.normalization else { return }
    var views: [StylizedImage] = []
    for (index, image) in images.enumerated() {
      do throws(ImageFileError) {
        views.append(try StylizedImage(image, stylizations[index], depth: depths[index]))
      } catch {
        throw .picture(error)
      }
    }
    defer { withExtendedLifetime(views) {} }
    try run(
      views.map(\.picture), styles: styles, plan: plan, scratch: scratch,
      normalization: normalization, progress: progress, observe: observe, inspect: inspect)
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

  /// The time of each layer in the last run, by its number.
  public var layerTimes: [Duration] { turn.withLock { _ in execution.layerTimes } }

  /// Lets go of the memory that the network keeps from batch to batch. Waits for a run to end.
  public func releaseMemory() {
    turn.withLock { _ in execution.releaseMemory() }
  }
}
