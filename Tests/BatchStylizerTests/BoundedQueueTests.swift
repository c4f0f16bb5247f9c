import Dispatch
import Synchronization
import TestSupport
import Testing

@testable import BatchStylizer

@Suite(.deadline(minutes: 2)) struct BoundedQueueTests {
  @Test func elementsComeInOrder() {
    let queue = BoundedQueue<Int>(capacity: 3)
    for element in 0..<3 { queue.push(element) }
    #expect((0..<2).map { _ in queue.pop() } == [0, 1])
    for element in 3..<5 { queue.push(element) }
    queue.close()
    #expect((0..<3).map { _ in queue.pop() } == [2, 3, 4])
    #expect(queue.pop() == nil)
    #expect(queue.pop() == nil)
  }

  /// More than it holds never wait in it, whoever is faster.
  @Test(arguments: [1, 2, 5])
  func noMoreWaitThanItHolds(_ capacity: Int) {
    let queue = BoundedQueue<Int>(capacity: capacity)
    let pushed = Atomic<Int>(0)
    let producer = DispatchGroup()
    DispatchQueue(label: "producer").async(group: producer) {
      for element in 0..<200 {
        queue.push(element)
        pushed.add(1, ordering: .sequentiallyConsistent)
      }
      queue.close()
    }
    var popped: [Int] = []
    while true {
      // Those that are through, of which `popped` left again.
      #expect(pushed.load(ordering: .sequentiallyConsistent) <= popped.count + capacity)
      guard let element = queue.pop() else { break }
      popped.append(element)
    }
    producer.wait()
    #expect(popped == Array(0..<200))
  }

  /// What isn't there, or is another, isn't waited for.
  @Test func whatIsThereCanBeHadAtOnce() {
    let queue = BoundedQueue<Int>(capacity: 3)
    #expect(queue.pop { _ in true } == nil)
    for element in [1, 3, 4] { queue.push(element) }
    #expect(queue.pop { $0.isMultiple(of: 2) } == nil)
    #expect((0..<3).map { _ in queue.pop { !$0.isMultiple(of: 2) } } == [1, 3, nil])
    #expect(queue.pop() == 4)
  }

  @Test func elementsMayHaveMoreRoomThanOthers() {
    let queue = BoundedQueue<Int>(capacity: 1)
    queue.push(1)
    queue.push(2, capacity: 3)
    queue.push(3, capacity: 3)
    let pushed = DispatchGroup()
    DispatchQueue(label: "producer").async(group: pushed) { queue.push(4) }
    for element in 1...2 {
      #expect(pushed.wait(timeout: .now() + .milliseconds(20)) == .timedOut)
      #expect(queue.pop() == element)
    }
    #expect(queue.pop() == 3)
    pushed.wait()
    #expect(queue.pop() == 4)
  }

  @Test(arguments: [1, 3])
  func closingEndsEveryConsumerOnceItIsEmpty(_ capacity: Int) {
    let queue = BoundedQueue<Int>(capacity: capacity)
    let popped = Mutex<[Int]>([])
    let consumers = DispatchGroup()
    for _ in 0..<4 {
      DispatchQueue(label: "consumer").async(group: consumers) {
        while let element = queue.pop() { popped.withLock { $0.append(element) } }
      }
    }
    for element in 0..<100 { queue.push(element) }
    queue.close()
    consumers.wait()
    #expect(popped.withLock { $0.sorted() } == Array(0..<100))
  }
}
