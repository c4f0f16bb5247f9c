import Dispatch
import Synchronization

/// A queue between two stages that holds a few elements at most, so that a fast stage waits for a
/// slow one instead of filling memory.
final class BoundedQueue<Element: Sendable>: Sendable {
  private let elements = Mutex<[Element]>([])
  private let free = DispatchSemaphore(value: 0)
  private let filled = DispatchSemaphore(value: 0)

  init(capacity: Int) {
    // From 0 up: a semaphore that ends below the value it was made with is taken for a mistake.
    for _ in 0..<capacity { free.signal() }
  }

  /// Waits until there is room.
  func push(_ element: Element) {
    free.wait()
    elements.withLock { $0.append(element) }
    filled.signal()
  }

  /// Waits for an element; nil once the queue is closed and empty. Elements come in order.
  func pop() -> Element? {
    filled.wait()
    let element = elements.withLock { $0.isEmpty ? nil : $0.removeFirst() }
    // Empty means closed; the next to ask shall see it, too.
    if element == nil { filled.signal() } else { free.signal() }
    return element
  }

  /// No more elements will be pushed. What is there can still be popped.
  func close() {
    filled.signal()
  }
}
