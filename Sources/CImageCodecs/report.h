#pragma once

#include "CImageCodecs.h"

struct CImageCodecs_Report {
  CImageCodecs_Status status;
  int systemError;
  char message[256];
  char warnings[1024];
  char damage[1024];
};

/// Notes why the reader or writer ends; the first reason stays.
void CImageCodecs_Report_fail(
    CImageCodecs_Report *report, CImageCodecs_Status status, const char *message);
/// Adds a line to `list` (of 1024 bytes) where it isn't in it yet and has room.
void CImageCodecs_Report_addLine(char *list, const char *line);
