import Dispatch
import Tensors

/// Makes the crops after the one that was asked for last before they are asked for.
///
/// It decides when a crop is made and by which thread, never what it is. It lives as long as its
/// threads: until it is closed.
final class CropsAhead: Sendable {
  typealias Making =
    @Sendable (_ index: Int, _ isCancelled: () -> Bool) throws(CropSourceError) -> Crop
  private typealias Made = Result<Crop, CropSourceError>

  private let make: Making
  private let ahead: Int
  private let state = Monitor(State())

  private struct State {
    /// The crop that was asked for last; those after it are made ahead.
    var asked: Int?
    var ready: [Int: Made] = [:]
    /// Crops that a thread is making.
    var underway: Set<Int> = []
    var isClosed = false
  }

  /// What a thread that asks for a crop has to do.
  private enum Turn {
    case take(Made)
    case make
  }

  init(ahead: Int, threads: Int, making make: @escaping Making) {
    self.ahead = ahead
    self.make = make
    for _ in 0..<threads {
      // A queue each: these threads wait, which a shared pool may not let them.
      DispatchQueue(label: "pastiche.crops").async { self.makeAhead() }
    }
  }

  /// A crop that was made ahead, or that the caller makes itself unless another thread is about it.
  func crop(_ index: Int) throws(CropSourceError) -> Crop {
    state.change { state in
      state.asked = index
      state.ready = state.ready.filter { mayKeep($0.key, asked: index) }
    }
    let turn = state.wait { state -> Turn? in
      if state.isClosed { return .take(.failure(.closed)) }
      if let crop = state.ready.removeValue(forKey: index) { return .take(crop) }
      return state.underway.insert(index).inserted ? .make : nil
    }
    if case .take(let crop) = turn { return try crop.get() }
    let crop = made(index)
    state.change { $0.underway.remove(index) }
    return try crop.get()
  }

  /// Ends the threads once they see it. No crop is to be had any more.
  func close() {
    state.change { state in
      state.isClosed = true
      state.ready = [:]
    }
  }

  private func makeAhead() {
    while let index = next() {
      let crop = made(index)
      state.change { state in
        state.underway.remove(index)
        guard let asked = state.asked, !state.isClosed, mayKeep(index, asked: asked) else { return }
        state.ready[index] = crop
      }
    }
  }

  /// Waits for a crop to be wanted; nil once closed.
  private func next() -> Int? {
    state.wait { state -> Int?? in
      if state.isClosed { return .some(nil) }
      guard let asked = state.asked else { return nil }
      let index = (asked + 1..<asked + 1 + ahead).first {
        state.ready[$0] == nil && !state.underway.contains($0)
      }
      guard let index else { return nil }
      state.underway.insert(index)
      return index
    }
  }

  /// Whether a crop that is ready is one that may be next.
  private func mayKeep(_ index: Int, asked: Int) -> Bool { (asked...asked + ahead).contains(index) }

  private func made(_ index: Int) -> Made {
    Result { () throws(CropSourceError) in
      try make(index) { state.withLock { $0.isClosed } }
    }
  }
}
