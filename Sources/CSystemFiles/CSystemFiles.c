#include "CSystemFiles.h"

#include <fcntl.h>
#include <malloc.h>
#include <sys/auxv.h>
#include <sys/syscall.h>
#include <unistd.h>

int CSystemFiles_renameUnlessTaken(const char *from, const char *to) {
  const unsigned noReplace = 1;  // RENAME_NOREPLACE
  return (int)syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, noReplace);
}

void CSystemFiles_returnFreed(void) { malloc_trim(0); }

static char **arguments;
static int argumentCount;

// What the dynamic linker calls ahead of main is given the same.
__attribute__((constructor)) static void keepArguments(int count, char **values) {
  argumentCount = count;
  arguments = values;
}

int CSystemFiles_argumentCount(void) { return argumentCount; }

const char *CSystemFiles_argument(int index) { return arguments[index]; }

const char *CSystemFiles_executable(void) { return (const char *)getauxval(AT_EXECFN); }
