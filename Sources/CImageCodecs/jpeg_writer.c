#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>

// After stdio.h, which jpeglib.h needs and does not include.
#include <jerror.h>
#include <jpeglib.h>

#include "output.h"
#include "report.h"

struct CImageCodecs_JPEGWriter {
  CImageCodecs_Report report;
  CImageCodecs_Output output;
  // Owns all that libjpeg allocates, in its memory pools, after a jump too.
  struct jpeg_compress_struct codec;
  struct jpeg_error_mgr errors;
  struct jpeg_destination_mgr destination;
  jmp_buf landing;
};

static void fail(j_common_ptr codec) {
  CImageCodecs_JPEGWriter *writer = codec->client_data;
  char message[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, message);
  CImageCodecs_Report_fail(
      &writer->report,
      codec->err->msg_code == JERR_OUT_OF_MEMORY ? CImageCodecs_StatusOutOfMemory
                                                 : CImageCodecs_StatusDamaged,
      message);
  longjmp(writer->landing, 1);
}

static void tell(j_common_ptr codec, int level) {
  if (level >= 0) return;
  CImageCodecs_JPEGWriter *writer = codec->client_data;
  char message[JMSG_LENGTH_MAX];
  codec->err->format_message(codec, message);
  CImageCodecs_Report_addLine(writer->report.warnings, message);
}

static void printNothing(j_common_ptr codec) { (void)codec; }

/// Has libjpeg write on behind what is there, with some room.
static void offerRoom(j_compress_ptr codec) {
  CImageCodecs_JPEGWriter *writer = codec->client_data;
  CImageCodecs_Output *output = &writer->output;
  if (!CImageCodecs_Output_reserve(output, 1 << 16)) ERREXIT1(codec, JERR_OUT_OF_MEMORY, 0);
  codec->dest->next_output_byte = output->bytes + output->count;
  codec->dest->free_in_buffer = output->capacity - output->count;
}

static void doNothing(j_compress_ptr codec) { (void)codec; }

static boolean grow(j_compress_ptr codec) {
  CImageCodecs_JPEGWriter *writer = codec->client_data;
  // libjpeg calls this with the buffer full to the brim, whatever free_in_buffer says.
  writer->output.count = writer->output.capacity;
  offerRoom(codec);
  return TRUE;
}

CImageCodecs_JPEGWriter *CImageCodecs_JPEGWriter_create(void) {
  CImageCodecs_JPEGWriter *writer = calloc(1, sizeof *writer);
  if (writer == NULL) return NULL;
  writer->codec.err = jpeg_std_error(&writer->errors);
  writer->errors.error_exit = fail;
  writer->errors.emit_message = tell;
  writer->errors.output_message = printNothing;
  writer->codec.client_data = writer;
  if (setjmp(writer->landing) != 0) {
    CImageCodecs_JPEGWriter_destroy(writer);
    return NULL;
  }
  jpeg_create_compress(&writer->codec);
  writer->destination.init_destination = offerRoom;
  writer->destination.empty_output_buffer = grow;
  writer->destination.term_destination = doNothing;
  writer->codec.dest = &writer->destination;
  return writer;
}

void CImageCodecs_JPEGWriter_destroy(CImageCodecs_JPEGWriter *writer) {
  jpeg_destroy_compress(&writer->codec);
  free(writer->output.bytes);
  free(writer);
}

const CImageCodecs_Report *CImageCodecs_JPEGWriter_report(const CImageCodecs_JPEGWriter *writer) {
  return &writer->report;
}

CImageCodecs_Status CImageCodecs_JPEGWriter_start(
    CImageCodecs_JPEGWriter *writer, uint32_t width, uint32_t height, int quality, int densityUnit,
    uint16_t densityX, uint16_t densityY) {
  j_compress_ptr codec = &writer->codec;
  if (setjmp(writer->landing) != 0) return writer->report.status;
  codec->image_width = width;
  codec->image_height = height;
  codec->input_components = 3;
  codec->in_color_space = JCS_RGB;
  jpeg_set_defaults(codec);
  jpeg_set_quality(codec, quality, TRUE);
  for (int i = 0; i < codec->num_components; i++) {
    codec->comp_info[i].h_samp_factor = 1;
    codec->comp_info[i].v_samp_factor = 1;
  }
  codec->density_unit = (UINT8)densityUnit;
  codec->X_density = densityX;
  codec->Y_density = densityY;
  jpeg_start_compress(codec, TRUE);
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_JPEGWriter_writeMarker(
    CImageCodecs_JPEGWriter *writer, int code, const uint8_t *bytes, size_t count) {
  if (setjmp(writer->landing) != 0) return writer->report.status;
  jpeg_write_marker(&writer->codec, code, bytes, (unsigned)count);
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_JPEGWriter_writeRow(
    CImageCodecs_JPEGWriter *writer, const uint8_t *row) {
  if (setjmp(writer->landing) != 0) return writer->report.status;
  JSAMPROW rows[] = {(JSAMPROW)row};
  jpeg_write_scanlines(&writer->codec, rows, 1);
  return CImageCodecs_StatusSuccess;
}

CImageCodecs_Status CImageCodecs_JPEGWriter_finish(CImageCodecs_JPEGWriter *writer) {
  if (setjmp(writer->landing) != 0) return writer->report.status;
  jpeg_finish_compress(&writer->codec);
  return CImageCodecs_StatusSuccess;
}

const uint8_t *CImageCodecs_JPEGWriter_output(CImageCodecs_JPEGWriter *writer, size_t *count) {
  // libjpeg alone knows how far it has come.
  const uint8_t *bytes = writer->output.bytes;
  *count = bytes == NULL ? 0 : (size_t)(writer->destination.next_output_byte - bytes);
  return bytes;
}

void CImageCodecs_JPEGWriter_clearOutput(CImageCodecs_JPEGWriter *writer) {
  writer->output.count = 0;
  if (writer->output.bytes == NULL) return;
  writer->destination.next_output_byte = writer->output.bytes;
  writer->destination.free_in_buffer = writer->output.capacity;
}
