@inline(__always)
func multiplyAdd(_ sum: SIMD16<Float>, _ x: SIMD16<Float>, _ y: SIMD16<Float>) -> SIMD16<Float> {
  sum.addingProduct(x, y)
}

@inline(__always)
func multiplyAdd(_ sum: SIMD8<Float>, _ x: SIMD8<Float>, _ y: SIMD8<Float>) -> SIMD8<Float> {
  sum.addingProduct(x, y)
}

/// What a register holds.
typealias Vector = SIMD8<Float>

@inline(__always)
var vectorLanes: Int { 8 }
