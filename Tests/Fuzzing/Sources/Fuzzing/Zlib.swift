import CFuzzing

func crc32(of bytes: [UInt8]) -> UInt32 { UInt32(crc32_z(0, bytes, bytes.count)) }

/// What a zlib stream holds; nil where it is broken or has more than `maximumCount` bytes.
func inflated(_ bytes: ArraySlice<UInt8>, maximumCount: Int) -> [UInt8]? {
  var output = [UInt8](repeating: 0, count: maximumCount)
  var count = uLongf(maximumCount)
  let result = bytes.withUnsafeBufferPointer {
    uncompress(&output, &count, $0.baseAddress, uLong($0.count))
  }
  return result == Z_OK ? Array(output.prefix(Int(count))) : nil
}

func deflated(_ bytes: [UInt8]) -> [UInt8] {
  var count = compressBound(uLong(bytes.count))
  var output = [UInt8](repeating: 0, count: Int(count))
  compress2(&output, &count, bytes, uLong(bytes.count), 9)
  return Array(output.prefix(Int(count)))
}
