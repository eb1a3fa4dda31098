"""kill -9, at moments that chance decides."""
import time

from load import Ledger, Load
from results import require


def first_starts(results, make, chance, count):
    """Killed while everything is made for the first time: the next start makes what is missing."""
    lasting = 1.0
    log = lambda: installation.log()
    with results.check("killed while it starts for the first time, it starts the next time") as notes:
        for number in range(count):
            installation = make(f"first-{number}")
            try:
                if number > 0:
                    installation.launch()
                    time.sleep(chance.uniform(0, lasting))
                    installation.kill()
                    installation.database.kill()
                    installation.database.start()
                took = installation.start()
                if number == 0:
                    lasting = took
                fingerprint = installation.fingerprint()
                challenges = installation.make_challenges(5)
                Load(installation, "all", challenges, fingerprint=fingerprint).finish()
                installation.stop()
                installation.run("audit", "verify")
                installation.run("doctor")
            finally:
                installation.end()
        notes.append(f"{count} times, a first start takes {lasting * 1000:.0f} ms")


def rounds(results, installation, chance, options):
    """Round after round of load, kill and start on the same data."""
    try:
        run_rounds(results, installation, chance, options)
    finally:
        installation.end()


def run_rounds(results, installation, chance, options):
    counts = {"kills": 0, "kills at the start": 0, "messages sent again": 0, "certificates": 0}
    begin = time.monotonic()
    failed = results.failed
    with results.check("every certificate that was received is in the registry, and no other", installation.log) as notes:
        installation.start()
        fingerprint = installation.fingerprint()
        challenges = installation.make_challenges(options.rounds * options.enrolments)
        ledger = Ledger(installation)
        lasting = 0.3
        for number in range(options.rounds):
            own = challenges[number * options.enrolments:(number + 1) * options.enrolments]
            load = Load(installation, number, own, fingerprint=fingerprint)
            try:
                # Somewhere in the middle of it, whatever the machine's speed.
                load.wait_for(chance.randint(1, max(1, len(own) * 3 // 4)))
                time.sleep(chance.uniform(0, 0.01))
                victim = chance.choice(installation.database.victims)
                counts["kills"] += 1
                if victim != "database":
                    installation.kill()
                if victim != "server":
                    installation.database.kill()
                    time.sleep(chance.uniform(0, 0.3))
                    installation.database.start()
                if victim != "database":
                    while chance.random() < 0.4:
                        installation.launch()
                        time.sleep(chance.uniform(0, lasting))
                        installation.kill()
                        counts["kills at the start"] += 1
                    lasting = min(installation.start(), 2.0)
                report, received = load.finish()
            finally:
                load.end()
            counts["messages sent again"] += report["resent"]["messages"]
            counts["certificates"] += len(received)
            ledger.add(received)
        seconds = time.monotonic() - begin
        notes += [f"{count} {what}" for what, count in counts.items()] + [f"{seconds / options.rounds:.1f} s a round"]
    if results.failed > failed:
        return
    with results.check("so it is when the server has stopped; the audit log is whole, ucm doctor is content"):
        installation.stop()
        ledger.check_all()
    with results.check("a message that was lost on the way was sent again and answered"):
        require(counts["messages sent again"] > 0, "no kill has hit a request, so nothing was tested")
