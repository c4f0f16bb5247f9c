#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

// After stdio.h, which jpeglib.h needs and does not include.
#include <jerror.h>
#include <jpeglib.h>

#include "input.h"

/// What is being read: what precedes the pixels, all scans of a file of several, the rows of a file
/// of one, or what follows the pixels.
typedef enum { StageHeader, StageScans, StageRows, StageBehind } Stage;

struct CImageCodecs_JPEGReader {
  CImageCodecs_Report report;
  bool keepsDamaged;
  Stage stage;
  /// The picture's components where all its scans are read first.
  int components;
  /// The components that a scan was begun of, a bit each.
  unsigned begunComponents;
  /// Set where what follows complete scans can't be read; the input then ends ahead of it.
  bool endsEarly;
  /// Set where the file has no end marker.
  bool isCutShort;
  /// The place behind the end marker, once it was read.
  int64_t end;
  // Owns all that libjpeg allocates, in its memory pools, after a jump too.
  struct jpeg_decompress_struct codec;
  struct jpeg_error_mgr errors;
  struct jpeg_source_mgr source;
  struct jpeg_progress_mgr progress;
  jmp_buf landing;
  /// Four samples a pixel, for CMYK; in libjpeg's image pool.
  JSAMPARRAY cmykRow;
  CImageCodecs_Input input;
};

static CImageCodecs_JPEGReader *readerOf(j_common_ptr codec) { return codec->client_data; }

/// Whether each coefficient of a file of several scans has come in full.
///
/// A second frame header has changed what libjpeg says of components and of the mode by the time that
/// it is found to be one too many.
static bool isComplete(const CImageCodecs_JPEGReader *reader) {
  const int (*bits)[DCTSIZE2] = (const int (*)[DCTSIZE2])reader->codec.coef_bits;
  for (int component = 0; component < reader->components; component++) {
    if ((reader->begunComponents >> component & 1) == 0) return false;
    // There are none but for a progressive file.
    for (int k = 0; bits != NULL && k < DCTSIZE2; k++) {
      if (bits[component][k] != 0) return false;
    }
  }
  return true;
}

/// Whether the pixels need nothing of what comes where the decoder is.
static bool hasAllPixels(CImageCodecs_JPEGReader *reader) {
  switch (reader->stage) {
    case StageHeader:
    case StageRows:
      return false;
    case StageScans:
      return isComplete(reader);
    case StageBehind:
      return true;
  }
  return false;
}

/// Ends in a failure, in the words of libjpeg's last message.
static void refuse(j_common_ptr codec) {
  CImageCodecs_JPEGReader *reader = readerOf(codec);
  char message[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, message);
  CImageCodecs_Report_fail(
      &reader->report,
      codec->err->msg_code == JERR_OUT_OF_MEMORY ? CImageCodecs_StatusOutOfMemory
                                                 : CImageCodecs_StatusDamaged,
      message);
  longjmp(reader->landing, 1);
}

static void fail(j_common_ptr codec) {
  CImageCodecs_JPEGReader *reader = readerOf(codec);
  bool isBehind = codec->err->msg_code != JERR_OUT_OF_MEMORY && hasAllPixels(reader);
  if (!isBehind || reader->endsEarly) refuse(codec);
  CImageCodecs_Report_addLine(
      reader->report.warnings, "what follows the pixels isn't JPEG, passed over");
  if (reader->stage == StageScans) {
    reader->endsEarly = true;
    // Without the marker that libjpeg stumbled over.
    reader->input.end = reader->input.offset - (int64_t)reader->source.bytes_in_buffer - 2;
  }
  longjmp(reader->landing, 1);
}

static bool isRestart(int marker) { return marker >= 0xD0 && marker <= 0xD7; }

// All warnings but these mean that some pixels are guesses.
static bool isHarmless(CImageCodecs_JPEGReader *reader) {
  const struct jpeg_error_mgr *errors = reader->codec.err;
  switch (errors->msg_code) {
    case JWRN_ADOBE_XFORM:
    case JWRN_JFIF_MAJOR:
    case JWRN_NOT_SEQUENTIAL:
    case JWRN_TOO_MUCH_DATA:
      return true;
    case JWRN_EXTRANEOUS_DATA:
      if (reader->stage == StageScans && isRestart(errors->msg_parm.i[1])) return false;
      return reader->stage == StageHeader || hasAllPixels(reader);
    case JWRN_JPEG_EOF:
      // The decoder looks ahead of the last block, and warns once more where one wants for bits;
      // of arithmetic codes, which may end in any number of zeros, it can't know.
      return hasAllPixels(reader) || (reader->stage == StageRows && !reader->codec.arith_code);
    default:
      return reader->stage == StageBehind;
  }
}

static void tell(j_common_ptr codec, int level) {
  if (level >= 0) return;
  CImageCodecs_JPEGReader *reader = readerOf(codec);
  int warning = codec->err->msg_code;
  if (!isHarmless(reader)) {
    // What is missing is missing for want of the file's end.
    if (reader->isCutShort) codec->err->msg_code = JWRN_JPEG_EOF;
    if (!reader->keepsDamaged) refuse(codec);
    char message[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, message);
    CImageCodecs_Report_addLine(reader->report.damage, message);
  } else if (warning == JWRN_EXTRANEOUS_DATA) {
    CImageCodecs_Report_addLine(
        reader->report.warnings, reader->stage == StageHeader
                                     ? "stray bytes before the pixels, passed over"
                                     : "stray bytes behind the pixels, passed over");
  } else if (warning == JWRN_JPEG_EOF) {
    if (reader->endsEarly) return;
    reader->isCutShort = true;
    CImageCodecs_Report_addLine(reader->report.warnings, "the end marker is missing");
  } else {
    char message[JMSG_LENGTH_MAX];
    codec->err->format_message(codec, message);
    CImageCodecs_Report_addLine(reader->report.warnings, message);
  }
}

static void printNothing(j_common_ptr codec) { (void)codec; }

static void countScans(j_common_ptr common) {
  j_decompress_ptr codec = (j_decompress_ptr)common;
  CImageCodecs_JPEGReader *reader = codec->client_data;
  for (int i = 0; i < codec->comps_in_scan; i++) {
    reader->begunComponents |= 1u << codec->cur_comp_info[i]->component_index;
  }
  if (codec->input_scan_number <= CImageCodecs_maximumScans) return;
  CImageCodecs_Report_fail(&reader->report, CImageCodecs_StatusTooManyScans, "too many scans");
  longjmp(reader->landing, 1);
}

static void doNothing(j_decompress_ptr codec) { (void)codec; }

static boolean fillBuffer(j_decompress_ptr codec) {
  static const JOCTET endOfImage[] = {0xFF, JPEG_EOI};
  CImageCodecs_JPEGReader *reader = codec->client_data;
  if (CImageCodecs_Input_fill(&reader->input, &reader->report)) {
    codec->src->next_input_byte = reader->input.bytes;
    codec->src->bytes_in_buffer = reader->input.count;
    return TRUE;
  }
  if (reader->report.status != CImageCodecs_StatusSuccess) longjmp(reader->landing, 1);
  // A made-up end, so that what came until now can be had on request.
  WARNMS(codec, JWRN_JPEG_EOF);
  codec->src->next_input_byte = endOfImage;
  codec->src->bytes_in_buffer = sizeof endOfImage;
  return TRUE;
}

static void skip(j_decompress_ptr codec, long count) {
  CImageCodecs_JPEGReader *reader = codec->client_data;
  if (count <= 0) return;
  size_t available = codec->src->bytes_in_buffer;
  if ((size_t)count <= available) {
    codec->src->next_input_byte += count;
    codec->src->bytes_in_buffer -= (size_t)count;
  } else {
    reader->input.offset += count - (long)available;
    codec->src->bytes_in_buffer = 0;
  }
}

CImageCodecs_JPEGReader *CImageCodecs_JPEGReader_create(int descriptor, bool keepsDamaged) {
  CImageCodecs_JPEGReader *reader = calloc(1, sizeof *reader);
  if (reader == NULL) return NULL;
  reader->keepsDamaged = keepsDamaged;
  reader->input.descriptor = descriptor;
  // The default handlers print to standard error and call exit().
  reader->codec.err = jpeg_std_error(&reader->errors);
  reader->errors.error_exit = fail;
  reader->errors.emit_message = tell;
  reader->errors.output_message = printNothing;
  reader->codec.client_data = reader;
  if (setjmp(reader->landing) != 0) {
    CImageCodecs_JPEGReader_destroy(reader);
    return NULL;
  }
  jpeg_create_decompress(&reader->codec);
  reader->source.init_source = doNothing;
  reader->source.fill_input_buffer = fillBuffer;
  reader->source.skip_input_data = skip;
  reader->source.resync_to_restart = jpeg_resync_to_restart;
  reader->source.term_source = doNothing;
  reader->codec.src = &reader->source;
  reader->progress.progress_monitor = countScans;
  reader->codec.progress = &reader->progress;
  return reader;
}

void CImageCodecs_JPEGReader_destroy(CImageCodecs_JPEGReader *reader) {
  jpeg_destroy_decompress(&reader->codec);
  free(reader);
}

const CImageCodecs_Report *CImageCodecs_JPEGReader_report(const CImageCodecs_JPEGReader *reader) {
  return &reader->report;
}

/// Two bytes a coefficient, 64 a block, components padded to whole MCUs.
static uint64_t coefficientBytes(j_decompress_ptr codec) {
  uint64_t mcuWidth = 8 * (uint64_t)codec->max_h_samp_factor;
  uint64_t mcuHeight = 8 * (uint64_t)codec->max_v_samp_factor;
  uint64_t mcus = (codec->image_width + mcuWidth - 1) / mcuWidth *
                  ((codec->image_height + mcuHeight - 1) / mcuHeight);
  uint64_t blocks = 0;
  for (int i = 0; i < codec->num_components; i++) {
    blocks += (uint64_t)codec->comp_info[i].h_samp_factor *
              (uint64_t)codec->comp_info[i].v_samp_factor;
  }
  return mcus * blocks * sizeof(JBLOCK);
}

static bool isInk(J_COLOR_SPACE space) { return space == JCS_CMYK || space == JCS_YCCK; }

CImageCodecs_Status CImageCodecs_JPEGReader_readHeader(
    CImageCodecs_JPEGReader *reader, CImageCodecs_JPEGHeader *header) {
  j_decompress_ptr codec = &reader->codec;
  if (setjmp(reader->landing) != 0) return reader->report.status;
  jpeg_read_header(codec, TRUE);
  J_COLOR_SPACE space = codec->jpeg_color_space;
  header->width = codec->image_width;
  header->height = codec->image_height;
  header->components = codec->num_components;
  header->isConvertible = space == JCS_GRAYSCALE || space == JCS_YCbCr || space == JCS_RGB ||
                          isInk(space);
  header->heldBytes = jpeg_has_multiple_scans(codec) ? coefficientBytes(codec) : 0;
  return CImageCodecs_StatusSuccess;
}

/// Begins the file again, to be read up to where what isn't JPEG begins.
static void restart(CImageCodecs_JPEGReader *reader) {
  jpeg_abort_decompress(&reader->codec);
  reader->input.offset = 0;
  reader->source.bytes_in_buffer = 0;
  reader->begunComponents = 0;
  reader->stage = StageHeader;
  jpeg_read_header(&reader->codec, TRUE);
}

CImageCodecs_Status CImageCodecs_JPEGReader_start(CImageCodecs_JPEGReader *reader) {
  j_decompress_ptr codec = &reader->codec;
  if (setjmp(reader->landing) != 0) {
    if (!reader->endsEarly || reader->report.status != CImageCodecs_StatusSuccess) {
      return reader->report.status;
    }
    if (setjmp(reader->landing) != 0) return reader->report.status;
    restart(reader);
  }
  codec->out_color_space = isInk(codec->jpeg_color_space) ? JCS_CMYK : JCS_RGB;
  if (codec->out_color_space == JCS_CMYK) {
    reader->cmykRow = codec->mem->alloc_sarray(
        (j_common_ptr)codec, JPOOL_IMAGE, codec->image_width * 4, 1);
  }
  reader->components = codec->num_components;
  reader->stage = jpeg_has_multiple_scans(codec) ? StageScans : StageRows;
  jpeg_start_decompress(codec);
  return CImageCodecs_StatusSuccess;
}

static uint8_t darken(unsigned ink, unsigned black) { return (uint8_t)((ink * black + 127) / 255); }

CImageCodecs_Status CImageCodecs_JPEGReader_readRow(CImageCodecs_JPEGReader *reader, uint8_t *row) {
  j_decompress_ptr codec = &reader->codec;
  if (setjmp(reader->landing) != 0) return reader->report.status;
  if (reader->cmykRow == NULL) {
    jpeg_read_scanlines(codec, &row, 1);
    return CImageCodecs_StatusSuccess;
  }
  jpeg_read_scanlines(codec, reader->cmykRow, 1);
  const JSAMPLE *pixel = reader->cmykRow[0];
  for (uint32_t x = 0; x < codec->output_width; x++, pixel += 4, row += 3) {
    row[0] = darken(pixel[0], pixel[3]);
    row[1] = darken(pixel[1], pixel[3]);
    row[2] = darken(pixel[2], pixel[3]);
  }
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_JPEGReader_readInkRow(
    CImageCodecs_JPEGReader *reader, uint8_t *row) {
  if (setjmp(reader->landing) != 0) return reader->report.status;
  jpeg_read_scanlines(&reader->codec, &row, 1);
  return CImageCodecs_StatusSuccess;
}

int64_t CImageCodecs_JPEGReader_end(const CImageCodecs_JPEGReader *reader) { return reader->end; }

CImageCodecs_Status CImageCodecs_JPEGReader_finish(CImageCodecs_JPEGReader *reader) {
  reader->stage = StageBehind;
  if (setjmp(reader->landing) != 0) return reader->report.status;
  jpeg_finish_decompress(&reader->codec);
  if (!reader->endsEarly && !reader->isCutShort) {
    reader->end = reader->input.offset - (int64_t)reader->source.bytes_in_buffer;
  }
  return CImageCodecs_StatusSuccess;
}
