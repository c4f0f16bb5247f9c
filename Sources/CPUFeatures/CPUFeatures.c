#include "CPUFeatures.h"  // SwiftPM wants a source file; the functions are inline.
