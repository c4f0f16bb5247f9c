import ImageFiles
import SystemFiles

/// A stored photograph on its way through the runs of a plan: as a coarse painting first, where its
/// strokes are to be larger than the network's own.
final class PaintingInProgress {
  private let member: NetworkSession.Member
  private let stylization: Stylization
  private let photograph: StoredImage
  private let view: StylizedImage
  private var coarse: CoarsePainting?
  private var overlay: StrokeOverlay?

  private var brush: Brush { member.brush }

  init(_ painting: NetworkSession.Painting) throws(ImageFileError) {
    member = painting.member
    stylization = painting.stylization
    photograph = painting.photograph
    view = try StylizedImage(
      photograph, stylization, into: painting.painting, result: member.result)
  }

  /// Makes ready for the coarse run, if it takes part in one.
  ///
  /// - Parameter scratch: A file for the coarse samples; nil to hold them in memory.
  /// - Returns: False where it was cancelled.
  func shrink(in scratch: ScratchFile?, unless isCancelled: () -> Bool) throws(ImageFileError)
    -> Bool
  {
    guard let size = member.coarseSize else { return true }
    coarse = try CoarsePainting(
      photograph, size, factor: factor, stylization, scratch: scratch, unless: isCancelled)
    return coarse != nil
  }

  private var factor: Double {
    brush.factor(width: photograph.width, height: photograph.height)
  }

  /// The picture in the coarse run. One whose strokes are the network's own keeps the others company,
  /// as their statistics may be taken together, and is done by that if no other run follows.
  func coarsePicture() throws(ImageFileError) -> Picture {
    if let coarse { return try prepared(coarse.picture) }
    let own = view.picture
    guard brush.detail == .painted else { return try prepared(finished(own)) }
    return try prepared(
      Picture(
        width: own.width, height: own.height, order: own.order, readRow: own.readRow,
        writeRow: { _, _ in }))
  }

  /// The picture in the run at its own size.
  func finePicture() throws(ImageFileError) -> Picture {
    let own = view.picture
    guard coarse != nil else { return try prepared(finished(own)) }
    return try prepared(
      Picture(
        width: own.width, height: own.height, order: own.order.subtracting(.writesAny),
        readRow: own.readRow,
        writeRow: { [unowned self] y, row throws(ImageFileError) in
          if y == 0 { overlay = makeOverlay() }
          try overlay?.add(row, write: own.writeRow)
          if y == own.height - 1 { overlay = nil }
        }))
  }

  /// Ends a picture that isn't painted at its own size.
  ///
  /// - Returns: False where it was cancelled.
  func finishWithoutFineRun(unless isCancelled: () -> Bool) throws(ImageFileError) -> Bool {
    guard let overlay = makeOverlay() else { return true }
    let own = view.picture
    var row = [Float](repeating: 0, count: 3 * own.width)
    for y in 0..<own.height {
      if isCancelled() { return false }
      var samples = row.mutableSpan
      try own.readRow(y, &samples)
      let colors = row
      try overlay.add(colors.span, write: own.writeRow)
    }
    return true
  }

  private func makeOverlay() -> StrokeOverlay? {
    coarse.map {
      StrokeOverlay(
        $0.image, width: photograph.width, height: photograph.height, factor: factor,
        detail: brush.detail)
    }
  }

  /// A picture whose strokes are the network's own.
  private func finished(_ picture: Picture) -> Picture {
    brush.isPlain ? picture : picture.smoothed()
  }

  /// A picture as the network sees it.
  private func prepared(_ picture: Picture) throws(ImageFileError) -> Picture {
    try picture.grained(brush.grain).extended(by: brush.margin)
  }
}
