import ImageFiles
import StyleEngine
import SystemFiles
import Tensors

/// Pictures that go through the network together, read.
struct DecodedGroup: Sendable {
  var pictures: [DecodedPicture]
  /// The plan for these pictures in each style.
  let plans: [PaintingPlan]
  let room: NetworkSession.Reservation
  /// Bytes that the network may take beside what the pictures hold.
  let networkBytes: Int

  var heldBytes: Int { pictures.reduce(0) { $0 + $1.memory.byteCount } }
}

/// A photograph on its way to the network.
struct DecodedPicture: Sendable {
  let work: PictureWork
  let image: StoredImage
  let metadata: ImageMetadata
  var notes: [BatchNote]
  /// A thumbnail of the photograph, where it is wanted.
  let before: Image?
  let memory: HeldMemory
  /// The progress of each item that is to be done.
  let progress: [PictureProgress?]
  /// The paintings that may be on their way beside the photograph.
  let places: PaintingPlaces?
}

/// A painting on its way to its file.
struct PaintedPicture: Sendable {
  let item: BatchPlan.Item
  let image: StoredImage
  let metadata: ImageMetadata
  let notes: [BatchNote]
  let before: Image?
  /// The records of what the norms made of the picture, where they are wanted.
  let layers: [LayerRecord]
  let memory: HeldMemory
  let place: PaintingPlaces.Place?
  let progress: PictureProgress?
}

/// Bytes of a budget that are given back when nobody refers to this any more.
final class HeldMemory: Sendable {
  let byteCount: Int
  private let budget: MemoryBudget

  /// - Precondition: So many bytes were admitted, which are given back by themselves.
  init(_ byteCount: Int, of budget: MemoryBudget) {
    self.byteCount = byteCount
    self.budget = budget
    budget.hold(byteCount)
  }

  deinit { budget.release(byteCount) }
}

/// The paintings that are held at a time beside their photograph: while one is written the next is
/// made.
final class PaintingPlaces: Sendable {
  static let count = 2

  private let free = Monitor(count)

  /// One of them, free again when nobody refers to it any more.
  final class Place: Sendable {
    private let places: PaintingPlaces

    fileprivate init(_ places: PaintingPlaces) { self.places = places }

    deinit { places.free.change { $0 += 1 } }
  }

  /// Waits for a place.
  func take() -> Place {
    free.wait { count in
      guard count > 0 else { return nil }
      count -= 1
      return Place(self)
    }
  }
}
