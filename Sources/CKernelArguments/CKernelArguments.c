#include "CKernelArguments.h"  // SwiftPM wants a source file; there are types alone.
