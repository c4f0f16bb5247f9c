#include "input.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

bool CImageCodecs_Input_fill(CImageCodecs_Input *input, CImageCodecs_Report *report) {
  ssize_t count;
  size_t room = sizeof input->bytes;
  if (input->end > 0) {
    int64_t rest = input->end - input->offset;
    if (rest < (int64_t)room) room = rest > 0 ? (size_t)rest : 0;
  }
  do {
    count = pread(input->descriptor, input->bytes, room, input->offset);
  } while (count < 0 && errno == EINTR);
  if (count < 0) {
    report->systemError = errno;
    CImageCodecs_Report_fail(report, CImageCodecs_StatusUnreadable, strerror(errno));
  }
  input->position = 0;
  input->count = count > 0 ? (size_t)count : 0;
  input->offset += (int64_t)input->count;
  return count > 0;
}

bool CImageCodecs_Input_read(
    CImageCodecs_Input *input, CImageCodecs_Report *report, uint8_t *bytes, size_t count) {
  while (count > 0) {
    if (input->position == input->count && !CImageCodecs_Input_fill(input, report)) return false;
    size_t available = input->count - input->position;
    size_t taken = count < available ? count : available;
    memcpy(bytes, input->bytes + input->position, taken);
    input->position += taken;
    bytes += taken;
    count -= taken;
  }
  return true;
}
