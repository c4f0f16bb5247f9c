import ImageFiles
import Layers
import StyleModels
import Synchronization

extension NetworkSession {
  /// A stored photograph, and what is to become of it.
  public struct Painting {
    let photograph: StoredImage
    let painting: StoredImage?
    let member: Member
    let stylization: Stylization

    /// - Parameters:
    ///   - photograph: The photograph, as `store` gives it.
    ///   - painting: The image that the result goes to; nil for the photograph's place.
    ///   - member: The member of the batch that it was planned as.
    ///   - stylization: What is done to it.
    public init(
      _ photograph: StoredImage, into painting: StoredImage? = nil, as member: Member,
      _ stylization: Stylization
    ) {
      self.photograph = photograph
      self.painting = painting
      self.member = member
      self.stylization = stylization
    }
  }

  /// Paints stored photographs.
  ///
  /// - Parameters:
  ///   - paintings: The batch, under the normalization of the first.
  ///   - styles: The style of each picture; nil for the network's own.
  ///   - plan: The plan for the batch's members.
  ///   - room: The plan's room on the disk, as `reserve` gives it.
  ///   - progress: Is told of the multiplications done; cancelled, it ends the run.
  ///   - observe: Is shown what every norm makes of every picture in the first of the plan's runs.
  ///   - inspect: Is shown every layer's output, for which the plan must be made.
  /// - Throws: `StyleNetworkError`, as `NetworkExecution.run`.
  public func paint(
    _ paintings: [Painting], styles: [StyleParameters]? = nil, plan: PaintingPlan,
    in room: Reservation, progress: ExecutionProgress, observe: ((LayerRecord) -> Void)? = nil,
    inspect: ((LayerRows) -> Void)? = nil
  ) throws(StyleNetworkError) {
    guard let normalization = paintings.first?.stylization.normalization else { return }
    progress.begin(total: plan.multiplications)
    let works = try paintings.map { painting throws(StyleNetworkError) in
      try reading { () throws(ImageFileError) in try PaintingInProgress(painting) }
    }
    defer { withExtendedLifetime(works) {} }
    /// Does something with every picture, until it is cancelled.
    func forEach(_ body: (Int) throws(ImageFileError) -> Bool) throws(StyleNetworkError) {
      for index in works.indices {
        let isDone = try reading { () throws(ImageFileError) in try body(index) }
        guard isDone else { throw .cancelled }
      }
    }
    func run(
      _ plan: ExecutionPlan, isFirst: Bool,
      _ picture: (PaintingInProgress) throws(ImageFileError) -> Picture
    ) throws(StyleNetworkError) {
      let pictures = try works.map { work throws(StyleNetworkError) in
        try reading { () throws(ImageFileError) in try picture(work) }
      }
      try turn.withLock { _ throws(StyleNetworkError) in
        try execution.run(
          pictures, styles: styles, plan: plan, scratch: room.maps, normalization: normalization,
          progress: progress, isPart: true, observe: isFirst ? observe : nil,
          inspect: isFirst ? inspect : nil)
      }
    }

    if let coarse = plan.coarse {
      try forEach { index throws(ImageFileError) in
        try works[index].shrink(in: room.coarse[index]) { progress.isCancelled }
      }
      try run(coarse, isFirst: true) { work throws(ImageFileError) in try work.coarsePicture() }
    }
    if let fine = plan.fine {
      try run(fine, isFirst: plan.coarse == nil) { work throws(ImageFileError) in
        try work.finePicture()
      }
    } else {
      try forEach { index throws(ImageFileError) in
        try works[index].finishWithoutFineRun { progress.isCancelled }
      }
    }
  }

  private func reading<Value>(_ body: () throws(ImageFileError) -> Value)
    throws(StyleNetworkError) -> Value
  {
    do throws(ImageFileError) { return try body() } catch { throw .picture(error) }
  }
}
