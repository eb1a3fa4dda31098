"""Syncs that fail with EIO, as those of a broken disk do: by a library that is loaded before the C library (syncs.c)."""
import pathlib
import shutil
import subprocess

import trouble

SOURCE = pathlib.Path(__file__).with_name("syncs.c")


def fail_for_a_while(results, installation, options):
    compiler = shutil.which("clang") or shutil.which("cc")
    if not compiler:
        return results.skip("syncs fail", "there is no C compiler (clang or cc) to make what lets them fail")
    library = installation.directory / "syncs.so"
    subprocess.run([compiler, "-shared", "-fPIC", "-Wall", "-Werror", "-o", library, SOURCE], check=True)
    failing = installation.directory / "syncs-fail"
    installation.variables = {"LD_PRELOAD": str(library), "UCM_TEST_FAILING_SYNCS": str(failing)}
    trouble.under_load(
        results, installation, options, failing.touch, failing.unlink, ["cannot be written", "look at the disk"], "syncs fail")
