import Tensors

/// A queue between two stages that holds a few elements at most, so that a fast stage waits for a
/// slow one instead of filling memory.
final class BoundedQueue<Element: Sendable>: Sendable {
  private struct State {
    var elements: [Element] = []
    var isClosed = false
  }

  private let capacity: Int
  private let state = Monitor(State())

  init(capacity: Int) {
    self.capacity = capacity
  }

  /// Waits until there is room.
  ///
  /// - Parameters:
  ///   - element: What is to wait.
  ///   - capacity: The most that may wait together with it, where that isn't the queue's own number.
  func push(_ element: Element, capacity: Int? = nil) {
    let capacity = capacity ?? self.capacity
    state.exchange { state -> Void? in
      guard state.elements.count < capacity else { return nil }
      return state.elements.append(element)
    }
  }

  /// Waits for an element; nil once the queue is closed and empty. Elements come in order.
  func pop() -> Element? {
    state.exchange { state in
      if state.elements.isEmpty { return state.isClosed ? .some(nil) : nil }
      return state.elements.removeFirst()
    }
  }

  /// The next element, if it is there and is so; doesn't wait.
  func pop(where isSo: (Element) -> Bool) -> Element? {
    state.exchange { state in
      guard let next = state.elements.first, isSo(next) else { return .some(nil) }
      return state.elements.removeFirst()
    }
  }

  /// No more elements will be pushed. What is there can still be popped.
  func close() {
    state.change { state in state.isClosed = true }
  }
}
