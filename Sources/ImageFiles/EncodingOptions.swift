/// The choices of how image files are written.
public struct EncodingOptions: Equatable, Sendable {
  /// JPEG's quality, 1…100, on libjpeg's scale; colour is kept at full resolution (4:4:4).
  public var quality: Int
  /// PNG's effort, zlib's 0 (none) … 9 (smallest); pixels are the same at each. 3 by default: 6 takes
  /// 2.2 to 2.8 times as long for photographs that are between 6 % smaller and 1 % larger.
  public var compression: Int
  public var metadata: MetadataPolicy
  /// The maker of the file, for its metadata where that is kept; nothing of time or machine, so
  /// that the same work gives the same bytes.
  public var madeBy: String?

  /// - Precondition: the quality is in 1…100 and the compression in 0…9.
  public init(
    quality: Int = 92, compression: Int = 3, metadata: MetadataPolicy = .keep,
    madeBy: String? = nil
  ) {
    precondition((1...100).contains(quality), "the quality is in 1…100")
    precondition((0...9).contains(compression), "the compression is in 0…9")
    self.quality = quality
    self.compression = compression
    self.metadata = metadata
    self.madeBy = madeBy
  }
}
