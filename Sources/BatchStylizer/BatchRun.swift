import ImageFiles
import Layers
import StyleEngine
import StyleModels
import Synchronization
import SystemFiles
import SystemPackage
import Tensors

/// Carries out a plan in three stages, decode → stylize → encode, so that reading and writing files
/// hide behind the network.
///
/// Between the stages stand queues of a few pictures, and all on their way share a budget of memory.
/// One picture that fails is told and counted, and the others go on.
public final class BatchRun: Sendable {
  /// The choices of how a run goes about its files and its work.
  public struct Options: Sendable {
    /// Threads that compute the network.
    public var jobs = 1
    /// Pictures that `Normalization.batchLive` takes together.
    public var batchSize = 8
    /// Whether the first failure ends the run.
    public var failFast = false
    public var limits = ImageLimits()
    /// The treatment of damaged pictures.
    public var damaged = DamagePolicy.fail
    public var resizing = Resizing.none
    /// Bits a sample of what is written as PNG; nil for 8, but 16 where the picture has them and its
    /// colours need them.
    public var depth: PixelFormat.Depth?
    public var encoding = EncodingOptions()
    /// Bytes of memory that all pictures on their way may take together.
    public var memory = Int.max
    /// The directory of scratch files; nil for `ScratchDirectory.standard()`.
    public var scratch: FilePath?
    /// The longer side of the thumbnails before and after, with which the statistics of the norms
    /// come; 0 for none of it.
    public var thumbnailSide = 0

    public init() {}
  }

  /// A style that every picture is painted in.
  public struct Style: Sendable {
    /// The network that paints it, which styles may share.
    public var network: StyleNetwork
    public var parameters: StyleParameters
    public var stylization: Stylization
    /// The words in which its outputs say what made them; empty for none.
    public var madeBy: String

    /// - Parameters:
    ///   - network: The network that paints it, which styles may share.
    ///   - parameters: The style's own numbers; nil for those of the style that the network was made of.
    ///   - stylization: What is done to every picture.
    ///   - madeBy: The words in which its outputs say what made them; empty for none.
    public init(
      _ network: StyleNetwork, _ parameters: StyleParameters? = nil, stylization: Stylization,
      madeBy: String = ""
    ) {
      self.network = network
      self.parameters = parameters ?? network.parameters
      self.stylization = stylization
      self.madeBy = madeBy
    }
  }

  let plan: BatchPlan
  /// The styles, as the plan numbers them.
  let styles: [Style]
  /// The network of each style.
  let sessions: [NetworkSession]
  /// Networks for small pictures, which run at the same time, each on one of the threads; none where there
  /// are several styles, or pictures are normalized together or come one by one.
  let lanes: [NetworkSession]
  let options: Options
  let files: PictureFiles
  let control: BatchControl
  let budget: MemoryBudget
  private let observe: @Sendable (BatchEvent) -> Void
  private let report = Mutex(BatchReport())

  /// - Parameters:
  ///   - plan: The pictures, and where their paintings go.
  ///   - styles: The styles, as the plan numbers them; all are painted, or none is.
  ///   - options: How the run goes about its files and its work.
  ///   - control: Where its progress is seen, and by which it is cancelled.
  ///   - observe: Is told of every picture as it ends, from one thread at a time.
  /// - Throws: `StyleNetworkError` where a network can't be normalized so.
  public init(
    _ plan: BatchPlan, styles: [Style], options: Options, control: BatchControl,
    observe: @escaping @Sendable (BatchEvent) -> Void
  ) throws(StyleNetworkError) {
    for style in styles where style.stylization.strength > 0 {
      try style.network.check(style.stylization.normalization, styles: [style.parameters])
    }
    self.plan = plan
    self.styles = styles
    self.options = options
    sessions = NetworkSession.sessions(
      for: styles.map(\.network), workers: options.jobs, memory: options.memory,
      scratch: options.scratch)
    let sharesNothing = styles.allSatisfy { $0.stylization.normalization != .batchLive }
    lanes =
      styles.count == 1 && sharesNothing && plan.stream == nil && sessions[0].workers > 1
      ? (0..<sessions[0].workers).map { _ in
        NetworkSession(network: styles[0].network, workers: 1, scratch: options.scratch)
      } : []
    files = PictureFiles(options: options, styles: styles)
    self.control = control
    self.observe = observe
    budget = MemoryBudget(
      byteCount: MemoryShare.ofPlans(options.memory) - (sessions.first?.fixedBytes ?? 0))
    control.begin(total: plan.count.map { $0 - plan.items.count { $0.state == .skipped } })
  }

  /// Whether there is anything to paint.
  var paints: Bool { styles.contains { $0.stylization.strength > 0 } }

  /// Runs to the end, or until it is cancelled.
  ///
  /// - Throws: `ThreadError` where the system doesn't give a thread for each stage; nothing was begun.
  public func run() throws(ThreadError) -> BatchReport {
    if paints { try runNetwork() } else { try runWithoutNetwork() }
    return reportSoFar
  }

  /// The outcome as it stands, from any thread.
  public var reportSoFar: BatchReport {
    var report = report.withLock { $0 }
    let ended = report.done + report.skipped + report.failureCount
    // Of a stream those count that have come.
    let count = plan.count ?? (plan.stream?.count ?? 0) * styles.count
    report.endedEarly = ended < count || plan.stream?.isAtEnd == false
    return report
  }

  private func runNetwork() throws(ThreadError) {
    let decoded = BoundedQueue<DecodedGroup>(capacity: 2)
    let painted = BoundedQueue<PaintedPicture>(capacity: 2)
    // The last stage is started first, so that no work is begun before all are there.
    let encoding = try stage(threads: writers) { [self] in
      while let picture = painted.pop() { encode(picture) }
    }
    var stylizing: [SystemThread] = []
    let decoding: [SystemThread]
    do throws(ThreadError) {
      stylizing = try stage(threads: 1) { [self] in
        paint(decoded) { painted.push($0) }
      }
      decoding = try stage(threads: 1) { [self] in
        var groups = inputGroups
        while !control.isCancelled, let inputs = groups.next() {
          let group = self.decoded(inputs) {
            for session in sessions + lanes { session.releaseMemory() }
          }
          guard let group else { continue }
          decoded.push(group, capacity: isSmall(group) ? max(2, lanes.count) : nil)
        }
      }
    } catch {
      decoded.close()
      for thread in stylizing { thread.join() }
      painted.close()
      for thread in encoding { thread.join() }
      throw error
    }
    for thread in decoding { thread.join() }
    decoded.close()
    for thread in stylizing { thread.join() }
    painted.close()
    for thread in encoding { thread.join() }
  }

  /// Pictures as they are go from file to file row by row, one on each core.
  private func runWithoutNetwork() throws(ThreadError) {
    let groups = Mutex(inputGroups)
    let copying = try stage(threads: writers) { [self] in
      while !control.isCancelled, let group = groups.withLock({ $0.next() }) {
        for item in group.items { copy(item, group.given?.first) }
      }
    }
    for thread in copying { thread.join() }
  }

  /// Threads that write outputs: one alone where they follow one another on standard output.
  private var writers: Int {
    plan.items.contains { $0.output.isStandardStream } ? 1 : options.jobs
  }

  /// Starts the threads of a stage: as many as there are to be had, one at the least.
  private func stage(threads: Int, _ work: @escaping @Sendable () -> Void)
    throws(ThreadError) -> [SystemThread]
  {
    var started = [try SystemThread(work)]
    for _ in 1..<max(threads, 1) {
      guard let thread = try? SystemThread(work) else { break }
      started.append(thread)
    }
    return started
  }

  /// Pictures that share their statistics.
  var groupSize: Int {
    paints && styles.contains { $0.stylization.normalization == .batchLive }
      ? options.batchSize : 1
  }

  /// Ends a picture's turn.
  func end(
    _ item: BatchPlan.Item, _ outcome: BatchEvent.Outcome, _ progress: PictureProgress? = nil
  ) {
    let event = BatchEvent(item: item, outcome: outcome, seconds: progress?.seconds)
    // What a whole plan skips was never counted.
    let isCounted = item.state != .skipped || plan.sequence != nil
    if isCounted { control.finish(progress, wasSkipped: event.isSkipped) }
    report.withLock { report in
      report.count(event)
      observe(event)
    }
    if options.failFast, case .failed = outcome { control.cancel() }
  }
}
