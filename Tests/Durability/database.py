"""Where a server keeps its records: a file, or a PostgreSQL server, which can be killed as well."""
import contextlib
import hashlib
import os
import pathlib
import shutil
import signal
import sqlite3
import subprocess
import time
import urllib.parse

from results import Failure


class SQLite:
    name = "SQLite"
    # What can be killed.
    victims = ["server"]

    def __init__(self, data, name):
        self.move(data)
        # Options of `ucm serve`, and variables of the commands beside it.
        self.options = []
        self.environment = {}

    def move(self, data):
        self.path = data / "ucm.sqlite"

    def rows(self, sql):
        """The rows of a query, from a connection that can only read."""
        with contextlib.closing(sqlite3.connect(f"file:{self.path}?mode=ro", uri=True, timeout=30)) as connection:
            return connection.execute(sql).fetchall()

    def certificates(self, after):
        """Number, serial number and fingerprint of the certificates that devices got, behind a number."""
        sql = "SELECT id, serial_number, encoded FROM certificate WHERE origin = 'scep'"
        rows = self.rows(f"{sql} AND id > {after} ORDER BY id")
        return [(number, serial.hex(), hashlib.sha256(encoded).hexdigest()) for number, serial, encoded in rows]

    def damage(self):
        """What is wrong with the file itself, while no server has it open."""
        found = [text for (text,) in self.rows("PRAGMA integrity_check") if text != "ok"]
        return found + [str(row) for row in self.rows("PRAGMA foreign_key_check")]

    def kill(self):
        """Dies with the server, in the same process."""

    def start(self):
        """Needs nothing."""


class PostgreSQL:
    name = "PostgreSQL"
    victims = ["server", "database", "both"]

    @staticmethod
    def is_there():
        return bool(os.environ.get("UCM_TEST_POSTGRESQL")) and shutil.which("psql") is not None

    def __init__(self, data, name):
        given = os.environ["UCM_TEST_POSTGRESQL"]
        url = urllib.parse.urlsplit(given)
        database = "durability_" + "".join(c if c.isalnum() else "_" for c in name)
        self.url = f"{url.scheme}://{url.netloc}/{database}?{url.query}"
        self.maintenance = given
        # Tests/PostgreSQL/run keeps the data beside the socket.
        self.data = pathlib.Path(dict(urllib.parse.parse_qsl(url.query))["host"]) / "data"
        self.options = ["--database-url", self.url]
        self.environment = {"UCM_DATABASE_URL": self.url}
        self.psql(self.maintenance, f"CREATE DATABASE {database}")

    def psql(self, url, sql):
        command = ["psql", "--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--field-separator=\t", "--dbname", url]
        done = subprocess.run(
            command + ["--set=ON_ERROR_STOP=1", "--command", sql], capture_output=True, text=True, timeout=60)
        if done.returncode:
            raise Failure(f"psql: {done.stderr}")
        return [tuple(line.split("\t")) for line in done.stdout.splitlines() if line]

    def rows(self, sql):
        return self.psql(self.url, sql)

    def certificates(self, after):
        rows = self.rows(
            "SELECT id, encode(serial_number, 'hex'), encode(sha256(encoded), 'hex') FROM certificate "
            f"WHERE origin = 'scep' AND id > {after} ORDER BY id")
        return [(int(number), serial, digest) for number, serial, digest in rows]

    def damage(self):
        return []

    def kill(self):
        """As pg_ctl stop -m immediate does it: without a checkpoint, so that the next start has to recover."""
        with open(self.data / "postmaster.pid") as file:
            process = int(file.readline())
        os.kill(process, signal.SIGQUIT)
        end = time.monotonic() + 30
        while (self.data / "postmaster.pid").exists() and time.monotonic() < end:
            time.sleep(0.005)

    def start(self):
        # The programs that started it the first time, with the same options.
        programs = pathlib.Path((self.data / "postmaster.opts").read_text().split(" ")[0].strip('"')).parent
        options = (self.data / "postmaster.opts").read_text().split(" ", 1)[1].strip()
        user = ["runuser", "-u", "nobody", "--"] if os.geteuid() == 0 else []
        done = subprocess.run(
            user + [str(programs / "pg_ctl"), "-D", str(self.data), "-l", str(self.data.parent / "server.log"), "-w", "start",
                    "-o", options],
            cwd=self.data.parent, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, timeout=60)
        if done.returncode:
            raise Failure(f"PostgreSQL does not start again: {done.stderr}")
