// Without FMA in the target `addingProduct` calls the C library once per lane, so that x86-64's
// baseline multiplies and adds. Every other 64-bit processor has the fused instruction.

@inline(__always)
func multiplyAdd(_ sum: SIMD16<Float>, _ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float> {
  #if arch(x86_64)
    sum + x * y
  #else
    sum.addingProduct(x, y)
  #endif
}

@inline(__always)
func multiplyAdd(_ sum: SIMD4<Float>, _ x: SIMD4<Float>, _ y: SIMD4<Float>) -> SIMD4<Float> {
  #if arch(x86_64)
    sum + x * y
  #else
    sum.addingProduct(x, y)
  #endif
}

/// What a register holds.
typealias Vector = SIMD4<Float>

@inline(__always)
var vectorLanes: Int { 4 }
