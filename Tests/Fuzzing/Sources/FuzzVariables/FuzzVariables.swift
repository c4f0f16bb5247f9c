import Fuzzing
import FuzzingWeights

@_cdecl("LLVMFuzzerTestOneInput")
public func use(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  ForeignWeightsUse.useVariables(Input(start, count))
  return 0
}
