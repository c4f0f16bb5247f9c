#include <zlib.h>

#include "CImageCodecs.h"

uint32_t CImageCodecs_crc32(uint32_t crc, const uint8_t *bytes, size_t count) {
  return bytes == NULL ? crc : (uint32_t)crc32_z(crc, bytes, count);
}

bool CImageCodecs_inflate(
    const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity, size_t *outputCount) {
  uint8_t scratch[4096];
  z_stream stream = {0};
  if (count > UINT32_MAX || inflateInit(&stream) != Z_OK) return false;
  stream.next_in = (Bytef *)bytes;
  stream.avail_in = (uInt)count;
  size_t made = 0;
  int result = Z_OK;
  while (result == Z_OK && made <= capacity) {
    // Into scratch, so that one byte too many shows and no byte too many is kept.
    stream.next_out = scratch;
    stream.avail_out = sizeof scratch;
    result = inflate(&stream, Z_NO_FLUSH);
    size_t fresh = sizeof scratch - stream.avail_out;
    if (fresh > capacity - made) {
      result = Z_BUF_ERROR;
      break;
    }
    for (size_t i = 0; output != NULL && i < fresh; i++) output[made + i] = scratch[i];
    made += fresh;
  }
  inflateEnd(&stream);
  *outputCount = made;
  return result == Z_STREAM_END;
}

size_t CImageCodecs_deflateBound(size_t count) { return compressBound(count); }

bool CImageCodecs_deflate(
    const uint8_t *bytes, size_t count, uint8_t *output, size_t capacity, size_t *outputCount) {
  uLongf made = capacity;
  bool isMade = compress2(output, &made, bytes, count, 9) == Z_OK;
  *outputCount = made;
  return isMade;
}
