#pragma once
// What Swift doesn't import of Linux. (This header includes none of the system's, or their types would
// be taken for this module's.)

/// Renames a file unless the new name is taken: returns 0, else -1 with errno, EINVAL on file
/// systems that don't know how.
int CSystemFiles_renameUnlessTaken(const char *from, const char *to);

/// Gives memory that was freed back to the system.
void CSystemFiles_returnFreed(void);
