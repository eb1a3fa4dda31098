"""A disk that is full: a small tmpfs in a mount namespace."""
import errno
import os
import pathlib
import subprocess
import sys

import trouble

# So much that the first start and the challenges fit.
SIZE = "64m"


def namespace():
    return ["unshare", "--mount"] + ([] if os.geteuid() == 0 else ["--map-root-user"])


def outside(results, work, options, command):
    """Runs this program again where it may mount."""
    place = work / "disk"
    place.mkdir()
    mount = f"mount -t tmpfs -o size={SIZE},mode=700 tmpfs '{place}'"
    try:
        tried = subprocess.run(namespace() + ["sh", "-c", mount], capture_output=True, text=True, timeout=60)
        reason = tried.stderr.strip() if tried.returncode else None
    except OSError as error:
        reason = str(error)
    if reason is not None:
        return results.skip("the disk is full", f"this machine allows no small disk to be mounted ({reason})")
    inner = [sys.executable, *command, "--inside", str(place), "--enrolments", str(options.enrolments)]
    with subprocess.Popen(
            namespace() + ["sh", "-c", f'{mount} && exec "$@"', "sh", *inner], stdout=subprocess.PIPE, text=True) as process:
        lines = 0
        for line in process.stdout:
            results.take(line.rstrip("\n"))
            lines += 1
    if lines == 0:
        results.fail("the disk is full", f"the checks ended with {process.returncode} and said nothing")


def inside(results, make, options):
    disk = pathlib.Path(options.inside)
    installation = make(disk.parent / "full", disk / "data")
    filler = disk / "filler"
    trouble.under_load(
        results, installation, options, lambda: fill(filler), filler.unlink, ["disk is full", "free"], "the disk is full",
        # So little would be a finding of ucm doctor's.
        lambda: subprocess.run(["mount", "-o", "remount,size=16g", disk], check=True))


def fill(path):
    """Takes all that is free, to the last page."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o600)
    try:
        size = 1 << 20
        while size >= 512:
            try:
                os.write(descriptor, bytes(size))
            except OSError as error:
                if error.errno != errno.ENOSPC:
                    raise
                size //= 2
    finally:
        os.close(descriptor)
