#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/// Bytes written and not yet taken by the caller; `free(bytes)` ends it.
typedef struct {
  uint8_t *bytes;
  size_t count, capacity;
} CImageCodecs_Output;

/// Makes room for `count` bytes more; false where memory is short, and then nothing has changed.
bool CImageCodecs_Output_reserve(CImageCodecs_Output *output, size_t count);
