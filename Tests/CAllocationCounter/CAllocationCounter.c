#include "CAllocationCounter.h"

#include <errno.h>
#include <stddef.h>

// In a debug build generic code of the standard library takes and gives back a few bytes at a
// time, whatever it is used for; there, calls for less than this don't count.
#ifdef DEBUG
enum { LEAST = 256 };
#else
enum { LEAST = 0 };
#endif

#ifndef __has_feature
#define __has_feature(feature) 0
#endif

static _Thread_local long calls;

long CAllocationCounter_calls(void) { return calls; }

// A sanitizer brings an allocator of its own, and nothing is counted.
#if !__has_feature(address_sanitizer) && !__has_feature(thread_sanitizer)

static void count(size_t size) { calls += size >= LEAST; }

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *memory, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

void *malloc(size_t size) {
  count(size);
  return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
  count(number * size);
  return __libc_calloc(number, size);
}

void *realloc(void *memory, size_t size) {
  count(size);
  return __libc_realloc(memory, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
  count(size);
  return __libc_memalign(alignment, size);
}

int posix_memalign(void **memory, size_t alignment, size_t size) {
  count(size);
  *memory = __libc_memalign(alignment, size);
  return *memory ? 0 : ENOMEM;
}

#endif
