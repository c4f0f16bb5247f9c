import ImageFiles
import Layers
import StyleEngine
import Synchronization

extension BatchRun {
  /// Paints groups as they come: small pictures, whose parts would be too few for all threads, several at a
  /// time, each on a thread of its own.
  ///
  /// - Parameter push: Is handed each painting, but for those of pictures that were only company.
  func paint(
    _ decoded: BoundedQueue<DecodedGroup>, push: @escaping @Sendable (PaintedPicture) -> Void
  ) {
    var waiting: [DecodedGroup] = []
    /// Bytes that each of the lanes keeps.
    var kept = lanes.map { _ in 0 }
    while true {
      if waiting.isEmpty {
        guard let next = decoded.pop() else { return }
        waiting.append(next)
      }
      if isSmall(waiting[0]) {
        while waiting.count < lanes.count, let next = decoded.pop(where: isSmall) {
          waiting.append(next)
        }
      }
      let count = budget.beginNetworks(
        holding: waiting[0].heldBytes, atMost: min(waiting.count, max(lanes.count, 1)))
      let needs = waiting.prefix(count).map(\.networkBytes)
      // What was kept for pictures of another size goes first.
      for (lane, bytes) in kept.enumerated() {
        let need = count > 1 && lane < count ? needs[lane] : 0
        if bytes != need { lanes[lane].releaseMemory() }
        kept[lane] = need
      }
      if count == 1 {
        paint(waiting.removeFirst(), sessions, push: push)
      } else {
        sessions[0].releaseMemory()
        let groups = Mutex(waiting.prefix(count).map(Optional.some))
        waiting.removeFirst(count)
        sessions[0].share(count) { lane in
          guard let group = groups.withLock({ $0[lane].take() }) else { return }
          paint(consume group, [lanes[lane]], push: push)
        }
      }
      budget.endNetworks(count, keeping: needs.reduce(0, +))
    }
  }

  /// Whether a picture has fewer parts than would keep all threads at work.
  func isSmall(_ group: DecodedGroup) -> Bool {
    guard group.pictures.count == 1 else { return false }
    let info = group.pictures[0].work.info
    return info.width * info.height <= Self.smallArea * lanes.count
  }

  /// Pixels, for each thread: 256×256 keep two at work.
  private static let smallArea = 32_768

  /// Paints a group in one style after the other.
  private func paint(
    _ group: consuming DecodedGroup, _ sessions: [NetworkSession], push: (PaintedPicture) -> Void
  ) {
    for style in styles.indices {
      var paintings = Array(painted(group, style: style, sessions).reversed())
      // After the last, nobody holds those that are written while the rest of their batch waits.
      if style == styles.indices.last { group.pictures = [] }
      while let painting = paintings.popLast() { push(painting) }
    }
  }

  private func painted(
    _ group: DecodedGroup, style: Int, _ sessions: [NetworkSession]
  ) -> [PaintedPicture] {
    func item(_ picture: DecodedPicture) -> BatchPlan.Item {
      picture.work.items[picture.work.items.startIndex + style]
    }
    func progress(_ picture: DecodedPicture) -> PictureProgress? { picture.progress[style] }
    let wanted = group.pictures.filter { item($0).state == .pending }
    guard !wanted.isEmpty, !control.isCancelled else { return [] }
    let execution = ExecutionProgress()
    control.enter(execution)
    defer { control.leave(execution) }
    for picture in wanted { progress(picture)?.enter(execution) }
    let session = sessions[style]
    for other in sessions where other !== session { other.releaseMemory() }
    var layers = group.pictures.map { _ in [LayerRecord]() }
    var places: [PaintingPlaces.Place?] = []
    var images: [StoredImage] = []
    do throws(StyleNetworkError) {
      let plan = group.plans[style]
      for picture in group.pictures {
        places.append(picture.places?.take())
        images.append(
          picture.places == nil
            ? picture.image
            : try session.makeImage(for: picture.work.pictures[style], plan))
      }
      let paintings = zip(group.pictures, images).map { picture, image in
        NetworkSession.Painting(
          picture.image, into: image, as: picture.work.pictures[style],
          styles[style].stylization)
      }
      try session.paint(
        paintings, styles: group.pictures.map { _ in styles[style].parameters }, plan: plan,
        in: group.room, progress: execution,
        observe: options.thumbnailSide > 0 ? { layers[$0.picture].append($0) } : nil)
    } catch {
      guard error != .cancelled else { return [] }
      for picture in wanted { end(item(picture), .failed(ItemError(error)), progress(picture)) }
      return []
    }
    for picture in wanted { progress(picture)?.leave() }
    return group.pictures.indices.compactMap { index in
      let picture = group.pictures[index]
      guard item(picture).state == .pending else { return nil }
      return PaintedPicture(
        item: item(picture), image: images[index], metadata: picture.metadata,
        notes: picture.notes, before: picture.before, layers: layers[index],
        memory: picture.memory, place: places[index], progress: progress(picture))
    }
  }
}
