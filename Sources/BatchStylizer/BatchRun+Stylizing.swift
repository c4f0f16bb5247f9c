import ImageFiles
import Layers
import StyleEngine

extension BatchRun {
  /// The stylized members of a group, but for those that were only company.
  func stylize(_ group: DecodedGroup, _ execution: NetworkExecution) -> [DecodedPicture] {
    let wanted = group.pictures.filter { $0.item.state == .pending }
    var layers = group.pictures.map { _ in [LayerRecord]() }
    var isDone = false
    defer {
      let ended = isDone ? group.pictures.filter { $0.item.state != .pending } : group.pictures
      budget.release(ended.reduce(0) { $0 + $1.heldBytes })
    }
    guard !control.isCancelled else { return [] }
    let progress = ExecutionProgress()
    control.enter(progress)
    for picture in wanted { picture.progress?.enter(progress) }
    do {
      let images = try group.pictures.map { picture in
        try StylizedImage(picture.image, stylization, depth: files.depth(of: picture.item))
      }
      try withExtendedLifetime(images) {
        try execution.run(
          images.map(\.picture), plan: group.plan, scratch: group.scratch,
          normalization: stylization.normalization, progress: progress,
          observe: options.thumbnailSide > 0 ? { layers[$0.picture].append($0) } : nil)
      }
    } catch StyleNetworkError.cancelled {
      return []
    } catch {
      let failure: ItemError =
        if let error = error as? ImageFileError { .image(error) } else {
          .network(error as? StyleNetworkError ?? .cancelled)
        }
      for picture in wanted { end(picture.item, .failed(failure), picture.progress) }
      return []
    }
    isDone = true
    for picture in wanted { picture.progress?.leave() }
    return zip(group.pictures, layers).compactMap { picture, layers in
      guard picture.item.state == .pending else { return nil }
      var picture = picture
      picture.layers = layers
      return picture
    }
  }
}
