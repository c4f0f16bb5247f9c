import ImageFiles
import SystemFiles
import SystemPackage

/// The reading and writing of a run's pictures.
struct PictureFiles: Sendable {
  let options: BatchRun.Options
  let styles: [BatchRun.Style]
  private let directories = OutputDirectories()

  init(options: BatchRun.Options, styles: [BatchRun.Style]) {
    self.options = options
    self.styles = styles
  }

  /// Opens an input, at the size in which it is wanted.
  ///
  /// - Parameters:
  ///   - given: The picture itself, where it is at hand.
  ///   - colors: The colours that its rows come in.
  ///   - isCancelled: The question whether to stop, asked while a pipe gives nothing.
  /// - Returns: The opened input; nil where it was cancelled.
  func open(
    _ input: FilePath, _ given: GivenPicture? = nil, colors: SampleColors = .sRGB,
    unless isCancelled: () -> Bool
  ) throws(ItemError) -> (any RowSource)? {
    do throws(ImageFileError) {
      let (limits, damaged) = (options.limits, options.damaged)
      let source: any RowSource
      switch given {
      case .streamed(let picture):
        source = try ImageFile.open(picture, limits: limits, damaged: damaged, colors: colors)
      case .opened(let picture):
        source = try ImageFile.open(picture, limits: limits, damaged: damaged, colors: colors)
      case nil where FileIdentity(of: input)?.isRegularFile == false:
        let opened: FileDescriptor?
        do throws(Errno) { opened = try openPipe(input, unless: isCancelled) } catch {
          throw .unreadable(error)
        }
        guard let pipe = opened else { return nil }
        source = try ImageFile.open(owning: pipe, limits: limits, damaged: damaged, colors: colors)
      case nil:
        source = try ImageFile.open(input, limits: limits, damaged: damaged, colors: colors)
      }
      let info = source.info
      let (width, height) = options.resizing.size(width: info.width, height: info.height)
      if width == info.width, height == info.height { return source }
      try options.limits.check(width: width, height: height)
      return ResizedRows(source, width: width, height: height)
    } catch {
      throw .image(error)
    }
  }

  /// The depth in which an output is written: JPEG has but one.
  func depth(of item: BatchPlan.Item, _ source: any RowSource) -> PixelFormat.Depth {
    guard item.format == .png else { return .eight }
    let isWide = source.info.pixels.depth == .sixteen && source.metadata.needsSixteenBits
    return options.depth ?? (isWide ? .sixteen : .eight)
  }

  /// Writes a picture, complete or not at all.
  ///
  /// - Parameters:
  ///   - colors: The colours of the rows.
  ///   - isCancelled: The question whether to stop, asked at every row with how many are done; where
  ///     it says so nothing is written.
  /// - Returns: The notes on the output; nil where it was cancelled.
  func write(
    _ rows: any RowSource, colors: SampleColors = .sRGB, metadata: ImageMetadata,
    to item: BatchPlan.Item,
    unless isCancelled: (_ rowsDone: Int) -> Bool
  ) throws(ItemError) -> [BatchNote]? {
    if !item.output.isStandardStream {
      try directories.make(item.output.removingLastComponent())
    }
    do throws(ImageFileError) {
      let info = rows.info
      var encoding = options.encoding
      encoding.madeBy = styles[item.style].madeBy
      let sink = try ImageFile.create(
        item.output, format: item.format, width: info.width, height: info.height,
        pixels: info.pixels, options: encoding, metadata: metadata,
        colors: colors, replacing: item.replaces)
      var row = [UInt8](repeating: 0, count: info.bytesPerRow)
      for y in 0..<info.height {
        if isCancelled(y) { return nil }
        try rows.readRow(into: &row)
        try sink.writeRow(row.span)
      }
      try sink.finish()
      var notes = sink.notes.map(BatchNote.image)
      if options.depth == .sixteen, item.format == .jpeg {
        notes.append(.eightBitJPEG)
      }
      return notes
    } catch {
      throw .image(error)
    }
  }
}

/// The change that makes pictures smaller, or larger, before anything else.
public enum Resizing: Equatable, Sendable {
  case none
  /// The most that the longer side may be.
  case maximumSide(Int)
  /// The factor of both sides, which are rounded, at least 1.
  case scale(Double)

  func size(width: Int, height: Int) -> (width: Int, height: Int) {
    switch self {
    case .none:
      return (width, height)
    case .maximumSide(let side):
      return ResizedRows.size(width: width, height: height, maximumSide: side)
    case .scale(let factor):
      func scaled(_ side: Int) -> Int { max(1, Int((Double(side) * factor).rounded())) }
      return (scaled(width), scaled(height))
    }
  }
}
