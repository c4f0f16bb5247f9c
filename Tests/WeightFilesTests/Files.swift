import SystemPackage

@testable import WeightFiles

typealias Fault = WeightFileError.Fault

/// The bytes of a file with this header and this data part.
func file(_ header: String, data: [UInt8] = []) -> [UInt8] {
  let length = withUnsafeBytes(of: UInt64(header.utf8.count).littleEndian) { Array($0) }
  return length + Array(header.utf8) + data
}

/// The bytes of a file whose only tensors' entries are `entries`.
func file(entries: String, dataBytes: Int) -> [UInt8] {
  file("{\(entries)}", data: [UInt8](repeating: 0, count: dataBytes))
}

/// `"name":{…}` as headers have it.
func entry(_ name: String, _ shape: String, _ begin: String, _ end: String, type: String = "F32")
  -> String
{
  "\"\(name)\":{\"dtype\":\"\(type)\",\"shape\":\(shape),\"data_offsets\":[\(begin),\(end)]}"
}

/// The faults that reading `bytes` gives; none where they are read.
func faults(reading bytes: [UInt8]) -> [Fault] {
  do throws(WeightFileError) {
    _ = try WeightFile(decoding: bytes)
  } catch {
    if case .faults(let faults) = error { return faults }
  }
  return []
}

func fixture(_ name: String) -> FilePath {
  FilePath(#filePath).removingLastComponent().appending("Fixtures").appending(name)
}
