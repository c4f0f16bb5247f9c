import ImageFiles

/// Pictures that share their statistics, and all that is to become of them: one picture, but for live
/// batch norm.
struct InputGroup {
  var items: ArraySlice<BatchPlan.Item>
  /// The pictures themselves where they came in a stream, in order; nil for files, which are opened in
  /// their turn.
  var streamed: [StreamedPicture]?
}

extension BatchRun {
  /// The groups of the run, in order, those of a stream as they come.
  var inputGroups: AnyIterator<InputGroup> {
    if let stream = plan.stream {
      return AnyIterator { self.nextGroup(of: stream, size: self.groupSize) }
    }
    return AnyIterator(groups.lazy.map { InputGroup(items: $0) }.makeIterator())
  }

  /// The next pictures of a stream, `size` of them but for the last; nil at its end. Tells why it ends
  /// where it shouldn't.
  func nextGroup(of stream: PictureStream, size: Int) -> InputGroup? {
    var items: [BatchPlan.Item] = []
    var pictures: [StreamedPicture] = []
    do throws(ImageFileError) {
      while pictures.count < size,
        let picture = try stream.next(unless: { self.control.isCancelled })
      {
        items += plan.items(streamed: picture.number, picture.format)
        pictures.append(picture)
      }
    } catch {
      for item in plan.items(streamed: stream.count + 1, stream.firstFormat) {
        end(item, .failed(.image(error)))
      }
    }
    return pictures.isEmpty ? nil : InputGroup(items: items[...], streamed: pictures)
  }
}
