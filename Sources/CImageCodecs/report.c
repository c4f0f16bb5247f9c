#include "report.h"

#include <stdio.h>
#include <string.h>

void CImageCodecs_Report_fail(
    CImageCodecs_Report *report, CImageCodecs_Status status, const char *message) {
  if (report->status != CImageCodecs_StatusSuccess) return;
  report->status = status;
  snprintf(report->message, sizeof report->message, "%s", message);
}

void CImageCodecs_Report_addLine(char *list, const char *line) {
  size_t length = strlen(line);
  for (const char *at = list; *at != 0;) {
    size_t lineLength = strcspn(at, "\n");
    if (lineLength == length && memcmp(at, line, length) == 0) return;
    at += lineLength + (at[lineLength] != 0);
  }
  size_t used = strlen(list);
  size_t capacity = sizeof ((CImageCodecs_Report *)0)->warnings;
  if (used + length + 2 > capacity) return;
  memcpy(list + used, line, length);
  memcpy(list + used + length, "\n", 2);
}

const char *CImageCodecs_message(const CImageCodecs_Report *report) { return report->message; }
const char *CImageCodecs_warnings(const CImageCodecs_Report *report) { return report->warnings; }
const char *CImageCodecs_damage(const CImageCodecs_Report *report) { return report->damage; }
int CImageCodecs_systemError(const CImageCodecs_Report *report) { return report->systemError; }
