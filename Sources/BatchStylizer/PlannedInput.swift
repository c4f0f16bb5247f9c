import ImageFiles
import SystemPackage

/// An input of a plan, and what is to become of it.
struct PlannedInput: Sendable {
  /// An item for each style.
  let items: ArraySlice<BatchPlan.Item>
  /// Its file, where that had to be opened to know them.
  var opened: OpenedPicture?
}

/// What tells two items apart.
struct PlannedPainting: Hashable {
  let input: FilePath
  let output: FilePath

  init(_ item: BatchPlan.Item) {
    (input, output) = (item.input, item.output)
  }
}

/// The inputs of a plan, in order.
struct PlannedInputs: IteratorProtocol, Sendable {
  private var planned: ArraySlice<ArraySlice<BatchPlan.Item>>
  private var sequence: PlannedSequence.Iterator?

  init(of plan: BatchPlan) {
    planned = plan.items[...].chunkedByInput[...]
    sequence = plan.sequence?.makeIterator()
  }

  mutating func next() -> PlannedInput? {
    planned.popFirst().map { PlannedInput(items: $0) } ?? sequence?.next()
  }
}
