#pragma once
// Counts what the calling thread asks the C library's allocator for, in every process that this is
// linked into: its functions take the library's names and pass calls on. Under a sanitizer there are
// none.

/// Calls for memory that this thread has made so far.
long CAllocationCounter_calls(void);
