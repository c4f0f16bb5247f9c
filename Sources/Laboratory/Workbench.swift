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

  public let network: StyleNetwork
  /// In the order in which they were added.
  public private(set) var photographs: [Photograph] = []
  /// Of each run; cancelling it ends the present one and all that follow.
  public var progress = ExecutionProgress()

  private let execution: NetworkExecution
  private let memory: Int
  private let scratch: FilePath?

  /// - Parameters:
  ///   - memory: Bytes that it may take.
  ///   - scratch: Where maps go that don't fit; nil for `ScratchDirectory.standard()`.
  public init(
    network: StyleNetwork, workers: Int, memory: Int = .max, scratch: FilePath? = nil
  ) {
    self.network = network
    self.memory = memory
    self.scratch = scratch
    execution = NetworkExecution(
      network, workers: network.workers(atMost: workers, memory: memory))
  }

  /// Adds a picture, shrunk where a side is longer than `maximumSide`.
  public func add(_ path: FilePath, maximumSide: Int) throws(ImageFileError) {
    let source = ResizedRows.shrunk(try ImageFile.open(path), maximumSide: maximumSide)
    let info = source.info
    let image = try StoredImage(
      width: info.width, height: info.height, pixels: info.pixels, replacedBy: info.pixels)
    _ = try source.store(in: image) { _ in false }
    photographs.append(Photograph(name: path.stem ?? path.printable, image: image))
  }

  /// What the network sees of a photograph: `mean + contrast · (x − mean)`.
  func input(_ photograph: Photograph, contrast: Float) throws -> FloatPicture {
    let view = try StylizedImage(
      photograph.image, Stylization(normalization: .instance, contrast: contrast))
    let picture = view.picture
    var result = FloatPicture(width: picture.width, height: picture.height, samples: [])
    var row = [Float](repeating: 0, count: 3 * picture.width)
    try withExtendedLifetime(view) {
      for y in 0..<picture.height {
        try row.withUnsafeMutableBufferPointer { try picture.readRow(y, $0) }
        result.samples += row
      }
    }
    return result
  }

  /// What the network makes of a photograph when others go through it in the same batch.
  ///
  /// - Parameter contrast: Of the photograph alone, as `Stylization.contrast`.
  func paint(
    _ photograph: Photograph, contrast: Float = 1, among mates: [Photograph] = [],
    _ normalization: Normalization
  ) throws -> FloatPicture {
    var samples: [Float] = []
    samples.reserveCapacity(3 * photograph.image.width * photograph.image.height)
    try run([photograph] + mates, normalization, contrast: contrast) { samples += $0 }
    return FloatPicture(
      width: photograph.image.width, height: photograph.image.height, samples: samples)
  }

  /// Runs a batch.
  ///
  /// - Parameters:
  ///   - contrast: Of the first.
  ///   - write: Takes the first one's rows.
  func run(
    _ batch: [Photograph], _ normalization: Normalization, contrast: Float = 1,
    write: @escaping (UnsafeBufferPointer<Float>) -> Void = { _ in },
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
        width: picture.width, height: picture.height, readRow: picture.readRow,
        writeRow: { _, row in if index == 0 { write(row) } })
    }
    var job = ExecutionPlan.Job(
      sizes: pictures.map { ExecutionPlan.Job.Size(width: $0.width, height: $0.height) })
    job.isInspected = inspect != nil
    let plan = try network.plan(job, memory: max(0, memory - heldBytes))
    try withExtendedLifetime(views) {
      try execution.run(
        pictures, plan: plan, scratch: scratchFile(plan.scratchBytes),
        normalization: normalization, progress: progress, observe: observe,
        inspect: inspect)
    }
  }

  /// The photographs, and as many float pictures as an experiment compares at a time.
  private var heldBytes: Int {
    let compared = 3
    let samples = photographs.map { 3 * $0.image.width * $0.image.height }.max() ?? 0
    return photographs.reduce(compared * samples * MemoryLayout<Float>.stride) {
      $0 + $1.image.height * $1.image.bytesPerRow
    }
  }

  private func scratchFile(_ byteCount: Int) throws(StyleNetworkError) -> ScratchFile? {
    do throws(ScratchFileError) { return try .reserve(byteCount, in: scratch) } catch {
      throw .scratch(error)
    }
  }
}
