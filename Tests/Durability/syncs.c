/* Loaded before the C library (LD_PRELOAD): every sync fails with EIO, as that of a broken disk does, as long as the file is there
 * that UCM_TEST_FAILING_SYNCS names. */
#define _GNU_SOURCE
#include <errno.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int fails(void) {
    const char *file = getenv("UCM_TEST_FAILING_SYNCS");
    if (!file || access(file, F_OK) != 0) return 0;
    errno = EIO;
    return 1;
}

int fsync(int descriptor) { return fails() ? -1 : (int)syscall(SYS_fsync, descriptor); }

int fdatasync(int descriptor) { return fails() ? -1 : (int)syscall(SYS_fdatasync, descriptor); }
