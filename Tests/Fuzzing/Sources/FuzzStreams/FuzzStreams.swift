import Fuzzing
import FuzzingPictures

@_cdecl("LLVMFuzzerTestOneInput")
public func use(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  StreamUse.use(Input(start, count))
  return 0
}
