#pragma once
// What Swift doesn't import of Linux. (This header includes none of the system's, or their types would
// be taken for this module's.)

/// Renames a file unless the new name is taken: returns 0, else -1 with errno, EINVAL on file
/// systems that don't know how.
int CSystemFiles_renameUnlessTaken(const char *from, const char *to);

/// Gives memory that was freed back to the system.
void CSystemFiles_returnFreed(void);

/// How many arguments the process was started with, its name among them. Swift's own look for them in
/// /proc, which not every place has.
int CSystemFiles_argumentCount(void);

/// The argument at `index`, which must be below their count.
const char *CSystemFiles_argument(int index);

/// The path by which the process's program was started.
const char *CSystemFiles_executable(void);
