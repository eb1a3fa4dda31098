"""A server with its data, which can be killed and started again."""
import collections
import csv
import os
import re
import secrets
import shutil
import socket
import subprocess
import threading
import time
import urllib.error
import urllib.request

from results import Failure, require


class Installation:
    def __init__(self, ucm, directory, kind, data=None):
        directory.mkdir(parents=True, exist_ok=True)
        self.ucm = ucm
        self.directory = directory
        self.data = data or directory / "data"
        self.database = kind(self.data, directory.name)
        self.password = self.secret("admin-password")
        self.challenge = self.secret("challenge")
        self.http, self.https = free_ports(2)
        self.process = None
        self.lines = collections.deque(maxlen=100_000)
        self.readers = []
        # Further variables of its processes.
        self.variables = {}
        self.batches = 0

    def secret(self, name):
        path = self.directory / name
        path.write_text(secrets.token_urlsafe(24) + "\n")
        path.chmod(0o600)
        return path

    @property
    def url(self):
        return f"http://127.0.0.1:{self.http}/scep"

    def environment(self):
        return os.environ | self.database.environment | {"LC_ALL": "C"} | self.variables

    # --- The server

    def launch(self, ignores_size_limit=False):
        """Starts it and does not wait. Python ignores SIGXFSZ; a child may go on doing so."""
        require(self.process is None, "the server runs already")
        self.process = subprocess.Popen(
            [self.ucm, "serve", "--data", self.data, "--http", f"127.0.0.1:{self.http}",
             "--https", f"127.0.0.1:{self.https}", "--challenge-file", self.challenge,
             "--admin-password-file", self.password, "--ca-key", "p256", *self.database.options],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env=self.environment(),
            text=True, errors="replace", restore_signals=not ignores_size_limit)
        reader = threading.Thread(target=self.read, args=[self.process.stderr], daemon=True)
        reader.start()
        self.readers.append(reader)

    def read(self, stream):
        for line in stream:
            self.lines.append(line.rstrip("\n"))

    def start(self, **options):
        """Starts it and waits until it is ready; says how long that took."""
        begin = time.monotonic()
        self.launch(**options)
        while not self.is_ready():
            if self.process.poll() is not None:
                status, self.process = self.process.returncode, None
                raise Failure(f"the server does not start, exit status {status}:\n{self.log()}")
            require(time.monotonic() < begin + 60, f"the server is not ready after a minute:\n{self.log()}")
            time.sleep(0.01)
        return time.monotonic() - begin

    def is_ready(self):
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self.http}/health/ready", timeout=5) as answer:
                return answer.status == 200
        except (OSError, urllib.error.HTTPError):
            return False

    def kill(self):
        """kill -9: nothing is finished, nothing is tidied up."""
        require(self.process is not None and self.process.poll() is None, f"the server ended by itself:\n{self.log()}")
        self.process.kill()
        self.process.wait()
        self.process = None

    def stop(self):
        process, self.process = self.process, None
        process.terminate()
        try:
            status = process.wait(30)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
            raise Failure(f"the server does not stop:\n{self.log()}")
        require(status == 0, f"the server stopped with {status}:\n{self.log()}")

    def end(self):
        if self.process is not None:
            self.process.kill()
            self.process.wait()
            self.process = None

    def move(self, directory):
        """Takes the data of a server that has stopped elsewhere."""
        shutil.move(self.data, directory)
        self.data = directory
        self.database.move(directory)

    def log(self):
        return "\n".join(list(self.lines)[-15:])

    # --- Commands

    def run(self, *words, check=True):
        done = subprocess.run(
            [self.ucm, *words, "--data", self.data], capture_output=True, text=True, errors="replace", timeout=300,
            env=self.environment())
        if check:
            require(done.returncode == 0, f"ucm {' '.join(map(str, words))} ends with {done.returncode}:\n{done.stdout}{done.stderr}")
        return done.stdout

    def fingerprint(self):
        """The SHA-256 fingerprint of the CA's certificate, as GetCACert shows it."""
        done = subprocess.run(
            [self.ucm, "scep", "ca", self.url], capture_output=True, text=True, timeout=60, env=self.environment())
        found = re.findall(r"(?:[0-9A-F]{2}:){31}[0-9A-F]{2}", done.stderr)
        require(len(found) == 2, f"ucm scep ca shows {len(found)} certificates: {done.stderr}")
        # The RA's certificate comes first (RFC 8894 §4.2.1.2), the CA's is what is known.
        return found[1]

    def make_challenges(self, count):
        """One-time challenges, made in bulk."""
        made = []
        while len(made) < count:
            self.batches += 1
            table = self.directory / f"devices-{self.batches}.csv"
            result = self.directory / f"challenges-{self.batches}.csv"
            rows = [f"device-{self.batches}-{number},12h" for number in range(min(count - len(made), 5000))]
            table.write_text("device,valid\n" + "\n".join(rows) + "\n")
            self.run("challenge", "import", table, "--out", result)
            with open(result, newline="") as file:
                made += [row["challenge"] for row in csv.DictReader(file)]
        return made


def free_ports(count):
    sockets = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports = [each.getsockname()[1] for each in sockets]
    for each in sockets:
        each.close()
    return ports
