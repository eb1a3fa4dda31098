"""Where a server keeps its records: a file, or a PostgreSQL server, which can be killed as well."""
import contextlib
import hashlib
import pathlib
import sqlite3
import sys

POSTGRESQL = pathlib.Path(__file__).resolve().parent.parent / "PostgreSQL"
sys.path.append(str(POSTGRESQL))

from postgresql import Server


class SQLite:
    name = "SQLite"
    # What can be killed.
    victims = ["server"]
    # Whether it is in the data directory of ucm.
    lives_in_data = True
    # So much that the first start and the challenges fit.
    small_disk = "64m"
    full_disk_words = ["disk is full", "free"]

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

    @staticmethod
    def living_in(place):
        """What a command stands behind, so that the database is in a directory: nothing, the data directory says it."""
        return []

    def before_full_disk(self):
        """Needs nothing."""

    def kill(self):
        """Dies with the server, in the same process."""

    def start(self):
        """Needs nothing."""


class PostgreSQL:
    name = "PostgreSQL"
    victims = ["server", "database", "both"]
    lives_in_data = False
    # The server's own files, and some segments of its log (16 MB each).
    small_disk = "256m"
    full_disk_words = ["disk is full", "make room"]

    is_there = staticmethod(Server.is_there)

    def __init__(self, data, name):
        self.server = Server()
        self.database = "durability_" + "".join(c if c.isalnum() else "_" for c in name)
        self.server.rows(f"CREATE DATABASE {self.database}")
        url = self.server.database_url(self.database)
        self.options = ["--database-url", url]
        self.environment = {"UCM_DATABASE_URL": url}

    def rows(self, sql):
        return self.server.rows(sql, self.database)

    def certificates(self, after):
        rows = self.rows(
            "SELECT id, encode(serial_number, 'hex'), encode(sha256(encoded), 'hex') FROM certificate "
            f"WHERE origin = 'scep' AND id > {after} ORDER BY id")
        return [(int(number), serial, digest) for number, serial, digest in rows]

    def damage(self):
        return []

    @staticmethod
    def living_in(place):
        """What a command stands behind, so that the database is in a directory: another server, which syncs."""
        return ["env", "-u", "UCM_TEST_POSTGRESQL", f"TMPDIR={place}", "UCM_TEST_POSTGRESQL_SETTINGS=-c fsync=on",
                str(POSTGRESQL / "run")]

    def before_full_disk(self):
        """Begins a segment of the log, which takes its whole size at once: a server that cannot write its log ends, and then it
        is not a full disk that its clients see, but no server."""
        self.server.rows("SELECT pg_switch_wal()")
        self.server.rows("CHECKPOINT")

    def kill(self):
        self.server.kill()

    def start(self):
        self.server.start()
