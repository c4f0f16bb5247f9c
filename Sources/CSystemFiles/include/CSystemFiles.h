#pragma once
// What Swift doesn't import of Linux. (This header includes none of the system's, or their types would
// be taken for this module's.)

/// Renames a file unless the new name is taken: returns 0, else -1 with errno, EINVAL on file
/// systems that don't know how.
int CSystemFiles_renameUnlessTaken(const char *from, const char *to);

/// From now on blocks of at least so many bytes go back to the system when they are freed.
void CSystemFiles_returnFreed(int leastBytes);
