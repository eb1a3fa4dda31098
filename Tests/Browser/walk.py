"""What an administrator does in the pages, in headless Chromium, while devices enrol beside it.

Every step prints one line, "ok NAME" or "FAIL NAME: why". Every page that is opened is looked at as accessible.js does:
labels, contrast, headings, nothing wider than the window.
"""

import argparse
import pathlib
import subprocess
import sys
import time
import traceback

from selenium import webdriver
from selenium.common.exceptions import TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import Select, WebDriverWait

import authorities
import exchanges
import hostile
import system
from hostile import HOSTILE

HERE = pathlib.Path(__file__).resolve().parent
ACCESSIBLE = (HERE / "accessible.js").read_text()
PASSWORD = "quiet rivers carry 4 boats"


class Walk(authorities.AuthoritySteps, exchanges.ExchangeSteps, hostile.HostileSteps, system.SystemSteps):
    password = PASSWORD

    def __init__(self, options):
        self.options = options
        self.failures = 0
        self.driver = self.browser()

    @staticmethod
    def browser():
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ["--headless=new", "--no-sandbox", "--disable-gpu", "--ignore-certificate-errors",
                         "--disable-dev-shm-usage", "--window-size=1440,1000", "--lang=en",
                         # What fades in is not there yet to whoever reads at once.
                         "--force-prefers-reduced-motion"]:
            options.add_argument(argument)
        driver = webdriver.Chrome(options=options, service=Service("/usr/bin/chromedriver"))
        driver.set_page_load_timeout(30)
        return driver

    # --- The steps' words ---------------------------------------------------------------------------------------------

    def step(self, name, action):
        try:
            action()
            print(f"ok {name}", flush=True)
        except Exception as error:  # noqa: BLE001 - whatever it is, it is what the step found
            self.failures += 1
            place = traceback.extract_tb(error.__traceback__)[-1]
            text = str(error).split("Stacktrace")[0].strip().replace("\n", " ")
            print(f"FAIL {name}: {type(error).__name__} {text[:500]} (line {place.lineno}, at {self.driver.current_url})",
                  flush=True)
            self.shoot("failed-" + name.replace(" ", "-")[:40])

    def open(self, path):
        self.driver.get(self.options.origin + path)
        self.look()

    def look(self, name=None):
        """Looks at the page as somebody who sees badly, or has a small screen, would."""
        faults = self.driver.execute_script(ACCESSIBLE)
        assert not faults, f"{self.driver.current_url}: {faults[:5]}"
        self.shoot(name or self.driver.current_url.split("/admin")[-1].split("?")[0].strip("/").replace("/", "-") or "home")

    def shoot(self, name):
        self.driver.save_screenshot(f"{self.options.screenshots}/{name}.png")

    def find(self, selector):
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector):
        return self.driver.find_elements(By.CSS_SELECTOR, selector)

    def fill(self, name, value):
        field = self.find(f"main [name='{name}']")
        field.clear()
        field.send_keys(value)

    def choose(self, name, value):
        Select(self.find(f"main [name='{name}']")).select_by_value(value)

    def ask(self, text):
        """Presses the button of that name, and says yes to the question."""
        body = self.find("body")
        [button] = [button for button in self.all("main button") if button.text.strip() == text]
        button.click()
        WebDriverWait(self.driver, 10).until(lambda _: self.all("dialog[open]"))
        self.find("dialog[open] button.danger").click()
        WebDriverWait(self.driver, 15).until(lambda _: self.is_gone(body))

    def press(self, text):
        """Presses the button of that name, and waits for the page that follows."""
        buttons = [button for button in self.all("button, a.button") if button.text.strip() == text and button.is_displayed()]
        assert buttons, f"there is no button {text!r}: {[b.text for b in self.all('button')]}"
        body = self.find("body")
        buttons[0].click()
        WebDriverWait(self.driver, 15).until(lambda _: self.is_gone(body))

    def press_here(self, text):
        """Presses the button of that name, which does not lead to another page."""
        [button] = [button for button in self.all("main button") if button.text.strip() == text]
        button.click()

    @staticmethod
    def is_gone(element):
        try:
            element.is_enabled()
            return False
        except Exception:  # noqa: BLE001 - StaleElementReference: another page is there
            return True

    def says(self, text):
        try:
            WebDriverWait(self.driver, 5).until(lambda _: text in self.find("body").text)
        except TimeoutException:
            raise AssertionError(f"the page does not say {text!r}: {self.find('body').text[:600]!r}") from None

    def ucm(self, *arguments, expect=0):
        done = subprocess.run([self.options.ucm, *arguments], capture_output=True, text=True, timeout=60)
        assert done.returncode == expect, f"ucm {arguments[:3]} ended with {done.returncode}: {done.stderr[:500]}"
        return done.stdout

    def administer(self, *arguments):
        return self.ucm(*arguments, "--data", self.options.data)

    def enroll(self, name, subject, expect, challenge=None, san=None):
        """A device asks, and keeps what it has to remember in a file."""
        directory = pathlib.Path(self.options.screenshots).parent
        challenge = challenge or self.options.challenge_file
        self.ucm("scep", "enroll", self.options.scep, "--fingerprint", self.fingerprint(), "--challenge-file", challenge,
                 "--subject", subject, "--key-out", f"{directory}/{name}.key", "--out", f"{directory}/{name}.pem",
                 "--state", f"{directory}/{name}.state", *(["--san", san] if san else []), expect=expect)
        return f"{directory}/{name}"

    def fingerprint(self):
        done = subprocess.run(["openssl", "x509", "-in", self.options.ca, "-noout", "-fingerprint", "-sha256"],
                              capture_output=True, text=True, check=True)
        return done.stdout.split("=")[1].strip()

    def sign_in(self, name, password):
        self.fill("name", name)
        self.fill("password", password)
        self.press("Sign in")

    # --- The steps ----------------------------------------------------------------------------------------------------

    def first_visit(self):
        self.open("/")
        assert self.driver.current_url.endswith("/admin/sign-in"), self.driver.current_url
        self.sign_in("admin", "not the password")
        self.says("wrong")
        self.look("sign-in-wrong")
        self.sign_in("admin", pathlib.Path(self.options.password_file).read_text().strip())
        assert self.driver.current_url.endswith("/admin/password"), self.driver.current_url
        self.look()
        self.open("/admin/requests")
        assert self.driver.current_url.endswith("/admin/password"), "nothing else can be done before"

    def own_password(self):
        old = pathlib.Path(self.options.password_file).read_text().strip()
        for new, again, sentence in [("short", "short", "12"), (PASSWORD, PASSWORD + "x", "not the same")]:
            self.fill("oldPassword", old)
            self.fill("newPassword", new)
            self.fill("again", again)
            self.press("Change the password")
            self.says(sentence)
            self.look("password-refused")
        self.fill("oldPassword", old)
        self.fill("newPassword", PASSWORD)
        self.fill("again", PASSWORD)
        self.press("Change the password")
        self.says("Your password is changed")
        self.says("Add a second factor?")
        self.look("second-factor")
        self.press("Not now")
        self.says("The first device")
        self.look("dashboard-empty")

    def queue(self):
        self.administer("profile", "set", "default", "--approval", "manual")
        # A running server takes it over within a second.
        time.sleep(2)
        self.pump = self.enroll("pump", "CN=pump-1,O=Example", expect=3)
        self.thief = self.enroll("thief", "CN=thief", expect=3)
        self.hostile = self.enroll("hostile", "CN=" + HOSTILE.replace("\\", "\\\\").replace(",", "\\,").replace("+", "\\+"),
                                   expect=3)
        self.open("/admin/requests?status=pending")
        self.says("pump-1")
        assert len(self.all("tbody tr")) == 3
        assert self.find(".side .count").text == "3"

    def hostile_names(self):
        self.says(HOSTILE)
        [row] = [row for row in self.all("tbody tr") if "script" in row.text]
        self.driver.get(self.options.origin + row.get_attribute("data-href"))
        self.look("request-hostile")
        self.says(HOSTILE)
        # The title has the name too, as text; what it says would be something else.
        assert self.driver.title != "owned" and not self.all("main script, main img")

    def detail_beside(self):
        self.open("/admin/requests?status=pending")
        [row] = [row for row in self.all("tbody tr") if "pump-1" in row.text]
        row.find_element(By.CSS_SELECTOR, "td:nth-child(4)").click()
        WebDriverWait(self.driver, 10).until(lambda _: "What the rules say" in self.find(".detail").text)
        self.look("requests-beside")

    def approve(self):
        # Beside the queue: what is decided leaves it, and the next one opens.
        self.press_here("Approve and issue")
        self.says("Approved")
        assert self.driver.current_url.endswith("/admin/requests?status=pending"), self.driver.current_url
        WebDriverWait(self.driver, 10).until(lambda _: "thief" in self.find(".detail").text)
        assert len(self.all("section tbody tr[data-key]")) == 2
        self.look("request-issued")
        self.ucm("scep", "poll", "--state", self.pump + ".state")
        assert "BEGIN CERTIFICATE" in pathlib.Path(self.pump + ".pem").read_text()

    def reject(self):
        self.open("/admin/requests?status=pending&q=thief")
        self.driver.get(self.options.origin + self.find("tbody tr").get_attribute("data-href"))
        self.fill("reason", "Nobody here knows this device.")
        self.press("Reject")
        self.says("Rejected")
        self.says("Nobody here knows this device.")
        self.look("request-rejected")
        self.ucm("scep", "poll", "--state", self.thief + ".state", expect=2)

    def bulk(self):
        self.open("/admin/requests?status=pending")
        self.find("[data-all]").click()
        self.press("Approve those")
        self.says("All of them are decided")
        self.ucm("scep", "poll", "--state", self.hostile + ".state")

    def revoke(self):
        self.open("/admin/certificates?q=pump-1")
        self.driver.get(self.options.origin + self.find("tbody tr").get_attribute("data-href"))
        self.look("certificate")
        serial = self.find("dl.facts .mono").text
        # A serial number leads to its certificate, however it is written.
        self.open("/admin/certificates?q=" + ":".join(serial[place:place + 2] for place in range(0, len(serial), 2)).upper())
        assert serial in self.driver.current_url, self.driver.current_url
        self.press("Put on hold")
        self.says("On hold")
        self.press("Release")
        self.says("valid again")
        self.choose("reason", "keyCompromise")
        self.fill("note", "the laptop was stolen <b>")
        self.ask("Revoke certificate")
        self.says("Revoked")
        self.says("the laptop was stolen <b>")
        self.look("certificate-revoked")
        time.sleep(2)
        crl = subprocess.run(["curl", "-sS", "--max-time", "10", self.options.scep.replace("/scep", "/crl/ucm-ca.pem")],
                             capture_output=True, check=True).stdout
        listed = subprocess.run(["openssl", "crl", "-noout", "-text"], input=crl, capture_output=True, check=True).stdout
        assert serial.upper() in listed.decode().upper(), "the CRL has it"

    def by_hand(self):
        self.open("/admin/certificates/new")
        self.fill("subject", "no subject at all")
        self.press("Issue certificate")
        self.look("issue-refused")
        self.fill("subject", "CN=by-hand")
        self.fill("sans", "DNS:by-hand.example.com")
        self.press("Issue certificate")
        self.says("The certificate is issued")
        self.look("issued")

    def challenges(self):
        self.open("/admin/challenges")
        self.open("/admin/challenges/new")
        self.fill("device", "pump-9 " + HOSTILE)
        self.fill("binding.subjects", "CN=pump-9")
        self.press("Make challenge")
        self.says("only now")
        self.look("challenge-made")
        secret = self.find("output.secret").text.replace("Copy", "").strip()
        path = pathlib.Path(self.options.screenshots).parent / "one-challenge"
        path.write_text(secret)
        self.administer("profile", "set", "default", "--approval", "automatic")
        time.sleep(2)
        self.enroll("pump-9", "CN=pump-9", expect=0, challenge=str(path))
        self.enroll("pump-10", "CN=pump-9", expect=2, challenge=str(path))
        self.open("/admin/challenges")
        self.says("spent")
        self.administer("profile", "set", "default", "--approval", "manual")

    def settings(self):
        self.open("/admin/profiles")
        self.open("/admin/profiles/default")
        self.fill("rules.subjects", "nonsense")
        self.press("Save settings")
        self.look("profile-refused")
        assert self.find("[name='rules.subjects']").get_attribute("aria-invalid") == "true"
        self.open("/admin/profiles/default")
        self.fill("queue.days", "3")
        self.press("Save settings")
        self.says("Saved")
        # Somebody else is faster.
        self.open("/admin/profiles/default")
        self.administer("profile", "set", "default", "--queue-days", "4")
        self.fill("queue.days", "5")
        self.press("Save settings")
        self.says("Somebody else has changed")
        self.open("/admin/profiles/new")
        self.fill("name", "routers")
        self.press("Make profile")
        self.says("shown only now")

    def users(self):
        self.open("/admin/users/new")
        self.fill("name", "with a blank")
        self.press("Make user")
        self.look("user-refused")
        self.fill("name", "olga")
        self.choose("role", "operator")
        self.press("Make user")
        self.says("only now")
        self.open("/admin/users/olga")
        self.find("main [name=disabled]").click()
        self.press("Save")
        self.says("disabled")
        self.ask("Delete user")
        self.says("Deleted")

    def audit(self):
        self.open("/admin/audit")
        self.open("/admin/audit?q=stolen")
        self.driver.get(self.options.origin + self.find("tbody tr").get_attribute("data-href"))
        self.look("audit-entry")
        self.open("/admin/audit/verify")
        self.says("The audit log is whole")

    def dashboard(self):
        self.open("/admin/")
        figures = {figure.find_element(By.CSS_SELECTOR, ".label").text: figure.find_element(By.CSS_SELECTOR, ".value").text
                   for figure in self.all(".figure")}
        assert figures["Enrolments"] == "3" and figures["Wait for approval"] == "0", figures
        assert self.all("svg.chart rect"), "the chart has bars"
        self.look("dashboard")

    def forged(self):
        status = self.driver.execute_async_script(
            "const done = arguments[0];"
            "fetch('/admin/sign-out', {method: 'POST', body: new URLSearchParams({_token: 'wrong'})})"
            ".then((response) => done(response.status))")
        assert status == 403, status
        self.open("/admin/")
        self.says("Dashboard")

    def dark(self):
        self.press("Dark")
        self.look("dashboard-dark")
        self.open("/admin/requests")
        self.look("requests-dark")
        self.open("/admin/design")
        self.look("design-dark")
        self.press("Light")

    def phone(self):
        self.driver.set_window_size(390, 844)
        for path, name in [("/admin/", "dashboard"), ("/admin/requests", "requests"), ("/admin/account", "account"), ("/admin/certificates", "certificates"),
                           ("/admin/challenges", "challenges"), ("/admin/audit", "audit"), ("/admin/users", "users"),
                           ("/admin/design", "design")]:
            self.driver.get(self.options.origin + path)
            self.look("phone-" + name)
        self.driver.get(self.options.origin + "/admin/requests")
        self.driver.get(self.options.origin + self.find("tbody tr").get_attribute("data-href"))
        self.look("phone-request")
        self.driver.set_window_size(1440, 1000)

    def roles(self):
        created = self.administer("user", "create", "vera", "--role", "viewer", "--output", "json")
        password = created.split('"password": "')[1].split('"')[0]
        self.enroll("late", "CN=late", expect=3)
        self.press("Sign out")
        self.sign_in("vera", password)
        self.fill("oldPassword", password)
        self.fill("newPassword", PASSWORD)
        self.fill("again", PASSWORD)
        self.press("Change the password")
        self.open("/admin/requests?status=pending")
        assert not self.all("[data-all]"), "a viewer decides nothing"
        self.driver.get(self.options.origin + self.find("tbody tr").get_attribute("data-href"))
        assert not self.all("button[data-key=a]")
        status = self.driver.execute_async_script(
            "const done = arguments[0]; const token = document.querySelector('input[name=_token]').value;"
            "fetch(location.pathname + '/approve', {method: 'POST', body: new URLSearchParams({_token: token})})"
            ".then((response) => response.text().then((text) => done([response.status, text])))")
        assert status[0] == 403 and "requests:decide" in status[1], status
        self.open("/admin/nothing-here")
        self.says("There is nothing here")
        self.operator()

    def operator(self):
        """An operator decides on requests, and neither sees nor opens settings."""
        created = self.administer("user", "create", "otto", "--role", "operator", "--output", "json")
        password = created.split('"password": "')[1].split('"')[0]
        self.open("/admin/requests")
        self.press("Sign out")
        self.sign_in("otto", password)
        self.fill("oldPassword", password)
        self.fill("newPassword", PASSWORD)
        self.fill("again", PASSWORD)
        self.press("Change the password")
        self.open("/admin/requests?status=pending")
        assert self.all("[data-all]"), "an operator decides"
        places = [link.text for link in self.all(".side nav a")]
        assert "System Settings" not in places and "Users" not in places, places
        for path, permission in [("settings/limits", "settings:read"), ("settings/backup", "system:backup"), ("users", "users:read"), ("cas/new", "authorities:write"),
                                 ("templates/new", "templates:write"), ("profiles/new", "profiles:write")]:
            self.open("/admin/" + path)
            self.says("This is not yours to see")
            self.says(permission)

    def sign_out(self):
        self.open("/admin/account")
        self.look()
        self.press("Sign out")
        assert self.driver.current_url.endswith("/admin/sign-in")
        self.driver.get(self.options.origin + "/admin/requests/1")
        assert "next=requests" in self.driver.current_url, self.driver.current_url

    def without_scripts(self):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        self.sign_in("admin", PASSWORD)
        self.driver.get(self.options.origin + "/admin/requests?status=pending")
        self.find("tbody tr td.name a").click()
        self.press("Approve and issue")
        self.says("Approved")

    def run(self):
        try:
            for name, action in [
                ("the first visit: the printed password, and nothing else before another one", self.first_visit),
                ("a password of one's own; what is wrong is said beside the field", self.own_password),
                ("devices ask, and wait in the queue", self.queue),
                ("hostile names are shown as text", self.hostile_names),
                ("the detail opens beside the list", self.detail_beside),
                ("approve: the device polls and gets its certificate", self.approve),
                ("reject with a reason: the device is told", self.reject),
                ("several at once", self.bulk),
                ("hold, release, revoke: the CRL shows it", self.revoke),
                ("a certificate by hand", self.by_hand),
                ("a challenge for one device", self.challenges),
                ("settings; two who edit the same", self.settings),
                ("users", self.users),
                ("the audit log", self.audit),
                ("the dashboard counts them", self.dashboard),
                *[(name, getattr(self, method))
                  for name, method in exchanges.STEPS + hostile.STEPS + authorities.STEPS + system.STEPS],
                ("a forged form is refused", self.forged),
                ("dark and light", self.dark),
                ("a window of the size of a phone", self.phone),
                ("a viewer decides nothing, also not by another role's address", self.roles),
                ("signing out", self.sign_out),
                ("everything works without scripts", self.without_scripts),
            ]:
                self.step(name, action)
        finally:
            self.driver.quit()
        return 1 if self.failures else 0


def main():
    parser = argparse.ArgumentParser()
    for name in ["origin", "scep", "ucm", "data", "ca", "password-file", "challenge-file", "screenshots"]:
        parser.add_argument("--" + name, required=True)
    sys.exit(Walk(parser.parse_args()).run())


main()
