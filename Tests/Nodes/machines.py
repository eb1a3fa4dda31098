"""What the steps need: nodes on a PostgreSQL server, and a balancer in front of them."""

import http.client
import json
import os
import pathlib
import signal
import socket
import ssl
import subprocess
import sys
import threading
import time

sys.path.append(str(pathlib.Path(__file__).resolve().parent.parent / "PostgreSQL"))

from postgresql import Server


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(what, condition, seconds):
    """Waits until something is so, and returns how many seconds that took."""
    start = time.monotonic()
    while True:
        if condition():
            return time.monotonic() - start
        if time.monotonic() - start > seconds:
            raise AssertionError(f"{what}: not within {seconds} seconds")
        time.sleep(0.1)


class Node:
    """A server of the installation, with a name, and its log."""

    def __init__(self, number, world):
        self.number, self.world = number, world
        self.http, self.https = free_port(), free_port()
        self.log = world.work / f"node-{number}.log"
        self.process = None

    def start(self, *options):
        with open(self.log, "w", encoding="utf-8") as log, open(
                self.world.work / f"node-{self.number}.out", "w", encoding="utf-8") as out:
            self.process = subprocess.Popen(
                [self.world.ucm, "serve", "--https", f"127.0.0.1:{self.https}", "--http", f"127.0.0.1:{self.http}",
                 "--host-name", "localhost", *options],
                env=self.world.environment, cwd=self.world.work, stdin=subprocess.DEVNULL, stdout=out, stderr=log)

    @property
    def announcement(self):
        return (self.world.work / f"node-{self.number}.out").read_text(encoding="utf-8")

    @property
    def is_ready(self):
        try:
            return self.get("/health/ready")[0] == 200
        except OSError:
            return False

    def get(self, path):
        connection = http.client.HTTPConnection("127.0.0.1", self.http, timeout=20)
        try:
            connection.request("GET", path)
            answer = connection.getresponse()
            return answer.status, dict(answer.getheaders()), answer.read()
        finally:
            connection.close()

    def api(self, method, path, body=None, headers=None):
        """Asks the API; its certificate is not what is tested here."""
        trust = ssl.create_default_context()
        trust.check_hostname, trust.verify_mode = False, ssl.CERT_NONE
        connection = http.client.HTTPSConnection("127.0.0.1", self.https, timeout=20, context=trust)
        try:
            given = {"Content-Type": "application/json"} if body is not None else {}
            connection.request(method, "/api/v1" + path, None if body is None else json.dumps(body),
                               {**given, **(headers or {})})
            answer = connection.getresponse()
            content = answer.read()
            return answer.status, dict(answer.getheaders()), json.loads(content) if content else None
        finally:
            connection.close()

    def has_logged(self, text):
        return text in self.log.read_text(encoding="utf-8")

    def signal(self, number):
        self.process.send_signal(number)
        if number in (signal.SIGKILL, signal.SIGTERM):
            self.process.wait(timeout=20)


class Balancer:
    """Hands each connection to the next node that accepts it, and looks at nothing."""

    def __init__(self, nodes):
        self.nodes, self.next = nodes, 0
        self.socket = socket.create_server(("127.0.0.1", 0))
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self._accept, daemon=True).start()

    def _accept(self):
        while True:
            client, _ = self.socket.accept()
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client):
        for _ in self.nodes:
            node = self.nodes[self.next % len(self.nodes)]
            self.next += 1
            try:
                server = socket.create_connection(("127.0.0.1", node.http), timeout=2)
            except OSError:
                continue
            server.settimeout(None)
            threading.Thread(target=self._copy, args=(client, server), daemon=True).start()
            self._copy(server, client)
            return
        client.close()

    @staticmethod
    def _copy(source, target):
        try:
            while data := source.recv(65536):
                target.sendall(data)
            target.shutdown(socket.SHUT_WR)
        except OSError:
            source.close()
            target.close()


class World:
    """Everything together."""

    def __init__(self, ucm, work):
        self.ucm, self.work = ucm, pathlib.Path(work)
        self.server = Server()
        self.server.rows("CREATE DATABASE nodes")
        self.database_url = self.server.database_url("nodes")
        key = self.work / "master.key"
        key.write_bytes(subprocess.run(["openssl", "rand", "-base64", "32"], check=True, capture_output=True).stdout)
        key.chmod(0o600)
        self.environment = {
            "PATH": os.environ["PATH"], "LC_ALL": "C", "UCM_DATABASE_URL": self.database_url,
            "UCM_MASTER_KEY_FILE": str(key), "UCM_DATA": str(self.work / "no-data"),
        }
        self.nodes = [Node(number, self) for number in (1, 2, 3)]
        self.balancer = Balancer(self.nodes)
        self.fingerprint = None

    @property
    def ready_nodes(self):
        return [node for node in self.nodes if node.process and node.process.poll() is None and node.is_ready]

    def sql(self, statement):
        """The first value of what a statement gives, as a text."""
        return "|".join((self.server.rows(statement, "nodes") or [()])[0])

    def run(self, *arguments, environment=None):
        """A command, which finds the database as the nodes do."""
        return subprocess.run([self.ucm, *arguments], env={**self.environment, **(environment or {})}, cwd=self.work,
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False)

    def command(self, *arguments):
        done = self.run(*arguments)
        if done.returncode:
            raise AssertionError(f"ucm {' '.join(arguments)} fails: {done.stderr}")
        return done.stdout

    def enroll(self, name, *options, port=None, wait=True):
        """Starts an enrolment through the balancer, or at a node."""
        process = subprocess.Popen(
            [self.ucm, "scep", "enroll", f"http://127.0.0.1:{port or self.balancer.port}/scep", "--fingerprint",
             self.fingerprint, "--subject", f"CN={name}", "--key-out", f"{name}.key", "--out", f"{name}.pem",
             *options],
            env=self.environment, cwd=self.work, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, text=True)
        if not wait:
            return process
        output, _ = process.communicate(timeout=60)
        return process.returncode, output

    def stop(self):
        for node in self.nodes:
            if node.process and node.process.poll() is None:
                node.process.send_signal(signal.SIGCONT)
                node.process.kill()
                node.process.wait(timeout=20)
