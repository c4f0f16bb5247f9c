/// `body` on the bytes `range` of `array`, with its typed error (the standard library's own
/// `withUnsafeMutableBytes` doesn't carry it).
func withMutableBytes(
  of array: inout [UInt8], _ range: Range<Int>,
  _ body: (UnsafeMutableRawBufferPointer) throws(ImageFileError) -> Void
) throws(ImageFileError) {
  let result = array.withUnsafeMutableBytes { bytes -> Result<Void, ImageFileError> in
    do throws(ImageFileError) {
      return .success(try body(.init(rebasing: bytes[range])))
    } catch {
      return .failure(error)
    }
  }
  try result.get()
}

/// As `withMutableBytes`, to read only.
func withBytes(
  of array: [UInt8], _ range: Range<Int>,
  _ body: (UnsafeRawBufferPointer) throws(ImageFileError) -> Void
) throws(ImageFileError) {
  let result = array.withUnsafeBytes { bytes -> Result<Void, ImageFileError> in
    do throws(ImageFileError) {
      return .success(try body(.init(rebasing: bytes[range])))
    } catch {
      return .failure(error)
    }
  }
  try result.get()
}
