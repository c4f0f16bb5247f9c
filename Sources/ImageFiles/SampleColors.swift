/// The colours that rows of samples have between files.
public enum SampleColors: Sendable {
  /// sRGB, whatever the file has: what it can't show is cut off.
  case sRGB
  /// The file's own, which its metadata tell.
  case stored
}
