#ifndef CFUZZING_H
#define CFUZZING_H

#include <stddef.h>
#include <stdint.h>
#include <zlib.h>

/// libFuzzer's own mutations, in place.
///
/// Returns the new size, at most `capacity`.
size_t LLVMFuzzerMutate(uint8_t *bytes, size_t count, size_t capacity);

#endif
