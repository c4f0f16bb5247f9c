import ImageFiles
import Layers
import StyleEngine

extension BatchRun {
  /// Paints a group in one style after the other.
  ///
  /// - Parameter push: Is handed each painting, but for those of pictures that were only company.
  func paint(_ group: consuming DecodedGroup, push: (PaintedPicture) -> Void) {
    for style in styles.indices {
      var paintings = Array(painted(group, style: style).reversed())
      // After the last, nobody holds those that are written while the rest of their batch waits.
      if style == styles.indices.last { group.pictures = [] }
      while let painting = paintings.popLast() { push(painting) }
    }
  }

  private func painted(_ group: DecodedGroup, style: Int) -> [PaintedPicture] {
    func item(_ picture: DecodedPicture) -> BatchPlan.Item {
      picture.work.items[picture.work.items.startIndex + style]
    }
    func progress(_ picture: DecodedPicture) -> PictureProgress? { picture.progress[style] }
    let wanted = group.pictures.filter { item($0).state == .pending }
    guard !wanted.isEmpty, !control.isCancelled else { return [] }
    let execution = ExecutionProgress()
    control.enter(execution)
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
