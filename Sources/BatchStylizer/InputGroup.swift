import ImageFiles

/// Pictures that share their statistics, and all that is to become of them: one picture, but for live
/// batch norm.
struct InputGroup: Sendable {
  var items: ArraySlice<BatchPlan.Item>
  /// The pictures themselves, in order, where they are at hand; nil for files that are opened in their
  /// turn.
  var given: [GivenPicture]?
}

/// A picture that need not be opened by its name.
enum GivenPicture: Sendable {
  /// It came in a stream.
  case streamed(StreamedPicture)
  /// Its file was opened to plan it.
  case opened(OpenedPicture)
}

/// The groups of a run, in order, those of a stream as they come.
///
/// They are formed before skipping, so that a second run gives every picture the company that it had in
/// the first.
struct InputGroups: IteratorProtocol, Sendable {
  private let run: BatchRun
  private let size: Int
  private var inputs: PlannedInputs

  init(of run: BatchRun) {
    self.run = run
    size = run.groupSize
    inputs = PlannedInputs(of: run.plan)
  }

  mutating func next() -> InputGroup? {
    if let stream = run.plan.stream { return run.nextGroup(of: stream, size: size) }
    if size == 1 {
      return inputs.next().map { input in
        InputGroup(items: input.items, given: input.opened.map { [.opened($0)] })
      }
    }
    // Of a large group not all files are held open.
    var items: [BatchPlan.Item] = []
    var count = 0
    while count < size, let input = inputs.next() {
      items += input.items
      count += 1
    }
    return items.isEmpty ? nil : InputGroup(items: items[...])
  }
}

extension BatchRun {
  var inputGroups: InputGroups { InputGroups(of: self) }

  /// The next pictures of a stream, `size` of them but for the last; nil at its end. Tells why it ends
  /// where it shouldn't.
  fileprivate func nextGroup(of stream: PictureStream, size: Int) -> InputGroup? {
    var items: [BatchPlan.Item] = []
    var pictures: [GivenPicture] = []
    do throws(ImageFileError) {
      while pictures.count < size,
        let picture = try stream.next(unless: { self.control.isCancelled })
      {
        items += plan.items(streamed: picture.number, picture.format)
        pictures.append(.streamed(picture))
      }
    } catch {
      for item in plan.items(streamed: stream.count + 1, stream.firstFormat) {
        end(item, .failed(.image(error)))
      }
    }
    return pictures.isEmpty ? nil : InputGroup(items: items[...], given: pictures)
  }
}
