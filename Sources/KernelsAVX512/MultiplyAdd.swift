@inline(__always)
func multiplyAdd(_ sum: SIMD16<Float>, _ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float> {
  sum.addingProduct(x, y)
}

/// What a register holds.
typealias Vector = SIMD16<Float>

@inline(__always)
var vectorLanes: Int { 16 }
