import Fuzzing
import FuzzingPictures

@_cdecl("LLVMFuzzerTestOneInput")
public func use(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  PictureUse.use(Input(start, count))
  return 0
}
