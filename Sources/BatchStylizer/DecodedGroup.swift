import ImageFiles
import StyleEngine
import SystemFiles

/// Pictures that go through the network together, read.
struct DecodedGroup: Sendable {
  let pictures: [DecodedPicture]
  /// For those.
  let plan: ExecutionPlan
  let scratch: ScratchFile?
  /// What the network may take beside what the pictures hold.
  let networkBytes: Int

  var heldBytes: Int { pictures.reduce(0) { $0 + $1.heldBytes } }
}

/// A picture between two stages.
struct DecodedPicture: Sendable {
  let item: BatchPlan.Item
  /// The photograph, and after the network the painting.
  let image: StoredImage
  let metadata: ImageMetadata
  var notes: [BatchNote]
  /// A thumbnail of the photograph, where it is wanted.
  let before: Image?
  /// What the norms made of it, where that is wanted.
  var layers: [LayerRecord] = []
  /// Bytes of memory that it holds.
  let heldBytes: Int
  let progress: PictureProgress?
}
