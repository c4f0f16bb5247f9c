#define _GNU_SOURCE
#include <sys/mman.h>

#include "CImageCodecs.h"

int CImageCodecs_createMemoryFile(void) { return memfd_create("pastiche", MFD_CLOEXEC); }
