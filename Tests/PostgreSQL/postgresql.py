"""The PostgreSQL server that Tests/PostgreSQL/run has started, for tests that ask it by themselves, and that stop it."""

import os
import pathlib
import shutil
import signal
import subprocess
import time
import urllib.parse


class ServerFailure(Exception):
    """A program of PostgreSQL's fails."""


class Server:
    """What UCM_TEST_POSTGRESQL names; its data is beside its socket."""

    @staticmethod
    def is_there():
        return bool(os.environ.get("UCM_TEST_POSTGRESQL")) and shutil.which("psql") is not None

    def __init__(self):
        self.url = os.environ["UCM_TEST_POSTGRESQL"]
        query = dict(urllib.parse.parse_qsl(urllib.parse.urlsplit(self.url).query))
        self.directory = pathlib.Path(query["host"])
        self.data = self.directory / "data"
        # With what it was started the first time.
        program, self.options = (self.data / "postmaster.opts").read_text(encoding="utf-8").strip().split(" ", 1)
        self.programs = pathlib.Path(program.strip('"')).parent

    def database_url(self, name):
        """The URL of another database on the same server."""
        url = urllib.parse.urlsplit(self.url)
        return f"{url.scheme}://{url.netloc}/{name}?{url.query}"

    def rows(self, statement, database=None):
        """Runs a statement, and returns the rows as texts."""
        url = self.database_url(database) if database else self.url
        done = subprocess.run(
            ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t",
             "--set=ON_ERROR_STOP=1", "--dbname", url, "--command", statement],
            capture_output=True, text=True, timeout=60, check=False)
        if done.returncode:
            raise ServerFailure(f"psql: {done.stderr.strip()}")
        return [tuple(line.split("\t")) for line in done.stdout.splitlines() if line]

    def kill(self):
        """As pg_ctl stop -m immediate does it: without a checkpoint, so that the next start has to recover."""
        with open(self.data / "postmaster.pid", encoding="utf-8") as file:
            process = int(file.readline())
        os.kill(process, signal.SIGQUIT)
        end = time.monotonic() + 30
        while (self.data / "postmaster.pid").exists() and time.monotonic() < end:
            time.sleep(0.005)

    def stop(self):
        """Waits for nobody, but writes down what is in memory."""
        self._control("-m", "fast", "-w", "stop")

    def start(self, *settings):
        """Starts it again, with further settings, such as default_transaction_read_only=on."""
        options = self.options + "".join(f" -c {setting}" for setting in settings)
        self._control("-l", str(self.directory / "server.log"), "-w", "-o", options, "start")

    def _control(self, *arguments):
        # It refuses to run as root. Its server keeps what it was given as output, so that is no pipe of ours.
        user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            [*user, str(self.programs / "pg_ctl"), "-D", str(self.data), *arguments], cwd=self.directory,
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, timeout=60, check=False)
        if done.returncode:
            log = (self.directory / "server.log").read_text(encoding="utf-8", errors="replace")
            raise ServerFailure(f"pg_ctl {arguments[-1]} fails: {' '.join(log.splitlines()[-5:])}")
