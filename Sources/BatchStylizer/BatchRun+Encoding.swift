import ImageFiles
import StyleEngine
import SystemFiles

extension BatchRun {
  func encode(_ picture: PaintedPicture) {
    let (item, image) = (picture.item, picture.image)
    picture.progress?.proceed()
    do throws(ItemError) {
      let looks = try looks(picture)
      let written = try write(
        StoredRows(image), metadata: picture.metadata, to: item, as: .encoding, picture.progress)
      guard let written else { return }
      let notes = picture.notes + written
      end(
        item, .done(width: image.width, height: image.height, notes: notes, looks: looks),
        picture.progress)
    } catch {
      end(item, outcome(of: error), picture.progress)
    }
  }

  /// The outcome where an output couldn't be written: one that appeared meanwhile, another run's perhaps,
  /// is left as if it had been there before.
  private func outcome(of error: ItemError) -> BatchEvent.Outcome {
    error == .image(.exists) && plan.outputDirectory != nil ? .skipped : .failed(error)
  }

  /// Writes a picture; nil where it was cancelled.
  private func write(
    _ rows: any RowSource, colors: SampleColors = .sRGB, metadata: ImageMetadata,
    to item: BatchPlan.Item, as stage: PictureProgress.Stage, _ progress: PictureProgress?
  ) throws(ItemError) -> [BatchNote]? {
    do throws(ItemError) {
      return try files.write(rows, colors: colors, metadata: metadata, to: item) {
        progress?.advance(stage, row: $0, of: rows.info.height)
        return control.isCancelled
      }
    } catch {
      // Nobody reads it any more, or there is half a picture in it: the others can't follow.
      if item.output.isStandardStream { control.cancel() }
      throw error
    }
  }

  /// Reads all rows and starts again.
  private func readThrough(_ rows: any RowSource) throws(ItemError) {
    do throws(ImageFileError) {
      var row = [UInt8](repeating: 0, count: rows.info.bytesPerRow)
      for _ in 0..<rows.info.height where !control.isCancelled { try rows.readRow(into: &row) }
      try rows.restart()
    } catch {
      throw .image(error)
    }
  }

  /// A thumbnail of what `rows` gives, where they are wanted.
  func thumbnail(of rows: any RowSource) throws(ImageFileError) -> Image? {
    guard options.thumbnailSide > 0 else { return nil }
    return try Image(thumbnailOf: rows, side: options.thumbnailSide)
  }

  /// Makes the views of a painting, where they are wanted.
  private func looks(_ picture: PaintedPicture) throws(ItemError) -> BatchLooks? {
    guard let before = picture.before else { return nil }
    do throws(ImageFileError) {
      let after = try thumbnail(of: StoredRows(picture.image))
      return after.map { BatchLooks(before: before, after: $0, layers: picture.layers) }
    } catch {
      throw .image(error)
    }
  }

  /// Makes the views of a picture as it is, where they are wanted; it is read another time.
  private func looks(_ source: any RowSource) throws(ItemError) -> BatchLooks? {
    do throws(ImageFileError) {
      guard let picture = try thumbnail(of: ColorConvertedRows(inSRGB: source)) else { return nil }
      try source.restart()
      return BatchLooks(before: picture, after: picture, layers: [])
    } catch {
      throw .image(error)
    }
  }

  /// A picture's whole way where there is nothing to repaint.
  func copy(_ item: BatchPlan.Item, _ given: GivenPicture? = nil) {
    if item.state == .skipped { return end(item, .skipped) }
    let progress = control.start()
    do throws(ItemError) {
      if case .failed(let error) = item.state { throw error }
      let source = try files.open(
        item.input, given, colors: .stored, unless: { control.isCancelled })
      guard let source else { return }
      let held = try copyingBytes(NetworkSession.Member(source))
      budget.admit(holding: held, network: nil)
      defer { budget.release(held) }
      let looks = try looks(source)
      let rows = ConvertedRows(source, depth: files.depth(of: item, source))
      // What is found to be damaged halfway would leave half a picture between others.
      if plan.stream != nil, item.output.isStandardStream { try readThrough(rows) }
      let written = try write(
        rows, colors: .stored, metadata: source.metadata, to: item, as: .copying, progress)
      guard let written else { return }
      let notes = source.notes.map(BatchNote.image) + written
      end(
        item,
        .done(width: rows.info.width, height: rows.info.height, notes: notes, looks: looks),
        progress)
    } catch {
      end(item, outcome(of: error), progress)
    }
  }

  /// Bytes of memory that a picture takes on its way past the network.
  func copyingBytes(_ picture: NetworkSession.Member) throws(ItemError) -> Int {
    let byteCount = picture.metadataBytes + picture.storingBytes
    guard byteCount <= options.memory else {
      throw .network(.memoryTooSmall(needed: byteCount, given: options.memory))
    }
    return byteCount
  }
}
