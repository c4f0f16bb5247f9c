#include <png.h>
#include <stdlib.h>
#include <string.h>

#include "input.h"

struct CImageCodecs_PNGReader {
  CImageCodecs_Report report;
  bool keepsDamaged;
  int passes;
  uint32_t height;
  // Both owned; whatever libpng allocates hangs on them, after a jump too.
  png_structp png;
  png_infop info;
  CImageCodecs_Input input;
};

static void fail(png_structp png, png_const_charp message) {
  CImageCodecs_PNGReader *reader = png_get_error_ptr(png);
  CImageCodecs_Report_fail(&reader->report, CImageCodecs_StatusDamaged, message);
  png_longjmp(png, 1);
}

// A wrong CRC of a critical chunk (a capital letter begins its name) is a mere warning where damage
// is kept, and a wrong checksum of the image data always is, once all rows are there.
static bool meansDamage(const char *message) {
  return message[0] >= 'A' && message[0] <= 'Z' && strlen(message) > 6 &&
         (strcmp(message + 4, ": CRC error") == 0 ||
          strcmp(message + 4, ": incorrect data check") == 0);
}

static void warn(png_structp png, png_const_charp message) {
  CImageCodecs_PNGReader *reader = png_get_error_ptr(png);
  if (!meansDamage(message)) {
    CImageCodecs_Report_addLine(reader->report.warnings, message);
  } else if (reader->keepsDamaged) {
    CImageCodecs_Report_addLine(reader->report.damage, message);
  } else {
    fail(png, message);
  }
}

static png_voidp allocate(png_structp png, png_alloc_size_t size) {
  void *memory = malloc(size);
  CImageCodecs_PNGReader *reader = png_get_mem_ptr(png);
  if (memory == NULL) {
    CImageCodecs_Report_fail(&reader->report, CImageCodecs_StatusOutOfMemory, "out of memory");
  }
  return memory;
}

static void release(png_structp png, png_voidp memory) {
  (void)png;
  free(memory);
}

static void readBytes(png_structp png, png_bytep bytes, size_t count) {
  CImageCodecs_PNGReader *reader = png_get_io_ptr(png);
  // Returning without the bytes would have libpng decode whatever the buffer holds.
  if (!CImageCodecs_Input_read(&reader->input, &reader->report, bytes, count)) {
    png_error(png, "the file ends too early");
  }
}

CImageCodecs_PNGReader *CImageCodecs_PNGReader_create(int descriptor, bool keepsDamaged) {
  CImageCodecs_PNGReader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->keepsDamaged = keepsDamaged;
  reader->input.descriptor = descriptor;
  reader->png = png_create_read_struct_2(
      PNG_LIBPNG_VER_STRING, reader, fail, warn, reader, allocate, release);
  if (reader->png != NULL) reader->info = png_create_info_struct(reader->png);
  if (reader->info == NULL) {
    CImageCodecs_PNGReader_destroy(reader);
    return NULL;
  }
  return reader;
}

void CImageCodecs_PNGReader_destroy(CImageCodecs_PNGReader *reader) {
  png_destroy_read_struct(&reader->png, &reader->info, NULL);
  free(reader);
}

const CImageCodecs_Report *CImageCodecs_PNGReader_report(const CImageCodecs_PNGReader *reader) {
  return &reader->report;
}

// Whatever the file has, rows come as RGB or RGBA of 8 or 16 bits.
static void setTransforms(png_structp png) {
  png_set_expand(png);
  png_set_gray_to_rgb(png);
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
  png_set_swap(png);
#endif
}

CImageCodecs_Status CImageCodecs_PNGReader_readHeader(
    CImageCodecs_PNGReader *reader, uint32_t maximumSide, CImageCodecs_PNGHeader *header) {
  png_structp png = reader->png;
  png_infop info = reader->info;
  if (setjmp(png_jmpbuf(png)) != 0) return reader->report.status;
  png_set_read_fn(png, reader, readBytes);
  png_set_user_limits(png, maximumSide, maximumSide);
  png_set_chunk_cache_max(png, 128);
  png_set_chunk_malloc_max(png, 1 << 23);
  // Of the ancillary chunks only tRNS matters to pixels. The others never reach libpng's parsers:
  // Swift reads them, in bounds of its own.
  png_set_keep_unknown_chunks(png, PNG_HANDLE_CHUNK_NEVER, NULL, -1);
  png_set_crc_action(
      png, reader->keepsDamaged ? PNG_CRC_WARN_USE : PNG_CRC_ERROR_QUIT, PNG_CRC_WARN_DISCARD);
  if (reader->keepsDamaged) {
    // Only pieces that arrive whole are decoded: small ones, so that a file cut short loses little.
    png_set_compression_buffer_size(png, 16);
    // After a wrong byte the checksum is wrong as well, and would cost the last row.
    png_set_option(png, PNG_IGNORE_ADLER32, PNG_OPTION_ON);
  }
  // Some encoders understate zlib's window; zlib's largest costs 32 KB and reads them all.
  png_set_option(png, PNG_MAXIMUM_INFLATE_WINDOW, PNG_OPTION_ON);
  png_read_info(png, info);
  reader->height = png_get_image_height(png, info);
  header->width = png_get_image_width(png, info);
  header->height = reader->height;
  header->bitDepth = png_get_bit_depth(png, info);
  header->hasAlpha = (png_get_color_type(png, info) & PNG_COLOR_MASK_ALPHA) != 0 ||
                     png_get_valid(png, info, PNG_INFO_tRNS) != 0;
  header->isInterlaced = png_get_interlace_type(png, info) != PNG_INTERLACE_NONE;
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_PNGReader_start(CImageCodecs_PNGReader *reader) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return reader->report.status;
  setTransforms(reader->png);
  reader->passes = png_set_interlace_handling(reader->png);
  png_read_update_info(reader->png, reader->info);
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_PNGReader_readRow(CImageCodecs_PNGReader *reader, uint8_t *row) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return reader->report.status;
  png_read_row(reader->png, row, NULL);
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_PNGReader_readPicture(
    CImageCodecs_PNGReader *reader, uint8_t *pixels, size_t stride) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return reader->report.status;
  for (int pass = 0; pass < reader->passes; pass++) {
    for (uint32_t y = 0; y < reader->height; y++) {
      // As the *display* row: each pass fills its blocks, so a picture cut short is coarse, not
      // dotted. After the last pass there is no difference.
      png_read_row(reader->png, NULL, pixels + y * stride);
    }
  }
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_PNGReader_finish(CImageCodecs_PNGReader *reader) {
  if (setjmp(png_jmpbuf(reader->png)) != 0) return reader->report.status;
  png_read_end(reader->png, NULL);
  return CImageCodecs_StatusSuccess;
}
