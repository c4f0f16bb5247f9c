// A system that gives $TEST_THREADS threads and no more, for LD_PRELOAD.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <pthread.h>
#include <stdlib.h>

int pthread_create(pthread_t *thread, const pthread_attr_t *attributes, void *(*body)(void *),
                   void *argument) {
  static int given;
  const char *most = getenv("TEST_THREADS");
  if (most && __atomic_fetch_add(&given, 1, __ATOMIC_RELAXED) >= atoi(most)) return EAGAIN;
  __typeof__(&pthread_create) real = dlsym(RTLD_NEXT, "pthread_create");
  return real(thread, attributes, body, argument);
}
