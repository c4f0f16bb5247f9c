/// The keys of `__metadata__` that mean something to this program; keys beyond these make up the
/// card.
enum MetadataKey: String, CaseIterable {
  case formatVersion = "format_version"
  case kind
  case base
  case baseDigest = "base_sha256"
  case architecture
  case width
  case residualBlocks = "residual_blocks"
  case padding
  case upsampling
  case outputActivation = "output_activation"
  case norm
  case groups
  case epsilon
  case inputRange = "input_range"
  case bestSize = "best_size"
  case grain
  case margin
  case name
  case licence
  case training
}
