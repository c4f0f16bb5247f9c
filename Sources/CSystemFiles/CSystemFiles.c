#include "CSystemFiles.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/syscall.h>
#include <unistd.h>

int CSystemFiles_renameUnlessTaken(const char *from, const char *to) {
  const unsigned noReplace = 1;  // RENAME_NOREPLACE
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, noReplace);
}

void CSystemFiles_returnFreed(void) { malloc_trim(0); }
