/// The keys that a style's `__metadata__` always has; keys beyond these make up the style's card.
enum MetadataKey: String, CaseIterable {
  case formatVersion = "format_version"
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
  case name
  case licence
  case training
}
