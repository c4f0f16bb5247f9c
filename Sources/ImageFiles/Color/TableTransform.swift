import CColorManagement

/// A conversion by Little CMS, for profiles that consist of tables.
///
/// Little CMS's transform never changes once it is made, so threads may share it.
final class TableTransform: @unchecked Sendable {
  private let pointer: OpaquePointer

  /// - Returns: Nil where a profile is broken or has no tables for that way.
  init?(from source: ICCProfile, to target: ICCProfile, _ pixels: PixelFormat) {
    guard
      let pointer = CColorManagement_Transform_create(
        source.pointer, target.pointer, pixels.depth == .eight ? 1 : 2, pixels.hasAlpha)
    else { return nil }
    self.pointer = pointer
  }

  deinit { CColorManagement_Transform_destroy(pointer) }

  /// Converts a row in place.
  func apply(to row: inout MutableSpan<UInt8>, _ pixels: PixelFormat) {
    row.withUnsafeMutableBufferPointer { bytes in
      guard let start = bytes.baseAddress else { return }
      CColorManagement_Transform_apply(pointer, start, start, bytes.count / pixels.bytesPerPixel)
    }
  }

  /// Converts a row of CMYK, four bytes a pixel, into RGB.
  func apply(_ inks: Span<UInt8>, into row: inout MutableSpan<UInt8>) {
    precondition(inks.count / 4 == row.count / 3, "both rows have as many pixels")
    inks.withUnsafeBufferPointer { inks in
      row.withUnsafeMutableBufferPointer { row in
        guard let source = inks.baseAddress, let target = row.baseAddress else { return }
        CColorManagement_Transform_apply(pointer, source, target, inks.count / 4)
      }
    }
  }
}
