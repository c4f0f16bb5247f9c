import ImageFiles
import SystemPackage

extension Image {
  /// Samples that look random and repeat from run to run.
  public init(randomWidth width: Int, height: Int, hasAlpha: Bool = false, seed: UInt64 = 1) {
    let pixels = PixelFormat(hasAlpha: hasAlpha)
    var samples = Samples(seed: seed)
    self.init(
      width: width, height: height, pixels: pixels,
      bytes: samples.bytes(height * pixels.bytesPerRow(width: width)))
  }

  /// 16 bits a sample, in the machine's order.
  public init(width: Int, height: Int, hasAlpha: Bool, sixteenBit samples: [UInt16]) {
    self.init(
      width: width, height: height, pixels: PixelFormat(hasAlpha: hasAlpha, depth: .sixteen),
      bytes: samples.withUnsafeBytes { Array($0) })
  }

  /// What is stored now.
  public init(_ stored: StoredImage) throws {
    try self.init(reading: StoredRows(stored))
  }

  /// What a file decodes to.
  public init(decoding path: FilePath) throws {
    try self.init(reading: ImageFile.open(path))
  }

  /// Writes it as a file that decodes.
  public func write(_ path: FilePath, as format: ImageFormat = .png) throws {
    let sink = try ImageFile.create(
      path, format: format, width: width, height: height, pixels: pixels)
    try write(to: sink)
    try sink.finish()
  }
}

extension StoredImage {
  /// A photograph on its way to a result of `depth`.
  public convenience init(_ image: Image, depth: PixelFormat.Depth = .eight) throws {
    try self.init(
      width: image.width, height: image.height, pixels: image.pixels,
      replacedBy: PixelFormat(hasAlpha: image.pixels.hasAlpha, depth: depth))
    _ = try ImageRows(image).store(in: self) { _ in false }
  }
}
