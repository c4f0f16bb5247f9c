// Shared by the kernel modules, as PixelKernels.swift is.

/// A block of one pixel's channels, 64-byte aligned.
typealias Block = SIMD16<Float>

@inline(__always)
func blocks(_ pointer: UnsafePointer<Float>) -> UnsafePointer<Block> {
  UnsafeRawPointer(pointer).assumingMemoryBound(to: Block.self)
}

@inline(__always)
func blocks(_ pointer: UnsafeMutablePointer<Float>) -> UnsafeMutablePointer<Block> {
  UnsafeMutableRawPointer(pointer).assumingMemoryBound(to: Block.self)
}
