"""Writes that fail: a limit on the size of files (RLIMIT_FSIZE), set while the server runs.

A write beyond it fails with EFBIG, which is to SQLite what EIO of a broken disk is: SQLITE_IOERR_WRITE.
"""
import resource

import trouble


def fail_for_a_while(results, installation, options):
    def limit(size):
        resource.prlimit(installation.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))

    trouble.under_load(
        results, installation, options, lambda: limit(8192), lambda: limit(resource.RLIM_INFINITY), ["cannot be written", "look at the disk"],
        "writes fail")
