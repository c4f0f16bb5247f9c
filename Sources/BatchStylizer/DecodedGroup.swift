import ImageFiles
import StyleEngine
import SystemFiles

/// Pictures that go through the network together, read.
struct DecodedGroup: Sendable {
  let pictures: [DecodedPicture]
  /// The plan for these pictures.
  let plan: ExecutionPlan
  let scratch: ScratchFile?
  /// Bytes that the network may take beside what the pictures hold.
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
  /// The records of what the norms made of the picture, where they are wanted.
  var layers: [LayerRecord] = []
  /// Bytes of memory that the picture holds.
  let heldBytes: Int
  let progress: PictureProgress?
}
