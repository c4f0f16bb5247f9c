// A disk that can less than others, for LD_PRELOAD. $TEST_DISK says what below a directory "disk"
// is amiss: "nolink" no hard links and no files without a name, as on FAT; "linkless" no hard links
// alone; "norename" no RENAME_NOREPLACE, as on many FUSE file systems; "caseless" names without
// case; "slow" files that take minutes to be synced.
#define _GNU_SOURCE
#include <ctype.h>
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

static int is(const char *word) {
  const char *disk = getenv("TEST_DISK");
  return disk && strstr(disk, word);
}

static const char *below(const char *path) {
  const char *disk = strstr(path, "disk");
  return disk && (disk[4] == '/' || !disk[4]) ? disk + 4 : NULL;
}

// The name that the disk keeps.
static const char *kept(const char *path, char name[PATH_MAX]) {
  if (!below(path) || !is("caseless") || strlen(path) >= PATH_MAX) return path;
  strcpy(name, path);
  for (char *letter = name + (below(path) - path); *letter; letter++) *letter = tolower(*letter);
  return name;
}

#define REAL(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

static int fail(int reason) {
  errno = reason;
  return -1;
}

static int openFile(__typeof__(&open) real, const char *path, int flags, mode_t mode) {
  char name[PATH_MAX];
  if (below(path) && is("nolink") && (flags & O_TMPFILE) == O_TMPFILE) return fail(EOPNOTSUPP);
  return real(kept(path, name), flags, mode);
}

#define OPEN(name)                                        \
  int name(const char *path, int flags, ...) {            \
    va_list more;                                         \
    va_start(more, flags);                                \
    mode_t mode = va_arg(more, mode_t);                   \
    va_end(more);                                         \
    return openFile(REAL(name), path, flags, mode);       \
  }
OPEN(open)
OPEN(open64)

int fsync(int file) {
  char link[64], path[PATH_MAX] = "";
  struct stat status;
  snprintf(link, sizeof link, "/proc/self/fd/%d", file);
  if (readlink(link, path, sizeof path - 1) > 0 && below(path) && is("slow") &&
      !fstat(file, &status) && S_ISREG(status.st_mode))
    sleep(200);
  return REAL(fsync)(file);
}

static int hasNoLinks(void) { return is("nolink") || is("linkless"); }

int link(const char *from, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  if (below(to) && hasNoLinks()) return fail(EPERM);
  return REAL(link)(kept(from, a), kept(to, b));
}

int linkat(int x, const char *from, int y, const char *to, int flags) {
  char name[PATH_MAX];
  if (below(to) && hasNoLinks()) return fail(EPERM);
  return REAL(linkat)(x, from, y, kept(to, name), flags);
}

int rename(const char *from, const char *to) {
  char a[PATH_MAX], b[PATH_MAX];
  return REAL(rename)(kept(from, a), kept(to, b));
}

long syscall(long number, ...) {
  long a[6];
  char from[PATH_MAX], to[PATH_MAX];
  va_list more;
  va_start(more, number);
  for (int i = 0; i < 6; i++) a[i] = va_arg(more, long);
  va_end(more);
  if (number == SYS_renameat2 && below((char *)a[3])) {
    if (is("norename")) return fail(EINVAL);
    a[1] = (long)kept((char *)a[1], from);
    a[3] = (long)kept((char *)a[3], to);
  }
  return REAL(syscall)(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}

#define STAT(name)                                        \
  int name(const char *path, struct stat *status) {       \
    char low[PATH_MAX];                                   \
    return REAL(name)(kept(path, low), status);           \
  }
STAT(stat)
STAT(lstat)

#define NAMED(name, ...)                                  \
  {                                                       \
    char low[PATH_MAX];                                   \
    return REAL(name)(kept(path, low), ##__VA_ARGS__);    \
  }
int mkdir(const char *path, mode_t mode) NAMED(mkdir, mode)
int rmdir(const char *path) NAMED(rmdir)
int unlink(const char *path) NAMED(unlink)
