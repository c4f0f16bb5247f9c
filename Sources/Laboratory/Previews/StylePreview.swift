import BatchStylizer
import ImageFiles
import Layers
import Sheets
import StyleEngine
import StyleModels
import SystemFiles
import SystemPackage

/// A picture in one style after the other, small, to choose among them: with strokes as large as on the
/// picture itself, but without what is finer.
///
/// One thread at a time uses it.
public final class StylePreview {
  private let styles: [BatchRun.Style]
  private let sessions: [NetworkSession]
  /// The longer side that a picture is shrunk to before anything else.
  private let side: Int

  /// - Parameters:
  ///   - styles: The styles in their order; those of one network share it.
  ///   - workers: Threads that compute.
  ///   - memory: Bytes that it may take.
  ///   - scratch: The directory of what doesn't fit; nil for `ScratchDirectory.standard()`.
  public init(
    _ styles: [BatchRun.Style], workers: Int, memory: Int = .max, scratch: FilePath? = nil
  ) {
    self.styles = styles.map { style in
      var style = style
      style.stylization.brush.detail = .none
      return style
    }
    sessions = NetworkSession.sessions(
      for: styles.map(\.network), workers: workers, memory: memory, scratch: scratch)
    side = styles.reduce(Self.leastSide) { side, style in
      guard case .asOnLongSide(let best) = style.stylization.brush.strokeSize else { return side }
      return max(side, best)
    }
  }

  /// Styles that name no size are shown as on a picture of this one.
  private static let leastSide = 800

  /// A picture, read and shrunk.
  public struct Photograph {
    /// The size of the file's picture.
    public let width, height: Int
    let image: StoredImage
  }

  /// Reads a picture.
  public func photograph(_ path: FilePath) throws(ImageFileError) -> Photograph {
    let source = try ImageFile.open(path)
    let (width, height) = (source.info.width, source.info.height)
    let rows = ResizedRows.shrunk(source, maximumSide: side)
    let image = try StoredImage(
      width: rows.info.width, height: rows.info.height, pixels: rows.info.pixels,
      replacedBy: rows.info.pixels)
    _ = try rows.store(in: image) { _ in false }
    return Photograph(width: width, height: height, image: image)
  }

  /// The photograph itself, no wider than `width`.
  public func thumbnail(_ photograph: Photograph, width: Int) throws(ImageFileError) -> Image {
    try ContactSheet.thumbnail(of: StoredRows(photograph.image), cellWidth: width)
      .converted(to: .eight)
  }

  /// Paints a photograph in the style of a number.
  ///
  /// - Returns: The painting, no wider than `width`.
  public func painting(
    _ photograph: Photograph, style number: Int, width: Int, progress: ExecutionProgress
  ) throws(StyleNetworkError) -> Image {
    let (style, session, image) = (styles[number], sessions[number], photograph.image)
    let member = NetworkSession.Member(
      StoredRows(image), brush: style.stylization.brush, paintingsBeside: 1)
    let plan = try session.plan([member])
    let room = try session.reserve(plan, for: [member])
    let painting = try session.makeImage(for: member, plan)
    try session.paint(
      [NetworkSession.Painting(image, into: painting, as: member, style.stylization)],
      styles: [style.parameters], plan: plan, in: room, progress: progress)
    do throws(ImageFileError) {
      return try ContactSheet.thumbnail(of: StoredRows(painting), cellWidth: width)
    } catch {
      throw .picture(error)
    }
  }
}
