import ImageFiles
import Layers
import StyleEngine

extension BatchRun {
  /// The stylized members of a group, but for those that were only company.
  func stylized(_ group: DecodedGroup) -> [DecodedPicture] {
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
    do throws(StyleNetworkError) {
      try session.run(
        group.pictures.map(\.image), group.pictures.map { _ in stylization },
        depths: group.pictures.map { files.depth(of: $0.item) }, plan: group.plan,
        scratch: group.scratch, progress: progress,
        observe: options.thumbnailSide > 0 ? { layers[$0.picture].append($0) } : nil)
    } catch {
      guard error != .cancelled else { return [] }
      for picture in wanted { end(picture.item, .failed(ItemError(error)), picture.progress) }
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
