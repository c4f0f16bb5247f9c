import BatchStylizer
import ImageFiles
import Layers
import Sheets
import StyleEngine
import SystemFiles
import SystemPackage

/// Runs a network over pictures to look at what its norms do, within a budget of memory.
///
/// One thread at a time uses it.
public final class Study {
  /// A picture to look at.
  public struct Subject: Sendable {
    public let path: FilePath
    /// What the network sees is scaled by this about the picture's mean, unclamped.
    public let contrast: Float

    public init(_ path: FilePath, contrast: Float = 1) {
      self.path = path
      self.contrast = contrast
    }
  }

  /// What is wanted besides statistics.
  public struct Wishes: Sendable {
    /// Of the pictures before and after, none where 0.
    public var thumbnailWidth = 0
    /// Whether spikes are looked for, which takes another look at every sample.
    public var spikes = false
    /// Pictures are shrunk to this longest side first; nil for their own size.
    public var maximumSide: Int?

    public init() {}
  }

  /// What came of a picture.
  public struct Finding: Sendable {
    public let width, height: Int
    public let statistics: PictureStatistics
    /// As the network saw it, clamped, and what it made of it; none where they weren't wanted.
    public let before: Image?
    public let after: Image?
    public let spikes: [Spike]
  }

  public let network: StyleNetwork
  private let execution: NetworkExecution
  private let memory: Int
  private let scratch: FilePath?

  /// - Parameters:
  ///   - memory: Bytes that it may take.
  ///   - scratch: Where what doesn't fit goes; nil for `ScratchDirectory.standard()`.
  public init(network: StyleNetwork, workers: Int, memory: Int = .max, scratch: FilePath? = nil) {
    self.network = network
    self.memory = memory
    self.scratch = scratch
    execution = NetworkExecution(
      network, workers: network.workers(atMost: workers, memory: memory))
  }

  /// Looks at pictures, one by one, but under `Normalization.batchLive` all together. One that fails
  /// leaves the others alone.
  ///
  /// - Throws: `StyleNetworkError.cancelled`, and what concerns the network as a whole.
  public func run(
    _ subjects: [Subject], normalization: Normalization, wishes: Wishes = Wishes(),
    progress: ExecutionProgress = ExecutionProgress()
  ) throws(StyleNetworkError) -> [Result<Finding, ItemError>] {
    try network.check(normalization)
    if normalization == .batchLive {
      return try together(subjects, normalization, wishes, progress)
    }
    var findings: [Result<Finding, ItemError>] = []
    for subject in subjects {
      findings += try together([subject], normalization, wishes, progress)
    }
    return findings
  }

  /// An opened picture.
  private struct Opened {
    let index: Int
    let source: any RowSource
    let stylization: Stylization

    var byteCount: Int {
      StoredImage.byteCount(
        width: source.info.width, height: source.info.height, pixels: source.info.pixels,
        replacedBy: Self.result(source.info))
    }

    static func result(_ info: ImageInfo) -> PixelFormat {
      PixelFormat(hasAlpha: info.pixels.hasAlpha)
    }
  }

  private func together(
    _ subjects: [Subject], _ normalization: Normalization, _ wishes: Wishes,
    _ progress: ExecutionProgress
  ) throws(StyleNetworkError) -> [Result<Finding, ItemError>] {
    var results = [Result<Finding, ItemError>](
      repeating: .failure(.network(.cancelled)), count: subjects.count)
    var opened: [Opened] = []
    for (index, subject) in subjects.enumerated() {
      do throws(ImageFileError) {
        opened.append(
          Opened(
            index: index, source: try open(subject.path, wishes),
            stylization: Stylization(normalization: normalization, contrast: subject.contrast)))
      } catch {
        results[index] = .failure(.image(error))
      }
    }
    do {
      let failed = try look(at: opened, normalization, wishes, progress, &results)
      // Without those the rest is another batch.
      if !failed.isEmpty, failed.count < opened.count, !progress.isCancelled {
        let rest = opened.map(\.index).filter { !failed.contains($0) }
        let again = try together(rest.map { subjects[$0] }, normalization, wishes, progress)
        for (index, result) in zip(rest, again) { results[index] = result }
      }
    } catch let error as StyleNetworkError where error == .cancelled {
      throw error
    } catch {
      let failure: ItemError =
        if let error = error as? ImageFileError { .image(error) } else {
          .network(error as? StyleNetworkError ?? .cancelled)
        }
      for member in opened { results[member.index] = .failure(failure) }
    }
    return results
  }

  private func open(_ path: FilePath, _ wishes: Wishes) throws(ImageFileError) -> any RowSource {
    ResizedRows.shrunk(try ImageFile.open(path), maximumSide: wishes.maximumSide ?? .max)
  }

  /// Sets the results of pictures that go through the network together.
  ///
  /// - Returns: Those that couldn't be read, in which case nothing was run.
  private func look(
    at opened: [Opened], _ normalization: Normalization, _ wishes: Wishes,
    _ progress: ExecutionProgress, _ results: inout [Result<Finding, ItemError>]
  ) throws -> [Int] {
    guard !opened.isEmpty else { return [] }
    var job = ExecutionPlan.Job(
      sizes: opened.map {
        ExecutionPlan.Job.Size(width: $0.source.info.width, height: $0.source.info.height)
      }, sampleBytes: opened.reduce(0) { $0 + $1.byteCount },
      decodingBytes: opened.map(\.source.storingBytes).max() ?? 0)
    job.isInspected = wishes.spikes
    let plan = try network.plan(job, memory: memory)
    let file = try reserve(plan.scratchBytes)
    var images: [StoredImage] = []
    var failed: [Int] = []
    for member in opened {
      let info = member.source.info
      do {
        let image = try StoredImage(
          width: info.width, height: info.height, pixels: info.pixels,
          replacedBy: Opened.result(info),
          scratch: plan.samples == .scratch ? reserve(member.byteCount) : nil)
        guard try member.source.store(in: image, unless: { _ in progress.isCancelled }) else {
          throw StyleNetworkError.cancelled
        }
        images.append(image)
      } catch let error as ImageFileError {
        results[member.index] = .failure(.image(error))
        failed.append(member.index)
      }
    }
    guard failed.isEmpty else { return failed }
    let before = try images.enumerated().map {
      try thumbnail(of: $1, wishes, contrast: opened[$0].stylization.contrast)
    }
    let stylized = try zip(images, opened).map { try StylizedImage($0, $1.stylization) }
    var statistics = images.map { _ in PictureStatistics() }
    var spikes = images.map { _ in [Spike]() }
    let finders = images.map { _ in SpikeFinder() }
    try withExtendedLifetime(stylized) {
      try execution.run(
        stylized.map(\.picture), plan: plan, scratch: file, normalization: normalization,
        progress: progress,
        observe: { record in
          statistics[record.picture].layers.append(PictureStatistics.Layer(record))
          if wishes.spikes {
            spikes[record.picture] += finders[record.picture].spikes(in: record.norm)
          }
        }, inspect: wishes.spikes ? { finders[$0.picture].add($0) } : nil)
    }
    for (place, member) in opened.enumerated() {
      results[member.index] = .success(
        Finding(
          width: images[place].width, height: images[place].height,
          statistics: statistics[place], before: before[place],
          after: try thumbnail(of: images[place], wishes), spikes: spikes[place]))
    }
    return []
  }

  private func reserve(_ byteCount: Int) throws(StyleNetworkError) -> ScratchFile? {
    do throws(ScratchFileError) { return try .reserve(byteCount, in: scratch) } catch {
      throw .scratch(error)
    }
  }

  private func thumbnail(of image: StoredImage, _ wishes: Wishes, contrast: Float = 1)
    throws(ImageFileError) -> Image?
  {
    guard wishes.thumbnailWidth > 0 else { return nil }
    let small = try ContactSheet.thumbnail(
      of: StoredRows(image), cellWidth: wishes.thumbnailWidth
    ).converted(to: .eight)
    return contrast == 1 ? small : small.scaled(by: contrast)
  }
}

extension Image {
  /// With another contrast about the mean colour, clamped: 8 bits a sample.
  fileprivate func scaled(by contrast: Float) -> Image {
    var mean = MeanVisibleColor()
    for y in 0..<height { withRow(y) { mean.add($0, pixels) } }
    var scaled = self
    for (index, byte) in bytes.enumerated() where index % pixels.channels < 3 {
      let middle = mean.color[index % pixels.channels]
      let value = middle + contrast * (Float(byte) - middle)
      scaled.bytes[index] = UInt8(min(max(value, 0), 255).rounded())
    }
    return scaled
  }
}
