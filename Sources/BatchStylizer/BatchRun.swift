import Dispatch
import ImageFiles
import StyleNetwork
import Synchronization
import SystemPackage

/// Carries out a plan in three stages, decode → stylize → encode, so that reading and writing files
/// hide behind the network.
///
/// Between the stages stand queues of a few pictures. One picture that fails is told and counted,
/// and the others go on.
public final class BatchRun: Sendable {
  /// How a run goes about its files and its work.
  public struct Options: Sendable {
    /// Threads that compute the network.
    public var jobs = 1
    /// Pictures that `Normalization.batchLive` takes together.
    public var batchSize = 8
    /// Whether the first failure ends the run.
    public var failFast = false
    public var limits = ImageLimits()
    /// What becomes of damaged pictures.
    public var damaged = DamagePolicy.fail
    public var resizing = Resizing.none
    /// Bits a sample of what is written as PNG.
    public var depth = PixelFormat.Depth.eight
    public var encoding = EncodingOptions()

    public init() {}
  }

  /// A picture between two stages.
  private struct Decoded: Sendable {
    let item: BatchPlan.Item
    var image: Image
    let metadata: ImageMetadata
    var notes: [String]
  }

  private let plan: BatchPlan
  private let network: StyleNetwork
  private let stylization: Stylization
  private let options: Options
  private let files: PictureFiles
  private let control: BatchControl
  private let observe: @Sendable (BatchEvent) -> Void
  private let report = Mutex(BatchReport())

  /// - Parameters:
  ///   - observe: Is told of every picture as it ends, from one thread at a time.
  /// - Throws: `StyleNetworkError` where the network can't be normalized so.
  public init(
    _ plan: BatchPlan, network: StyleNetwork, stylization: Stylization, options: Options,
    control: BatchControl, observe: @escaping @Sendable (BatchEvent) -> Void
  ) throws(StyleNetworkError) {
    if stylization.strength > 0 { try network.check(stylization.normalization) }
    self.plan = plan
    self.network = network
    self.stylization = stylization
    self.options = options
    files = PictureFiles(options: options, overwrites: plan.overwrites)
    self.control = control
    self.observe = observe
    control.begin(total: plan.items.count { $0.state != .skipped })
  }

  /// Runs to the end, or until it is cancelled.
  public func run() -> BatchReport {
    if stylization.strength > 0 { runNetwork() } else { runWithoutNetwork() }
    return report.withLock { report in
      let ended = report.done + report.skipped + report.failures.count
      report.endedEarly = ended < plan.items.count
      return report
    }
  }

  private func runNetwork() {
    let decoded = BoundedQueue<[Decoded]>(capacity: 2)
    let stylized = BoundedQueue<Decoded>(capacity: 2)
    let groups = Mutex(groups[...])
    let decoding = stage(threads: 1) { [self] in
      while !control.isCancelled, let group = groups.withLock({ $0.popFirst() }) {
        let members = decode(group)
        if !members.isEmpty { decoded.push(members) }
      }
    }
    let stylizing = stage(threads: 1) { [self] in
      let execution = NetworkExecution(network, workers: options.jobs)
      while let members = decoded.pop() {
        for member in stylize(members, execution) { stylized.push(member) }
      }
    }
    let encoding = stage(threads: options.jobs) { [self] in
      while let member = stylized.pop() { encode(member) }
    }
    decoding.wait()
    decoded.close()
    stylizing.wait()
    stylized.close()
    encoding.wait()
  }

  /// Pictures as they are go from file to file row by row, one on each core.
  private func runWithoutNetwork() {
    let items = Mutex(plan.items[...])
    let copying = stage(threads: options.jobs) { [self] in
      while !control.isCancelled, let item = items.withLock({ $0.popFirst() }) { copy(item) }
    }
    copying.wait()
  }

  private func stage(threads: Int, _ work: @escaping @Sendable () -> Void) -> DispatchGroup {
    let group = DispatchGroup()
    for _ in 0..<threads {
      // A queue each: these threads wait for one another, which a shared pool may not let them.
      DispatchQueue(label: "pastiche.stage").async(group: group, execute: work)
    }
    return group
  }

  /// The plan in groups of pictures that share their statistics: one, but for live batch norm.
  /// They are formed before skipping, so that a second run gives every picture the company that it
  /// had in the first.
  private var groups: [ArraySlice<BatchPlan.Item>] {
    let size = stylization.normalization == .batchLive ? options.batchSize : 1
    return stride(from: 0, to: plan.items.count, by: size).map {
      plan.items[$0..<min($0 + size, plan.items.count)]
    }
  }

  /// The members of a group that can be decoded, skipped ones for company, or none where none is
  /// to be done. Tells of those that end here.
  private func decode(_ group: ArraySlice<BatchPlan.Item>) -> [Decoded] {
    let hasWork = group.contains { $0.state == .pending }
    var members: [Decoded] = []
    var missing: [String] = []
    for item in group {
      if item.state == .skipped { end(item, .skipped) }
      do throws(ItemError) {
        if case .failed(let error) = item.state { throw error }
        if hasWork, !control.isCancelled, let member = try decode(item) { members.append(member) }
      } catch {
        missing.append(item.input.printable)
        if item.state != .skipped { end(item, .failed(error)) }
      }
    }
    if group.count > 1, !missing.isEmpty {
      let note =
        "statistics of \(counted(members.count, "picture")), without "
        + missing.joined(separator: ", ")
      for index in members.indices { members[index].notes.append(note) }
    }
    return members
  }

  /// Nil where it was cancelled.
  private func decode(_ item: BatchPlan.Item) throws(ItemError) -> Decoded? {
    let isCancelled = { [control] in control.isCancelled }
    guard let source = try files.open(item, unless: isCancelled) else { return nil }
    do throws(ImageFileError) {
      guard let image = try Image(reading: source, unless: isCancelled) else { return nil }
      return Decoded(
        item: item, image: image, metadata: source.metadata,
        notes: source.notes.map(\.description))
    } catch {
      throw .image(error)
    }
  }

  /// A picture's whole way where there is nothing to repaint.
  private func copy(_ item: BatchPlan.Item) {
    if item.state == .skipped { return end(item, .skipped) }
    do throws(ItemError) {
      if case .failed(let error) = item.state { throw error }
      let isCancelled = { [control] in control.isCancelled }
      guard let source = try files.open(item, unless: isCancelled) else { return }
      let rows = ConvertedRows(source, depth: files.depth(of: item))
      let written = try files.write(
        rows, metadata: source.metadata, to: item, unless: isCancelled)
      guard let written else { return }
      let notes = source.notes.map(\.description) + written
      end(item, .done(width: rows.info.width, height: rows.info.height, notes: notes))
    } catch {
      end(item, .failed(error))
    }
  }

  /// The stylized members of a group, but for those that were only company.
  private func stylize(_ members: [Decoded], _ execution: NetworkExecution) -> [Decoded] {
    guard !control.isCancelled else { return [] }
    let wanted = members.filter { $0.item.state == .pending }
    let images = members.map {
      StylizedImage($0.image, stylization, depth: files.depth(of: $0.item))
    }
    let progress = ExecutionProgress()
    control.enter(progress, pictures: wanted.count)
    var repainted = 0
    defer { control.leave(repainted: repainted) }
    do {
      try execution.run(
        images.map(\.picture), normalization: stylization.normalization, progress: progress)
      repainted = wanted.count
    } catch StyleNetworkError.cancelled {
      return []
    } catch {
      let error = error as? StyleNetworkError ?? .cancelled
      for member in wanted { end(member.item, .failed(.network(error))) }
      return []
    }
    return zip(members, images).compactMap { member, image in
      guard member.item.state == .pending else { return nil }
      var result = member
      result.image = image.result
      return result
    }
  }

  private func encode(_ member: Decoded) {
    let (item, image) = (member.item, member.image)
    do throws(ItemError) {
      let written = try files.write(ImageRows(image), metadata: member.metadata, to: item) {
        control.isCancelled
      }
      guard let written else { return }
      end(
        item, .done(width: image.width, height: image.height, notes: member.notes + written),
        wasRepainted: true)
    } catch {
      end(item, .failed(error), wasRepainted: true)
    }
  }

  private func end(
    _ item: BatchPlan.Item, _ outcome: BatchEvent.Outcome, wasRepainted: Bool = false
  ) {
    let event = BatchEvent(item: item, outcome: outcome)
    if item.state != .skipped { control.finish(wasRepainted: wasRepainted) }
    report.withLock { report in
      report.count(event)
      observe(event)
    }
    if options.failFast, case .failed = outcome { control.cancel() }
  }
}
