#include "output.h"

#include <stdlib.h>

bool CImageCodecs_Output_reserve(CImageCodecs_Output *output, size_t count) {
  if (count <= output->capacity - output->count) return true;
  if (count > SIZE_MAX / 4 - output->count) return false;
  size_t capacity = 2 * (output->count + count);
  if (capacity < 1 << 17) capacity = 1 << 17;
  uint8_t *bytes = realloc(output->bytes, capacity);
  if (bytes == NULL) return false;
  output->bytes = bytes;
  output->capacity = capacity;
  return true;
}
