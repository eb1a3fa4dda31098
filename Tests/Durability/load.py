"""A load of enrolments with one-time challenges, and what came of it."""
import json
import subprocess
import threading
import time

from results import Failure, require


class Load:
    """`ucm bench`, which sends each message again until it is answered."""

    def __init__(self, installation, name, challenges, url=None, retry=120, fingerprint=None):
        self.challenges = challenges
        self.received = installation.directory / f"received-{name}.jsonl"
        lines = installation.directory / f"challenges-{name}.txt"
        lines.write_text("\n".join(challenges) + "\n")
        self.received.touch()
        self.count = 0
        self.offset = 0
        self.process = subprocess.Popen(
            [installation.ucm, "bench", url or installation.url, "--challenges", lines, "--received", self.received,
             "--retry", str(retry), "--impatient", "--connections", "8", "--keys", "2", "--json", "--fingerprint", fingerprint],
            stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            env=installation.environment())

    def received_count(self):
        with open(self.received, "rb") as file:
            file.seek(self.offset)
            text = file.read()
        self.offset += len(text)
        self.count += text.count(b"\n")
        return self.count

    def wait_for(self, count, seconds=120):
        """Waits until so many certificates are received."""
        end = time.monotonic() + seconds
        while self.received_count() < count:
            self.require_running()
            require(time.monotonic() < end, f"only {self.count} certificates are there after {seconds} seconds")
            time.sleep(0.002)

    def require_running(self):
        if self.process.poll() is not None:
            raise Failure("the load is over too early: " + "".join(self.process.communicate()))

    def finish(self, seconds=180):
        """Waits for the end; every enrolment has to have its certificate.

        Returns the report, and of each certificate its serial number, its fingerprint and its challenge."""
        try:
            text, said = self.process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise Failure(f"the load is not over after {seconds} seconds: {self.process.communicate()}")
        require(self.process.returncode == 0, f"enrolments failed: {said}{text}")
        report = json.loads(text)
        with open(self.received) as file:
            lines = [json.loads(line) for line in file]
        require(
            report["issued"] == len(self.challenges) == len(lines),
            f"{len(self.challenges)} enrolments, {report['issued']} issued, {len(lines)} received")
        return report, [
            (line["serialNumber"], line["sha256"], self.challenges[line["challengeLine"] - 1]) for line in lines]

    def end(self):
        if self.process.poll() is None:
            self.process.kill()
            self.process.communicate()


class Ledger:
    """What clients have received, and whether the registry says the same."""

    def __init__(self, installation):
        self.installation = installation
        self.serials = {}
        self.challenges = {}
        self.last = 0

    def add(self, received):
        """Takes what a load has received, and compares it with what has come to the registry since the last time."""
        for serial, digest, challenge in received:
            require(serial not in self.serials, f"two clients have received the serial number {serial}")
            require(challenge not in self.challenges, "a one-time challenge has bought two certificates")
            self.serials[serial] = digest
            self.challenges[challenge] = serial
        rows = self.installation.database.certificates(self.last)
        self.last = max([self.last] + [number for number, _, _ in rows])
        compare([(serial, digest) for _, serial, digest in rows], [(serial, digest) for serial, digest, _ in received])

    def check_all(self):
        """Everything, from the database of a server that has stopped."""
        database = self.installation.database
        compare([(serial, digest) for _, serial, digest in database.certificates(0)], list(self.serials.items()))
        for sentence, sql in INVARIANTS.items():
            rows = database.rows(sql)
            require(not rows, f"{sentence}: {rows[:5]}")
        damage = database.damage()
        require(not damage, f"the database is damaged: {damage[:5]}")
        self.installation.run("audit", "verify")
        self.installation.run("doctor")


def compare(registry, received):
    """Both have to have the same, and nothing twice."""
    require(len(set(registry)) == len(registry), "the registry has a certificate twice")
    missing = set(received) - set(registry)
    unknown = set(registry) - set(received)
    require(not missing, f"{len(missing)} certificates were received that the registry has not: {sorted(missing)[:3]}")
    require(not unknown, f"the registry has {len(unknown)} certificates that nobody received: {sorted(unknown)[:3]}")


# What no row of the database may be.
INVARIANTS = {
    "a serial number is there twice":
        "SELECT serial_number, count(*) FROM certificate GROUP BY authority_id, serial_number HAVING count(*) > 1",
    "a one-time challenge has bought two certificates":
        "SELECT challenge_id, count(DISTINCT certificate_id) FROM request WHERE challenge_id IN "
        "(SELECT id FROM challenge WHERE max_uses = 1) AND certificate_id IS NOT NULL "
        "GROUP BY challenge_id HAVING count(DISTINCT certificate_id) > 1",
    "a request is granted and has no certificate":
        "SELECT id FROM request WHERE status = 'issued' AND certificate_id IS NULL",
    "a certificate of a device has no request":
        "SELECT id FROM certificate WHERE origin = 'scep' AND id NOT IN "
        "(SELECT certificate_id FROM request WHERE certificate_id IS NOT NULL)",
    "a certificate has not been recorded once in the audit log":
        "SELECT id FROM certificate WHERE origin = 'scep' AND "
        "(SELECT count(*) FROM event WHERE kind = 'issued' AND certificate_id = certificate.id) <> 1",
}
