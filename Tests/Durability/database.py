"""Where a server keeps its records: a file, or a PostgreSQL server, which can be killed as well."""
import contextlib
import hashlib
import pathlib
import sqlite3
import sys

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "PostgreSQL"))

from postgresql import Server


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

    def kill(self):
        self.server.kill()

    def start(self):
        self.server.start()
