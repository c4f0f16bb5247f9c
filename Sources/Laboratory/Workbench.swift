import BatchStylizer
import ImageFiles
import Layers
import StyleEngine
import SystemFiles
import SystemPackage

/// Pictures held in memory, and a network to run over them again and again.
///
/// One thread at a time uses it.
public final class Workbench {
  /// A picture as it was read, which no run changes.
  public struct Photograph: Sendable {
    public let name: String
    let image: StoredImage
  }

  public var network: StyleNetwork { session.network }
  /// The photographs, in the order in which they were added.
  public private(set) var photographs: [Photograph] = []
  /// The progress of each run; cancelling it ends the present one and all that follow.
  public var progress = ExecutionProgress()

  private let session: NetworkSession
  private let memory: Int

  /// - Parameters:
  ///   - network: The network that is run.
  ///   - workers: Threads that compute.
  ///   - memory: Bytes that it may take.
  ///   - scratch: The directory of maps that don't fit; nil for `ScratchDirectory.standard()`.
  public init(
    network: StyleNetwork, workers: Int, memory: Int = .max, scratch: FilePath? = nil
  ) {
    self.memory = memory
    session = NetworkSession(network: network, workers: workers, memory: memory, scratch: scratch)
  }

  /// Adds a picture.
  ///
  /// - Parameters:
  ///   - path: The picture's file.
  ///   - name: What figures call it; by default the path.
  ///   - maximumSide: The longest side in pixels, to which it is shrunk where it is larger.
  public func add(_ path: FilePath, name: String? = nil, maximumSide: Int) throws(ImageFileError) {
    photographs.append(try photograph(path, name: name, maximumSide: maximumSide))
  }

  /// Reads a picture, shrunk where a side is longer than `maximumSide`, and doesn't keep it.
  func photograph(
    _ path: FilePath, name: String? = nil, maximumSide: Int
  ) throws(ImageFileError) -> Photograph {
    let source = ResizedRows.shrunk(try ImageFile.open(path), maximumSide: maximumSide)
    let member = NetworkSession.Member(source, depth: source.info.pixels.depth)
    guard let image = try session.store(source, as: member, in: nil, unless: { _ in false }) else {
      preconditionFailure("what isn't cancelled is stored")
    }
    return Photograph(name: name ?? path.printable, image: image)
  }

  /// Makes what the network sees of a photograph: `mean + contrast · (x − mean)`.
  func input(_ photograph: Photograph, contrast: Float) throws -> FloatPicture {
    let view = try StylizedImage(
      photograph.image, Stylization(normalization: .instance, contrast: contrast))
    let picture = view.picture
    var result = FloatPicture(width: picture.width, height: picture.height, samples: [])
    var row = [Float](repeating: 0, count: 3 * picture.width)
    try withExtendedLifetime(view) {
      for y in 0..<picture.height {
        var samples = row.mutableSpan
        try picture.readRow(y, &samples)
        result.samples += row
      }
    }
    return result
  }

  /// Paints a photograph while others go through the network in the same batch.
  ///
  /// - Parameter contrast: The contrast of the photograph alone, as `Stylization.contrast`.
  func paint(
    _ photograph: Photograph, contrast: Float = 1, among mates: [Photograph] = [],
    _ normalization: Normalization
  ) throws -> FloatPicture {
    var samples: [Float] = []
    samples.reserveCapacity(3 * photograph.image.width * photograph.image.height)
    try run([photograph] + mates, normalization, contrast: contrast) { row in
      for index in row.indices { samples.append(row[index]) }
    }
    return FloatPicture(
      width: photograph.image.width, height: photograph.image.height, samples: samples)
  }

  /// Runs a batch.
  ///
  /// - Parameters:
  ///   - contrast: The first photograph's contrast.
  ///   - write: The taker of the first photograph's rows.
  func run(
    _ batch: [Photograph], _ normalization: Normalization, contrast: Float = 1,
    write: @escaping (Span<Float>) -> Void = { _ in },
    observe: ((LayerRecord) -> Void)? = nil, inspect: ((LayerRows) -> Void)? = nil
  ) throws {
    // A view reads its photograph; results go elsewhere.
    let views = try batch.enumerated().map { index, photograph in
      try StylizedImage(
        photograph.image,
        Stylization(normalization: normalization, contrast: index == 0 ? contrast : 1))
    }
    let pictures = views.enumerated().map { index, view in
      let picture = view.picture
      return Picture(
        width: picture.width, height: picture.height, order: .readsAny, readRow: picture.readRow,
        writeRow: { _, row in if index == 0 { write(row) } })
    }
    var job = ExecutionPlan.Job(
      sizes: pictures.map { ExecutionPlan.Job.Size(width: $0.width, height: $0.height) })
    job.isInspected = inspect != nil
    let plan = try network.plan(job, memory: max(0, memory - heldBytes))
    try withExtendedLifetime(views) {
      try session.run(
        pictures, plan: plan, scratch: session.reserve(plan.scratchBytes),
        normalization: normalization, progress: progress, observe: observe, inspect: inspect)
    }
  }

  /// Bytes of the photographs, and of as many float pictures as an experiment compares at a time.
  private var heldBytes: Int {
    let compared = 3
    let samples = photographs.map { 3 * $0.image.width * $0.image.height }.max() ?? 0
    return photographs.reduce(compared * samples * MemoryLayout<Float>.stride) {
      $0 + $1.image.height * $1.image.bytesPerRow
    }
  }
}
