// Shared by the kernel modules. Documentation: Tensors/KernelSet.swift. 12 sums hide the latency of multiplying and adding.

@inline(never)
public func multiplyAddLoop(_ samples: UnsafeMutablePointer<Float>, _ iterations: Int) -> Int {
  let x = Vector(repeating: samples[0])
  let y = Vector(repeating: samples[1])
  var s0 = Vector(repeating: 0)
  var s1 = Vector(repeating: 1)
  var s2 = Vector(repeating: 2)
  var s3 = Vector(repeating: 3)
  var s4 = Vector(repeating: 4)
  var s5 = Vector(repeating: 5)
  var s6 = Vector(repeating: 6)
  var s7 = Vector(repeating: 7)
  var s8 = Vector(repeating: 8)
  var s9 = Vector(repeating: 9)
  var s10 = Vector(repeating: 10)
  var s11 = Vector(repeating: 11)
  for _ in 0..<iterations {
    s0 = multiplyAdd(s0, x, y)
    s1 = multiplyAdd(s1, x, y)
    s2 = multiplyAdd(s2, x, y)
    s3 = multiplyAdd(s3, x, y)
    s4 = multiplyAdd(s4, x, y)
    s5 = multiplyAdd(s5, x, y)
    s6 = multiplyAdd(s6, x, y)
    s7 = multiplyAdd(s7, x, y)
    s8 = multiplyAdd(s8, x, y)
    s9 = multiplyAdd(s9, x, y)
    s10 = multiplyAdd(s10, x, y)
    s11 = multiplyAdd(s11, x, y)
  }
  let first = s0 + s1 + s2 + s3 + s4 + s5
  let second = s6 + s7 + s8 + s9 + s10 + s11
  let sum = first + second
  for lane in 0..<vectorLanes { samples[lane] = sum[lane] }
  return iterations * 12 * vectorLanes
}
