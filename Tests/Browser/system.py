"""What an administrator does with the system itself: tokens, roles, settings, profiles' settings, one's own account."""

import base64
import hashlib
import hmac
import json
import pathlib
import shutil
import struct
import subprocess
import time

from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

from hostile import HOSTILE


def one_time_code(secret, at=None):
    """RFC 6238, as an authenticator makes it."""
    key = base64.b32decode(secret + "=" * (-len(secret) % 8))
    digest = hmac.new(key, struct.pack(">Q", int(at or time.time()) // 30), hashlib.sha1).digest()
    offset = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[offset:offset + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"


class SystemSteps:
    """Steps of the walk; the words that they use are walk.py's."""

    @property
    def directory(self):
        return pathlib.Path(self.options.screenshots).parent

    def tick(self, name, value):
        self.driver.execute_script("arguments[0].scrollIntoView({block: 'center'})", box := self.find(
            f"main input[name='{name}'][value='{value}']"))
        box.click()

    def secret(self):
        return self.find("output.secret").text.replace("Copy", "").strip()

    def curl(self, *arguments):
        done = subprocess.run(["curl", "-sSk", "--max-time", "10", *arguments], capture_output=True, text=True, check=True)
        return done.stdout

    def type_date(self, name, value):
        """A date field takes what is typed as the browser's language has it."""
        self.driver.execute_script("arguments[0].value = arguments[1]", self.find(f"main [name='{name}']"), value)

    def row(self, text):
        [row] = [row for row in self.all("main tbody tr") if text in row.text]
        return row

    # --- The steps ----------------------------------------------------------------------------------------------------

    def tokens(self):
        self.open("/admin/tokens")
        self.says("Make one for each program")
        self.press("Make a token")
        self.look("token-new")
        self.fill("name", "deploy")
        self.press("Make token")
        assert self.all("main .notice.bad"), "without a permission it is refused"
        self.look("token-refused")
        self.fill("name", "deploy " + HOSTILE[:60])
        self.tick("scopes", "requests:read")
        self.tick("scopes", "profiles:read")
        self.press("Make token")
        self.says("only now")
        self.look("token-made")
        token = self.secret()
        answer = json.loads(self.curl("-H", f"Authorization: Bearer {token}", self.options.origin + "/api/v1/session"))
        assert answer["permissions"] == ["profiles:read", "requests:read"] and answer["totp"] is None, answer
        self.press("I have kept it")
        self.says("deploy " + HOSTILE[:60])
        self.look("tokens")
        self.find("main summary").click()
        self.open("/admin/tokens?user=*")
        self.says("usable")
        [button] = [button for button in self.all("main button") if button.text == "Revoke"]
        button.click()
        WebDriverWait(self.driver, 10).until(lambda _: self.all("dialog[open]"))
        self.shoot("token-question")
        body = self.find("body")
        self.find("dialog[open] button.danger").click()
        WebDriverWait(self.driver, 10).until(lambda _: self.is_gone(body))
        self.says("revoked")
        assert "sign-in-needed" in self.curl(
            "-H", f"Authorization: Bearer {token}", self.options.origin + "/api/v1/session")

    def own_roles(self):
        self.open("/admin/users")
        self.press("Roles")
        self.look("roles")
        self.open("/admin/roles/operator")
        assert not self.all("main form input[type=checkbox]"), "a built-in role stays as it is"
        self.open("/admin/roles/new")
        self.fill("name", "Help Desk")
        self.tick("permissions", "requests:read")
        self.press("Make role")
        self.look("role-refused")
        assert self.find("main [name=name]").get_attribute("aria-invalid") == "true"
        assert self.find("main input[value='requests:read']").is_selected(), "what was ticked stays so"
        self.fill("name", "helpdesk")
        self.fill("description", HOSTILE)
        self.press("Make role")
        self.says("Saved")
        self.tick("permissions", "requests:decide")
        self.press("Save")
        self.says("Saved")
        assert self.find("main input[value='requests:decide']").is_selected()
        self.look("role")
        self.open("/admin/users/new")
        self.fill("name", "hugo")
        self.choose("role", "helpdesk")
        self.fill("password", "a password for the first day")
        self.press("Make user")
        self.says("has to be changed at the next sign-in")
        self.open("/admin/roles/helpdesk")
        self.says("One user has it")
        assert not [b for b in self.all("main button") if b.text == "Delete role"], "somebody has it"
        self.open("/admin/roles")
        self.says(HOSTILE)

    def user_details(self):
        made = json.loads(self.administer("token", "create", "--name", "nightly", "--user", "hugo", "--scope", "requests:read",
                                          "--output", "json"))
        assert made, "a token of somebody else"
        self.open("/admin/users/hugo")
        self.says("nightly")
        self.says("is not signed in anywhere")
        self.open("/admin/users/admin")
        self.says("this one")
        self.open("/admin/users?q=hug&role=helpdesk")
        assert len(self.all("main tbody tr")) == 1
        self.open("/admin/users/hugo")
        self.fill("password", "short")
        self.ask("Reset password")
        self.says("12 to 256")
        self.look("user-password-refused")
        self.ask("Reset password")
        self.says("only now")
        self.open("/admin/users/hugo")
        self.ask("Delete user")
        self.open("/admin/roles/helpdesk")
        self.ask("Delete role")
        self.says("Deleted")

    def system_settings(self):
        self.open("/admin/settings")
        self.says("ready")
        self.says("the master key opens")
        self.open("/admin/settings/limits")
        self.fill("failuresPerMinute", "0")
        self.press("Save")
        assert self.find("[name=failuresPerMinute]").get_attribute("aria-invalid") == "true"
        assert self.find("[name=failuresPerMinute]").get_attribute("value") == "0", "what was typed is there to be mended"
        self.look("settings-refused")
        self.fill("failuresPerMinute", "50")
        self.press("Save")
        self.says("Saved")
        assert self.find("[name=failuresPerMinute]").get_attribute("value") == "50"
        self.open("/admin/settings/publication")
        self.fill("url", "no address")
        self.press("Save")
        self.says("is no address")
        self.open("/admin/settings/sessions")
        self.fill("idleMinutes", "5000")
        self.press("Save")
        self.says("cannot be more than")
        self.look("settings-sessions-refused")
        self.fill("minimumLength", "14")
        [button] = [b for b in self.all("main form") if b.find_elements(By.NAME, "minimumLength")]
        body = self.find("body")
        button.find_element(By.TAG_NAME, "button").click()
        WebDriverWait(self.driver, 10).until(lambda _: self.is_gone(body))
        self.says("Saved")
        self.open("/admin/settings/audit")
        self.says("audit:delete")

    def guessing(self):
        wrong = self.directory / "wrong-challenge"
        for number in range(6):
            wrong.write_text(f"guess {number}")
            subprocess.run([self.options.ucm, "scep", "enroll", self.options.scep, "--fingerprint", self.fingerprint(),
                            "--challenge-file", str(wrong), "--subject", "CN=guesser", "--key-out",
                            f"{self.directory}/guesser-{number}.key", "--out", f"{self.directory}/guesser-{number}.pem",
                            "--state", f"{self.directory}/guesser-{number}.state"], capture_output=True, timeout=60)
        self.open("/admin/settings/limits")
        self.says("127.0.0.1")
        self.says("locked")
        self.look("settings-limits-guesses")
        self.press("Clear")
        self.says("need not wait")

    def backup(self):
        self.open("/admin/settings/backup")
        self.fill("passphrase", "one passphrase for it")
        self.fill("again", "another one")
        self.press("Make and download a backup")
        self.says("not the same")
        self.look("backup-refused")
        # What the form answers is a file, which the browser saves; here its bytes are asked for.
        status, kind, name, data = self.driver.execute_async_script("""
            const done = arguments[0];
            const token = document.querySelector("main input[name=_token]").value;
            const body = new URLSearchParams({_token: token, passphrase: "one passphrase for it", again: "one passphrase for it"});
            fetch("/admin/settings/backup", {method: "POST", body}).then(async (response) => {
                const bytes = new Uint8Array(await response.arrayBuffer());
                let text = "";
                for (const byte of bytes) text += String.fromCharCode(byte);
                done([response.status, response.headers.get("content-type"), response.headers.get("content-disposition"), btoa(text)]);
            });""")
        assert status == 200 and kind == "application/octet-stream" and ".backup" in name, (status, kind, name)
        (self.directory / "pages.backup").write_bytes(base64.b64decode(data))
        (self.directory / "passphrase").write_text("one passphrase for it\n")
        self.ucm("restore", str(self.directory / "pages.backup"), "--data", str(self.directory / "restored"),
                 "--passphrase-file", str(self.directory / "passphrase"))

    def profile_settings(self):
        self.open("/admin/profiles/routers")
        changes = {"queue.approvals": "2", "queue.days": "9", "queue.limit": "99", "queue.limitPerAddress": "8",
                   "renewal.windowPercent": "30", "renewal.graceDays": "14", "signingTimeTolerance": "300",
                   "rules.addresses": "10.0.0.0/8\n192.0.2.1", "rules.subjects": "CN=*.example.com,O=Example",
                   "rules.sans": "DNS:*.example.com", "rules.keys": "rsa3072\np256"}
        choices = {"template": "Network Equipment", "algorithmLevel": "modern", "approval": "manual",
                   "rules.credentials": "all", "rules.otherwise": "queue", "publishedCertificates": "complete",
                   "replyChain": "chain"}
        # A CA with a key for ECDSA cannot answer itself, and the server says so.
        self.choose("mode", "ca")
        self.press("Save settings")
        self.says("use RA mode")
        self.choose("mode", "ra")
        boxes = ["renewal.requiresChallenge", "renewal.revokesOld", "mirrorSHA1", "mirrorDES"]
        self.fill("queue.days", "999")
        for name, value in choices.items():
            self.choose(name, value)
        self.press("Save settings")
        self.look("profile-settings-refused")
        assert self.find("[name='queue.days']").get_attribute("aria-invalid") == "true"
        assert self.find("[name='replyChain']").get_attribute("value") == "chain", "what was chosen stays so"
        for name, value in changes.items():
            self.fill(name, value)
        for name in boxes:
            self.tick(name, "yes")
        self.tick("capabilities.byHand", "yes")
        for word in ["AES", "POSTPKIOperation", "SHA-256"]:
            self.tick("capabilities", word)
        self.press("Save settings")
        self.says("Saved")
        self.driver.set_window_size(1440, 2100)
        self.look("profile-settings")
        self.driver.set_window_size(1440, 1000)
        token = self.driver.execute_async_script(
            "const done = arguments[0]; fetch('/api/v1/profiles/routers').then((r) => r.json()).then(done)")
        assert token["capabilities"] == ["AES", "POSTPKIOperation", "SHA-256"], token
        assert token["queue"] == {"approvals": 2, "days": 9, "limit": 99, "limitPerAddress": 8}, token
        assert token["rules"]["keys"] == ["rsa3072", "p256"] and token["rules"]["credentials"] == "all", token
        assert token["renewal"]["windowPercent"] == 30 and token["renewal"]["revokesOld"] is True, token
        assert token["signingTimeTolerance"] == 300 and token["replyChain"] == "chain" and token["mirrorDES"], token
        # What is emptied is not set any more.
        self.fill("signingTimeTolerance", "")
        self.fill("renewal.windowPercent", "")
        self.tick("capabilities.byHand", "yes")
        self.press("Save settings")
        token = self.driver.execute_async_script(
            "const done = arguments[0]; fetch('/api/v1/profiles/routers').then((r) => r.json()).then(done)")
        assert token["capabilities"] is None and token["signingTimeTolerance"] is None, token
        assert token["renewal"]["windowPercent"] is None, token

    def static_challenge(self):
        self.open("/admin/profiles/routers")
        self.says("There is one")
        self.ask("Replace the challenge")
        self.says("shown only now")
        self.look("static-challenge")
        self.open("/admin/profiles/routers")
        self.ask("Have no static challenge")
        self.says("has no static challenge any more")
        self.look("profile-without-challenge")
        self.fill("challenge", "a static challenge of one's own")
        self.press("Set the challenge")
        self.says("a static challenge of one's own")

    def explain(self):
        key, csr = self.directory / "explain.key", self.directory / "explain.csr"
        subprocess.run(["openssl", "req", "-new", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-keyout", str(key), "-out", str(csr), "-subj", "/O=Example/CN=" + HOSTILE[:60].replace("/", "\\/")],
                       capture_output=True, check=True)
        self.open("/admin/profiles/routers")
        self.press("Try the rules")
        self.look("explain")
        self.fill("csr", "nothing that is a request")
        self.press("Say what would happen")
        self.look("explain-refused")
        assert self.all("main .notice.bad"), "it cannot be read"
        self.fill("csr", csr.read_text())
        self.fill("address", "10.1.2.3")
        self.fill("challenge", "a static challenge of one's own")
        self.press("Say what would happen")
        self.says("What the rules say")
        self.says("Network Equipment")
        self.look("explained")
        self.open("/admin/profiles")
        self.open("/admin/profiles/routers")
        self.ask("Delete profile")
        self.says("Deleted")

    def authenticator(self):
        self.open("/admin/account")
        self.press("Set up an authenticator")
        self.look("authenticator")
        secret = self.secret()
        if shutil.which("zbarimg"):
            picture = self.directory / "qr.png"
            self.find("main svg.qr").screenshot(str(picture))
            read = subprocess.run(["zbarimg", "-q", "--raw", str(picture)], capture_output=True, text=True).stdout.strip()
            assert read == self.find("main a[href^=otpauth]").get_attribute("href") and secret in read, read
        self.fill("code", "000000")
        self.press("Switch it on")
        self.says("is not the one of now")
        assert self.secret() == secret
        self.look("authenticator-refused")
        self.fill("code", one_time_code(secret))
        self.press("Switch it on")
        self.says("Each of them is good once")
        self.look("recovery-codes")
        self.press("I have kept them")
        self.says("It is on")
        self.look("account-with-authenticator")
        self.fill("password", "not the password")
        self.press("Make new recovery codes")
        assert self.find("main [name=password]").get_attribute("aria-invalid") == "true"
        self.fill("password", self.password)
        self.press("Make new recovery codes")
        self.says("New recovery codes")
        self.press("I have kept them")
        self.fill("password", self.password)
        self.ask("Remove the authenticator")
        self.says("no code is asked for any more")
        self.says("Set up an authenticator")

    def system_phone(self):
        self.driver.set_window_size(390, 844)
        for path in ["tokens", "tokens?user=*", "tokens/new", "roles", "roles/viewer", "settings/system", "settings/limits",
                     "settings/sessions", "settings/backup", "profiles/default", "profiles/default/explain", "users/admin",
                     "account", "welcome"]:
            self.driver.get(f"{self.options.origin}/admin/{path}")
            self.look("phone-" + path.replace("/", "-").replace("?user=*", "-all"))
        self.driver.set_window_size(1440, 1000)


STEPS = [
    ("tokens: made with what is ticked, used by curl, revoked", "tokens"),
    ("roles: made, changed, given to a user, deleted", "own_roles"),
    ("a user's sessions and tokens; a password of one's choice", "user_details"),
    ("settings of the installation; what is wrong is said beside the field", "system_settings"),
    ("who guesses challenges is shown, and let go on", "guessing"),
    ("a backup comes as a file", "backup"),
    ("every setting of a profile, and back again", "profile_settings"),
    ("a static challenge is replaced and removed", "static_challenge"),
    ("the rules of a profile are tried on a request", "explain"),
    ("an authenticator is set up, used and removed", "authenticator"),
    ("the system's pages in a window of the size of a phone", "system_phone"),
]
