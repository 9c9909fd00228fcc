/** Whether the system has refused something. */
export function isSystemError(error: unknown): error is NodeJS.ErrnoException {
  return typeof (error as NodeJS.ErrnoException | undefined)?.syscall === "string";
}

/**
 * Why a file or a folder cannot be used, as the end of a sentence that begins with its path.
 *
 * @param use What was to be done with it.
 * @example `${path} ${systemReason(error)}.` // "/srv/x may not be read by this user."
 * @see https://nodejs.org/docs/latest-v24.x/api/errors.html#common-system-errors
 */
export function systemReason(error: unknown, use: "read" | "written" | "used"): string {
  const { code = "", message, syscall } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: "does not exist",
    ENOTDIR: "lies below something that is not a folder",
    EISDIR: "is a folder",
    EEXIST: syscall === "mkdir" ? "is not a folder" : "is there already",
    EACCES: `may not be ${use} by this user`,
    EPERM: `may not be ${use} by this user`,
    EROFS: "is on a read-only file system",
    ENOSPC: "does not fit: no space is left",
    EBUSY: "is in use by another program",
    ELOOP: "is a symbolic link, or its folder has become one meanwhile",
    ENAMETOOLONG: "has too long a name",
    EMFILE: "cannot be opened: too many files are open",
    ENFILE: "cannot be opened: too many files are open",
    EIO: `cannot be ${use}: the disk reports a fault`,
  };
  return reasons[code] ?? `cannot be ${use}: ${code || message}`;
}
