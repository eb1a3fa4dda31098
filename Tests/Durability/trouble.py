"""A server whose disk gives trouble under load, and goes on when that is over."""
import time
import urllib.request

from load import Ledger, Load
from proxy import Proxy
from results import require


def under_load(results, installation, options, begin, end, words, what, tidy=lambda: None):
    """Lets `begin` cause trouble under load, and `end` end it; `tidy` is called before everything is looked at.

    `words` have to be in the server's log, in one line."""
    proxy = load = None
    failed = results.failed
    try:
        installation.start(ignores_size_limit=True)
        fingerprint = installation.fingerprint()
        challenges = installation.make_challenges(3 * options.enrolments)
        ledger = Ledger(installation)
        proxy = Proxy(installation.http)
        load = Load(installation, "trouble", challenges, url=proxy.url, fingerprint=fingerprint)
        with results.check(f"{what}: requests get 503, and when to come back", installation.log) as notes:
            load.wait_for(20)
            begin()
            until = time.monotonic() + 60
            while len(proxy.refusals()) < 20:
                require(installation.process.poll() is None, "the server has ended")
                load.require_running()
                require(time.monotonic() < until, f"there are only {len(proxy.refusals())} refusals after a minute")
                time.sleep(0.02)
            # What was under way when it began is over.
            time.sleep(0.5)
            for status, after, content in proxy.refusals():
                require(status == 503, f"HTTP status {status}: {content[:200]}")
                require(after is not None and after.isdigit() and int(after) > 0, f"Retry-After is {after}")
            notes.append(f"{len(proxy.refusals())} of {len(proxy.answers)} answers")
        with results.check(f"{what}: the log says it, and what to do", installation.log) as notes:
            found = [line for line in list(installation.lines) if all(word in line for word in words)]
            require(found, f"no line of the log has all of {words}")
        with results.check(f"{what}: what needs no disk is answered", installation.log):
            with urllib.request.urlopen(f"{installation.url}?operation=GetCACaps", timeout=10) as answer:
                require(b"SCEPStandard" in answer.read(), "GetCACaps is not answered")
        with results.check(f"{what}: when it is over, the same server goes on", installation.log) as notes:
            before = load.received_count()
            process = installation.process
            end()
            report, received = load.finish()
            require(installation.process is process and process.poll() is None, "the server has ended")
            ledger.add(received)
            notes.append(f"{before} certificates before, {len(received) - before} after it")
        if results.failed > failed:
            return
        with results.check(f"{what}: nothing is half done; the audit log is whole, ucm doctor is content", installation.log):
            installation.stop()
            tidy()
            ledger.check_all()
    finally:
        if load:
            load.end()
        if proxy:
            proxy.close()
        installation.end()
