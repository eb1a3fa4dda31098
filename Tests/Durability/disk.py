"""A disk that is full: a small tmpfs in a mount namespace, with the registry on it or the PostgreSQL server that has it."""
import errno
import os
import pathlib
import shlex
import subprocess
import sys
import time

import trouble
from load import Ledger, Load
from results import require


def namespace():
    """Where a disk may be mounted; and what goes on there, without the root that whoever is not root got for it."""
    if os.geteuid() == 0:
        return ["unshare", "--mount"], []
    return ["unshare", "--mount", "--map-root-user"], ["unshare", "--user", "--map-user=1000", "--map-group=1000"]


def outside(results, work, options, kind, command):
    """Runs this program again where it may mount."""
    place = work / "disk"
    place.mkdir()
    # PostgreSQL's server may be another user's.
    mount = f"mount -t tmpfs -o size={kind.small_disk},mode=711 tmpfs {shlex.quote(str(place))}"
    enter, leave = namespace()
    try:
        tried = subprocess.run(enter + ["sh", "-c", mount], capture_output=True, text=True, timeout=60)
        reason = tried.stderr.strip() if tried.returncode else None
    except OSError as error:
        reason = str(error)
    if reason is not None:
        return results.skip("the disk is full", f"this machine allows no small disk to be mounted ({reason})")
    inner = [sys.executable, *command, "--inside", str(place), "--enrolments", str(options.enrolments)]
    inner = leave + kind.living_in(place) + inner + (["--postgresql"] if options.postgresql else [])
    with subprocess.Popen(
            enter + ["sh", "-c", f'{mount} && exec "$@"', "sh", *inner], stdout=subprocess.PIPE, text=True) as process:
        failed = results.failed
        for line in process.stdout:
            results.take(line.rstrip("\n"))
    if process.returncode != 0 and results.failed == failed:
        results.fail("the disk is full", f"the checks ended with {process.returncode} and did not say why")


def inside(results, make, options):
    disk = pathlib.Path(options.inside)
    filler = disk / "filler"
    installation = make(disk.parent / "full", disk / "data")

    def begin():
        installation.database.before_full_disk()
        fill(filler)

    def tidy():
        # That the disk is as small as it is would be a finding of ucm doctor's.
        if installation.database.lives_in_data:
            installation.move(installation.directory / "data")

    trouble.under_load(
        results, installation, options, begin, filler.unlink, installation.database.full_disk_words, "the disk is full", tidy)
    start_on_it(results, make(disk.parent / "full-start", disk / "other"), filler)


def start_on_it(results, installation, filler):
    """A server that is killed while its disk is full, and started on it."""
    with results.check("started on a full disk, it says so or starts; with room it starts", installation.log) as notes:
        try:
            installation.start()
            fingerprint = installation.fingerprint()
            challenges = installation.make_challenges(40)
            installation.database.before_full_disk()
            ledger = Ledger(installation)
            ledger.last = max([0] + [number for number, _, _ in installation.database.certificates(0)])
            load = Load(installation, "restart", challenges, fingerprint=fingerprint)
            try:
                load.wait_for(10)
                fill(filler)
                installation.kill()
                installation.launch()
                end = time.monotonic() + 30
                while installation.process.poll() is None and not installation.is_ready():
                    require(time.monotonic() < end, "it neither starts nor ends")
                    time.sleep(0.05)
                if installation.process.poll() is None:
                    notes.append("it started")
                    installation.kill()
                else:
                    notes.append("it did not start")
                    time.sleep(0.2)
                    status, installation.process = installation.process.returncode, None
                    require(status > 0, f"it ended with {status}")
                    require("disk" in installation.lines[-1], f"the last line is: {installation.lines[-1]}")
                filler.unlink()
                installation.start()
                report, received = load.finish()
                ledger.add(received)
            finally:
                load.end()
            installation.stop()
            installation.run("audit", "verify")
        finally:
            installation.end()


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
