#pragma once

#include "report.h"

/// A file read from its start through a buffer, by `pread`: the descriptor's own offset stays.
typedef struct {
  int descriptor;
  int64_t offset;
  /// Where the file is taken to end, if before its end.
  int64_t end;
  size_t position, count;
  uint8_t bytes[1 << 16];
} CImageCodecs_Input;

/// Fills the buffer anew from the file. False at its end, and where the system refuses, which the
/// report then tells.
bool CImageCodecs_Input_fill(CImageCodecs_Input *input, CImageCodecs_Report *report);
/// Copies the next `count` bytes; false where there are fewer or reading failed.
bool CImageCodecs_Input_read(
    CImageCodecs_Input *input, CImageCodecs_Report *report, uint8_t *bytes, size_t count);
