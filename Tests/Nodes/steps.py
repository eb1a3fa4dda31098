"""What several nodes on one database have to do, step by step; each line of output is a step and how it went."""

import argparse
import pathlib
import re
import signal
import subprocess
import sys
import time
import traceback

from machines import World, wait_for

CHALLENGE = "correct-horse-battery-staple-7391"
INITIAL_PASSWORD = "only-for-these-tests-5527"
PASSWORD = "also-only-for-these-tests-9163"


def first_start(world):
    """three nodes that start at once on an empty database make one installation"""
    work = world.work
    for node in world.nodes:
        node.start("--ca-key", "rsa2048", "--challenge-file", str(work / "challenge"), "--admin-password-file",
                   str(work / "admin-password"))
    wait_for("all are ready", lambda: len(world.ready_nodes) == 3, 30)
    said = [node for node in world.nodes if "CA fingerprint" in node.announcement]
    assert len(said) == 1, f"{len(said)} nodes say that they made it"
    world.fingerprint = re.search(r"--fingerprint ([0-9a-f]{64})", said[0].announcement)[1]
    assert world.sql("SELECT count(*) FROM authority") == "1"
    assert world.sql("SELECT count(*) FROM account") == "1"
    cookie, proof = session(world.nodes[0], INITIAL_PASSWORD)
    status, _, answer = world.nodes[1].api(
        "PUT", "/session/password", {"oldPassword": INITIAL_PASSWORD, "newPassword": PASSWORD}, {**cookie, **proof})
    assert status == 204, answer


def enrolments(world):
    """a device enrols through the balancer, and every node has its certificate"""
    for number in range(6):
        status, output = world.enroll(f"device-{number}", "--challenge", CHALLENGE)
        assert status == 0, output
    count = world.sql("SELECT count(*), count(DISTINCT serial_number) FROM certificate WHERE origin = 'scep'")
    assert count == "6|6", count


def polling(world):
    """a request begins at one node, is approved at another and polled at the third"""
    one, two, three = world.nodes
    world.command("profile", "set", "default", "--approval", "manual")
    time.sleep(2)
    status, output = world.enroll("waiting", "--challenge", CHALLENGE, "--state", "waiting.state", port=one.http)
    assert "pending" in output.lower(), output
    cookie, proof = session(two)
    request = two.api("GET", "/requests?status=pending", headers=cookie)[2]["items"][0]["id"]
    status, _, answer = two.api("POST", f"/requests/{request}/approve", {}, {**cookie, **proof})
    assert status == 200, answer
    state = (world.work / "waiting.state").read_text(encoding="utf-8").replace(f":{one.http}/", f":{three.http}/")
    (world.work / "waiting.state").write_text(state, encoding="utf-8")
    world.command("scep", "poll", "--state", "waiting.state")
    assert (world.work / "waiting.pem").exists()
    world.command("profile", "set", "default", "--approval", "automatic")
    time.sleep(2)


def session(node, password=PASSWORD):
    """Signs in, and returns what proves it, and what proves that a page of ours asks."""
    status, headers, answer = node.api("POST", "/session", {"name": "admin", "password": password})
    assert status in (200, 201), answer
    return {"Cookie": headers["Set-Cookie"].split(";")[0]}, {"X-CSRF-Token": answer["csrfToken"]}


def sessions(world):
    """who has signed in at one node is signed in at all, and signed out at all"""
    one, two, three = world.nodes
    cookie, proof = session(one)
    assert two.api("GET", "/session", headers=cookie)[0] == 200
    assert three.api("DELETE", "/session", headers={**cookie, **proof})[0] in (200, 204)
    for node in world.nodes:
        assert node.api("GET", "/session", headers=cookie)[0] == 401, "a session goes on"


def challenge_race(world):
    """a one-time challenge that is sent to all nodes at once is good for one certificate"""
    for turn in range(3):
        made = world.command("challenge", "create", "--output", "json")
        secret = re.search(r'"(?:secret|challenge)": *"([^"]+)"', made)[1]
        racers = [world.enroll(f"racer-{turn}-{number}", "--challenge", secret, wait=False,
                               port=world.nodes[number % 3].http) for number in range(9)]
        won = [racer for racer in racers if not (racer.communicate(timeout=60), racer.returncode)[1]]
        assert len(won) == 1, f"{len(won)} certificates for one challenge"


def lockouts(world):
    """wrong passwords count at all nodes together, and lock at all"""
    statuses = []
    for number in range(12):
        status, _, _ = world.nodes[number % 3].api("POST", "/session", {"name": "nobody", "password": "wrong wrong"})
        statuses.append(status)
    assert 429 in statuses, statuses
    locked = [node.api("POST", "/session", {"name": "nobody", "password": "wrong wrong"})[0] for node in world.nodes]
    assert locked == [429, 429, 429], locked


def rate_limits(world):
    """what an address may ask for in a minute, it may ask for at all nodes together"""
    one, two, _ = world.nodes
    world.command("limits", "set", "--failures-per-minute", "30")
    wait_for("the limit is taken over", lambda: one.has_logged("configuration changed"), 5)
    time.sleep(1.5)
    refused = [one.get("/scep?operation=Nonsense")[0] for _ in range(40)]
    assert 429 in refused, "the first node bears it"
    wait_for("the second node knows", lambda: two.get("/scep?operation=Nonsense")[0] == 429, 5)
    world.command("limits", "set", "--failures-per-minute", "10000")
    time.sleep(2)


def duty_node(world):
    """The node that does what is done by one."""
    holders = world.sql(
        "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory' AND granted AND mode = 'ExclusiveLock' "
        "AND classid = 1430474071")
    assert holders == "1", f"{holders} nodes are on duty"
    told = {node: node.log.read_text(encoding="utf-8").split("this node is ") for node in world.nodes}
    on = [node for node, parts in told.items() if parts[-1].startswith("on duty") and node.process.poll() is None]
    assert len(on) == 1, f"nodes {[node.number for node in on]} say that they are on duty"
    return on[0]


def taken_over(world, old, seconds):
    took = wait_for("another node takes over", lambda: any(
        node is not old and node.log.read_text(encoding="utf-8").split("this node is ")[-1].startswith("on duty")
        for node in world.nodes), seconds)
    print(f"another node was on duty after {took:.1f} seconds")


def duty(world):
    """when the node that makes CRLs is killed or hangs, another one makes them within ten seconds"""
    old = duty_node(world)
    old.signal(signal.SIGKILL)
    taken_over(world, old, 10)
    serial = subprocess.run(["openssl", "x509", "-in", str(world.work / "device-0.pem"), "-noout", "-serial"],
                            check=True, capture_output=True, text=True).stdout.strip().removeprefix("serial=")
    world.command("certificate", "revoke", serial, "--reason", "keyCompromise", "--note", "lost")
    others = [node for node in world.nodes if node is not old]
    for node in others:
        wait_for("it is on the CRL of every node", lambda node=node: bytes.fromhex(serial) in
                 node.get("/crl/ucm-ca.crl")[2], 10)
    old.start()
    wait_for("it is back", lambda: old.is_ready, 20)
    hung = duty_node(world)
    hung.signal(signal.SIGSTOP)
    taken_over(world, hung, 12)
    hung.signal(signal.SIGCONT)
    wait_for("it notices", lambda: hung.has_logged("not on duty any more"), 10)
    duty_node(world)


def outage(world):
    """where the database is gone, nodes say so and answer 503 with Retry-After, and go on by themselves"""
    world.server.kill()
    for node in world.nodes:
        wait_for("it is not ready", lambda node=node: not node.is_ready, 10)
        assert node.get("/health/live")[0] == 200
        assert node.get("/crl/ucm-ca.crl")[0] == 200, "the CRL is gone too"
    unlucky = world.enroll("unlucky", "--challenge", CHALLENGE, port=world.nodes[0].http, wait=False)
    wait_for("the device is told", lambda: world.nodes[0].has_logged("outcome=unanswered"), 10)
    status, headers, _ = world.nodes[1].api("POST", "/session", {"name": "admin", "password": PASSWORD})
    assert status == 503 and "Retry-After" in headers, (status, headers)
    for node in world.nodes:
        wait_for("its log says so", lambda node=node: node.has_logged("cannot reach the database"), 10)
    world.server.start()
    wait_for("all are ready again", lambda: len(world.ready_nodes) == 3, 20)
    status, output = world.enroll("lucky", "--challenge", CHALLENGE, port=world.nodes[0].http)
    assert status == 0, output
    # It waits for as long as Retry-After says.
    output, _ = unlucky.communicate(timeout=60)
    assert unlucky.returncode == 0, output


def read_only(world):
    """where the database takes no changes, nodes are not ready and say so, and go on by themselves"""
    world.server.stop()
    world.server.start("default_transaction_read_only=on")
    for node in world.nodes:
        wait_for("it is not ready", lambda node=node: not node.is_ready, 15)
    assert world.nodes[0].get("/health/live")[0] == 200
    world.server.stop()
    world.server.start()
    wait_for("all are ready again", lambda: len(world.ready_nodes) == 3, 20)


def broken_connections(world):
    """connections that the database ends under load fail nothing that is not tried again"""
    racers = [world.enroll(f"shaken-{number}", "--challenge", CHALLENGE, wait=False) for number in range(8)]
    for _ in range(5):
        world.sql("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'ucm'")
        time.sleep(0.2)
    for racer in racers:
        racer.communicate(timeout=60)
    failed = [number for number, racer in enumerate(racers) if racer.returncode]
    for number in failed:
        subprocess.run(["rm", "-f", f"shaken-{number}.key"], cwd=world.work, check=True)
        status, output = world.enroll(f"shaken-{number}", "--challenge", CHALLENGE)
        assert status == 0, output
    wait_for("all are ready", lambda: len(world.ready_nodes) == 3, 20)


def whole(world):
    """nothing is half done: no serial number twice, and the audit log verifies"""
    doubled = world.sql("SELECT count(*) - count(DISTINCT serial_number) FROM certificate")
    assert doubled == "0", doubled
    assert "Nothing was altered" in world.command("audit", "verify")
    missing = world.sql("SELECT count(*) FROM request WHERE status = 'issued' AND certificate_id IS NULL")
    assert missing == "0", missing


def key_in_use(world):
    """the master key is not changed while nodes have it in memory"""
    done = world.run("key", "rotate-master", "--new-key-file", str(world.work / "other.key"))
    assert done.returncode and "in use" in done.stderr, done.stderr


def bad_input(world):
    """a database that cannot be used is one sentence and an exit code, and changes nothing"""
    url = world.database_url
    cases = {
        "mysql://localhost/x": "postgres://",
        "postgres://[::1": "malformed",
        world.server.database_url("nowhere"): "nowhere",
        f"postgres:///postgres?host={world.work}&user=ucm": "socket",
        "postgres://ucm@127.0.0.1:1/postgres?connect_timeout=2": "refused",
        url + "&nonsense=1": "malformed",
    }
    for given, word in cases.items():
        check_refused(world, given, word)
    world.server.rows("CREATE DATABASE newer")
    world.server.rows("CREATE TABLE schema_version (version BIGINT NOT NULL)", "newer")
    world.server.rows("INSERT INTO schema_version VALUES (999)", "newer")
    check_refused(world, world.server.database_url("newer"), "newer")
    world.server.rows("CREATE DATABASE empty")
    done = world.run("profile", "list", environment={"UCM_DATABASE_URL": world.server.database_url("empty")})
    assert done.returncode and "no installation" in done.stderr, done.stderr


def check_refused(world, url, word):
    done = world.run("serve", "--https", "127.0.0.1:0", environment={"UCM_DATABASE_URL": url})
    lines = [line for line in done.stderr.splitlines() if line.strip()]
    assert done.returncode not in (0, -6, -11) and len(lines) == 1 and word in done.stderr, (url, done.stderr)


STEPS = [
    first_start, enrolments, polling, sessions, challenge_race, lockouts, rate_limits, duty, key_in_use, outage,
    read_only, broken_connections, bad_input, whole,
]


def main():
    parser = argparse.ArgumentParser()
    for name in ("ucm", "work"):
        parser.add_argument(f"--{name}", required=True)
    options = parser.parse_args()
    world = World(options.ucm, options.work)
    try:
        for step in STEPS:
            try:
                step(world)
                print(f"ok {step.__doc__}", flush=True)
            except Exception as error:  # Each step says how it went; the next one may still go well.
                place = traceback.extract_tb(error.__traceback__)[-1]
                reason = " ".join(str(error).split())[:600]
                print(f"FAIL {step.__doc__}: {reason} ({pathlib.Path(place.filename).name}:{place.lineno})", flush=True)
                if step is first_start:
                    break
    finally:
        world.stop()


if __name__ == "__main__":
    sys.exit(main())
