import CImageCodecs

/// zlib streams in memory, for metadata.
enum Zlib {
  /// The bytes that a stream expands to, as far as `maximumBytes`, and whether it is whole with them.
  static func expandedCount(
    of stream: ArraySlice<UInt8>, maximumBytes: Int
  ) -> (count: Int, isWhole: Bool) {
    var count = 0
    let isWhole = stream.withUnsafeBufferPointer {
      CImageCodecs_inflate($0.baseAddress, $0.count, nil, maximumBytes, &count)
    }
    return (count, isWhole)
  }

  /// The data that `stream` holds, or nil where it is broken or expands beyond `maximumBytes`: that
  /// is found out before memory is taken.
  static func inflated(_ stream: ArraySlice<UInt8>, maximumBytes: Int) -> [UInt8]? {
    stream.withUnsafeBufferPointer { source -> [UInt8]? in
      var count = 0
      guard CImageCodecs_inflate(source.baseAddress, source.count, nil, maximumBytes, &count)
      else { return nil }
      return [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        _ = CImageCodecs_inflate(
          source.baseAddress, source.count, buffer.baseAddress, count, &filled)
      }
    }
  }

  /// A stream that holds `data`.
  ///
  /// - Throws: `ImageFileError.outOfMemory`.
  static func deflated(_ data: [UInt8]) throws(ImageFileError) -> [UInt8] {
    let capacity = CImageCodecs_deflateBound(data.count)
    var isDone = false
    let stream = [UInt8](unsafeUninitializedCapacity: capacity) { buffer, filled in
      if let start = buffer.baseAddress {
        isDone = CImageCodecs_deflate(data, data.count, start, capacity, &filled)
      }
      if !isDone { filled = 0 }
    }
    guard isDone else { throw .outOfMemory }
    return stream
  }
}
