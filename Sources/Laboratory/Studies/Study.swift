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
    /// The factor by which what the network sees is scaled about the picture's mean, unclamped.
    public let contrast: Float

    public init(_ path: FilePath, contrast: Float = 1) {
      self.path = path
      self.contrast = contrast
    }
  }

  /// The wishes for more than statistics.
  public struct Wishes: Sendable {
    /// The width of the pictures before and after, none where 0.
    public var thumbnailWidth = 0
    /// Whether spikes are looked for, which takes another look at every sample.
    public var spikes = false
    /// Pictures are shrunk to this longest side first; nil for their own size.
    public var maximumSide: Int?

    public init() {}
  }

  /// The findings on a picture.
  public struct Finding: Sendable {
    public let width, height: Int
    public let statistics: PictureStatistics
    /// The picture as the network saw it, clamped, and what it made of it; none where they weren't
    /// wanted.
    public let before: Image?
    public let after: Image?
    public let spikes: [Spike]
  }

  public var network: StyleNetwork { session.network }
  private let session: NetworkSession

  /// - Parameters:
  ///   - network: The network that is looked into.
  ///   - workers: Threads that compute.
  ///   - memory: Bytes that it may take.
  ///   - scratch: The directory of what doesn't fit; nil for `ScratchDirectory.standard()`.
  public init(network: StyleNetwork, workers: Int, memory: Int = .max, scratch: FilePath? = nil) {
    session = NetworkSession(network: network, workers: workers, memory: memory, scratch: scratch)
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
    let member: NetworkSession.Member
    let stylization: Stylization
  }

  private func together(
    _ subjects: [Subject], _ normalization: Normalization, _ wishes: Wishes,
    _ progress: ExecutionProgress
  ) throws(StyleNetworkError) -> [Result<Finding, ItemError>] {
    var results: [Int: Result<Finding, ItemError>] = [:]
    var opened: [Opened] = []
    for (index, subject) in subjects.enumerated() {
      do throws(ImageFileError) {
        let source = ResizedRows.shrunk(
          try ImageFile.open(subject.path), maximumSide: wishes.maximumSide ?? .max)
        opened.append(
          Opened(
            index: index, source: source, member: NetworkSession.Member(source),
            stylization: Stylization(normalization: normalization, contrast: subject.contrast)))
      } catch {
        results[index] = .failure(.image(error))
      }
    }
    do throws(StyleNetworkError) {
      let failed = try look(at: opened, wishes, progress, &results)
      // Without those the rest is another batch.
      if !failed.isEmpty, failed.count < opened.count {
        let rest = opened.map(\.index).filter { !failed.contains($0) }
        let again = try together(rest.map { subjects[$0] }, normalization, wishes, progress)
        for (index, result) in zip(rest, again) { results[index] = result }
      }
    } catch {
      if error == .cancelled { throw error }
      for member in opened { results[member.index] = .failure(ItemError(error)) }
    }
    return subjects.indices.map { index in
      guard let result = results[index] else { preconditionFailure("every picture has a result") }
      return result
    }
  }

  /// Sets the results of pictures that go through the network together.
  ///
  /// - Returns: The places of pictures that couldn't be read, in which case nothing was run.
  private func look(
    at opened: [Opened], _ wishes: Wishes, _ progress: ExecutionProgress,
    _ results: inout [Int: Result<Finding, ItemError>]
  ) throws(StyleNetworkError) -> [Int] {
    guard !opened.isEmpty else { return [] }
    let plan = try session.plan(opened.map(\.member), isInspected: wishes.spikes)
    let room = try session.reserve(plan, for: opened.map(\.member))
    var images: [StoredImage] = []
    var failed: [Int] = []
    for (member, file) in zip(opened, room.photographs) {
      do throws(ImageFileError) {
        let image = try session.store(member.source, as: member.member, in: file) { _ in
          progress.isCancelled
        }
        if let image { images.append(image) }
      } catch {
        results[member.index] = .failure(.image(error))
        failed.append(member.index)
      }
      if progress.isCancelled { throw .cancelled }
    }
    guard failed.isEmpty else { return failed }
    let before = try thumbnails(of: images, wishes, contrasts: opened.map(\.stylization.contrast))
    var statistics = images.map { _ in PictureStatistics() }
    var spikes = images.map { _ in [Spike]() }
    let finders = images.map { _ in SpikeFinder() }
    try session.paint(
      zip(images, opened).map { NetworkSession.Painting($0, as: $1.member, $1.stylization) },
      plan: plan, in: room, progress: progress,
      observe: { record in
        statistics[record.picture].layers.append(PictureStatistics.Layer(record))
        if wishes.spikes {
          spikes[record.picture] += finders[record.picture].spikes(in: record.norm)
        }
      }, inspect: wishes.spikes ? { finders[$0.picture].add($0) } : nil)
    let after = try thumbnails(of: images, wishes, contrasts: images.map { _ in 1 })
    for (place, member) in opened.enumerated() {
      results[member.index] = .success(
        Finding(
          width: images[place].width, height: images[place].height,
          statistics: statistics[place], before: before[place], after: after[place],
          spikes: spikes[place]))
    }
    return []
  }

  private func thumbnails(of images: [StoredImage], _ wishes: Wishes, contrasts: [Float])
    throws(StyleNetworkError) -> [Image?]
  {
    do throws(ImageFileError) {
      var thumbnails: [Image?] = []
      for (image, contrast) in zip(images, contrasts) {
        thumbnails.append(try thumbnail(of: image, wishes, contrast: contrast))
      }
      return thumbnails
    } catch {
      throw .picture(error)
    }
  }

  private func thumbnail(of image: StoredImage, _ wishes: Wishes, contrast: Float)
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
  /// Makes a copy with another contrast about the mean colour, clamped: 8 bits a sample.
  fileprivate func scaled(by contrast: Float) -> Image {
    var mean = MeanVisibleColor()
    for y in 0..<height { mean.add(row(y).span, pixels) }
    var scaled = self
    for (index, byte) in bytes.enumerated() where index % pixels.channels < 3 {
      let middle = mean.color[index % pixels.channels]
      let value = middle + contrast * (Float(byte) - middle)
      scaled.bytes[index] = UInt8(min(max(value, 0), 255).rounded())
    }
    return scaled
  }
}
