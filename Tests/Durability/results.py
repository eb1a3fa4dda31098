"""What came of the checks, a line for each: ok, FAIL or SKIP."""
import contextlib
import os
import traceback


class Failure(Exception):
    """Something is not as it has to be, in a sentence."""


def require(condition, sentence):
    if not condition:
        raise Failure(sentence)


class Results:
    def __init__(self):
        self.passed = self.failed = self.skipped = 0

    def section(self, title):
        print(f"\n# {title}", flush=True)

    @contextlib.contextmanager
    def check(self, name, log=None):
        """Passes if nothing in it raises; what it appends to the list it gets stands behind the name."""
        notes = []
        try:
            yield notes
        except Exception as error:
            what = str(error) if isinstance(error, Failure) else traceback.format_exc()
            self.fail(name, what + ("\n--- the server's log:\n" + log() if log else ""))
        else:
            self.passed += 1
            print(f"ok   {name}" + (f": {', '.join(notes)}" if notes else ""), flush=True)

    def fail(self, name, what):
        self.failed += 1
        print(f"FAIL {name}\n" + "\n".join(f"     | {line}" for line in what.splitlines()), flush=True)

    def skip(self, name, reason):
        if os.environ.get("CI") == "true":
            self.fail(name, f"{reason}, which CI must not miss")
        else:
            self.skipped += 1
            print(f"SKIP {name}: {reason}", flush=True)

    def take(self, line):
        """A line of another run."""
        print(line, flush=True)
        self.passed += line.startswith("ok ")
        self.failed += line.startswith("FAIL ")
        self.skipped += line.startswith("SKIP ")

    def summary(self, is_quiet=False):
        if not is_quiet:
            print(f"\n{self.passed} passed, {self.failed} failed, {self.skipped} skipped", flush=True)
        return self.failed == 0 and self.passed > 0
