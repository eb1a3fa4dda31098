"""What an administrator does with CAs and templates in the pages: steps of the walk."""

import pathlib
import subprocess
import tempfile

from selenium.webdriver.support.ui import WebDriverWait

# What would be markup, where a name takes it: names of CAs have at most 61 characters, and no slash.
HOSTILE_NAME = "<img src=x onerror=document.title='owned'>'\"&amp;"


def openssl(*arguments, text=None):
    done = subprocess.run(["openssl", *arguments], input=text, capture_output=True, text=True, check=False)
    assert done.returncode == 0, f"openssl {arguments[0]}: {done.stderr[:300]}"
    return done.stdout


class AuthoritySteps:
    def row(self, text):
        [row] = [row for row in self.all("tbody tr") if text in row.text]
        return row

    def ca_detail(self):
        self.open("/admin/cas")
        self.says("UCM CA")
        self.open("/admin/cas/UCM%20CA")
        shown = self.find(".listing.mono").text.replace("Copy", "").strip()
        assert shown.replace(" ", "") == self.fingerprint().upper(), (shown, self.fingerprint())
        for form in ["pem", "der", "chain"]:
            status = self.driver.execute_async_script(
                "const done = arguments[1]; fetch('/admin/cas/UCM%20CA/download?form=' + arguments[0])"
                ".then(async (r) => done([r.status, r.headers.get('content-disposition'), (await r.blob()).size]))", form)
            assert status[0] == 200 and "ucm-ca" in status[1] and status[2] > 200, status
        for path in ["/ca/ucm-ca.p7c", "/crl/ucm-ca.crl", "/crl/ucm-ca.pem"]:
            assert self.driver.execute_async_script(
                "const done = arguments[1]; fetch(arguments[0]).then((r) => done(r.status))", path) == 200, path
        self.open("/admin/cas")
        self.find("tbody td:nth-child(3)").click()
        WebDriverWait(self.driver, 10).until(lambda _: "SHA-256" in self.find(".detail").text)
        self.look("cas-beside")

    def ca_new(self):
        self.open("/admin/cas/new")
        self.fill("name", "Devices " + HOSTILE_NAME)
        self.choose("parent", "UCM CA")
        self.choose("key", "p256")
        self.fill("permitted", "nonsense")
        self.press("Make CA")
        self.look("ca-new-refused")
        assert self.find("[name=permitted]").get_attribute("aria-invalid") == "true"
        self.fill("permitted", "DNS:example.com\nemail:example.com")
        self.fill("purposes", "clientAuth\nserverAuth")
        self.fill("validityDays", "700")
        self.press("Make CA")
        self.says("The CA is made")
        self.says(HOSTILE_NAME)
        self.says("below UCM CA")
        assert self.driver.title != "owned" and not self.all("main img")
        self.look("ca-made")
        self.press("Make it the default CA")
        self.says("This is the default CA now")
        self.open("/admin/cas/UCM%20CA")
        self.press("Make it the default CA")
        self.says("The default CA cannot be retired")
        assert "Retire this CA" not in [button.text for button in self.all("main button")]
        self.open("/admin/cas")
        self.driver.get(self.options.origin + self.row("Devices <img").get_attribute("data-href"))
        self.ask("Retire this CA")
        self.says("Retired")
        self.press("Let it issue again")
        self.says("It issues again")

    def ca_import(self):
        directory = pathlib.Path(tempfile.mkdtemp(dir=pathlib.Path(self.options.screenshots).parent))
        (directory / "extensions").write_text("basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\n"
                                              "subjectKeyIdentifier=hash\n")
        openssl("req", "-x509", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{directory}/key.pem", "-subj",
                "/O=Old Corp/CN=Old CA", "-days", "60", "-out", f"{directory}/ca.pem", "-addext",
                "basicConstraints=critical,CA:TRUE", "-addext", "keyUsage=critical,keyCertSign,cRLSign")
        openssl("pkcs12", "-export", "-inkey", f"{directory}/key.pem", "-in", f"{directory}/ca.pem", "-passout",
                "pass:secret 1", "-out", f"{directory}/ca.p12")
        self.open("/admin/cas/import")
        [chooser] = [field for field in self.all("input[type=file]") if "Key and" in field.get_attribute("aria-label")]
        chooser.send_keys(f"{directory}/ca.p12")
        WebDriverWait(self.driver, 5).until(lambda _: self.find("[name=key]").get_attribute("value").startswith("MII"))
        self.fill("password", "wrong")
        self.press("Import CA")
        self.look("ca-import-refused")
        assert self.find("[name=key]").get_attribute("aria-invalid") == "true"
        self.fill("password", "secret 1")
        self.press("Import CA")
        self.says("The CA is imported")
        self.says("Old CA")
        self.says("ends")
        self.look("ca-imported")
        self.old = directory

    def ca_request(self):
        self.open("/admin/ca-requests/new")
        self.fill("name", "From Elsewhere")
        self.fill("subject", "CN=From Elsewhere, O=Example")
        self.choose("key", "p256")
        self.press("Make key and request")
        self.says("Carry the request")
        self.look("ca-request")
        pem = self.find("pre").text
        request = self.old / "request.csr"
        request.write_text(pem)
        openssl("req", "-in", str(request), "-noout", "-verify")
        self.open("/admin/cas")
        self.says("awaits its certificate")
        self.look("cas-awaiting")
        self.driver.get(self.options.origin + "/admin/ca-requests/From%20Elsewhere")
        old = (self.old / "ca.pem").read_text()
        self.fill("certificate", old)
        self.press("Install certificate")
        self.says("From Elsewhere")
        self.look("ca-install-refused")
        # The old CA is a CA elsewhere here: it signs by openssl.
        openssl("x509", "-req", "-in", str(request), "-CA", f"{self.old}/ca.pem", "-CAkey", f"{self.old}/key.pem",
                "-days", "30", "-extfile", f"{self.old}/extensions", "-out", f"{self.old}/made.pem")
        self.fill("certificate", (self.old / "made.pem").read_text())
        self.fill("chain", old)
        self.press("Install certificate")
        self.says("The certificate is installed")
        self.look("ca-installed")
        # Another one is given up.
        self.open("/admin/ca-requests/new")
        self.fill("name", "Never Mind")
        self.choose("key", "p256")
        self.press("Make key and request")
        self.ask("Give up the request")
        self.says("given up")

    def ca_sign(self):
        openssl("req", "-new", "-newkey", "rsa:2048", "-nodes", "-keyout", f"{self.old}/other.key", "-subj",
                "/CN=Other CA", "-out", f"{self.old}/other.csr")
        openssl("req", "-x509", "-key", f"{self.old}/other.key", "-subj", "/CN=Pasted", "-days", "400", "-out",
                f"{self.old}/other.pem", "-addext", "basicConstraints=critical,CA:TRUE", "-addext",
                "keyUsage=critical,keyCertSign,cRLSign")
        self.open("/admin/cas/UCM%20CA/sign")
        self.fill("csr", "nonsense")
        self.ask("Sign and issue")
        self.look("ca-sign-refused")
        assert self.find("[name=csr]").get_attribute("aria-invalid") == "true"
        self.fill("csr", (self.old / "other.csr").read_text())
        self.choose("pathLength", "0")
        self.ask("Sign and issue")
        self.says("The certificate is issued")
        self.look("ca-signed")
        text = openssl("x509", "-noout", "-text", text=self.find("pre").text)
        assert "CA:TRUE, pathlen:0" in text and "Other CA" in text, text[:500]

    def ca_rollover(self):
        self.open("/admin/cas/UCM%20CA/rollover")
        self.driver.execute_script("document.querySelector('[name=switchAt]').value = '2020-01-01T00:00'")
        self.ask("Plan the rollover")
        self.says("in the past")
        assert self.find("[name=switchAt]").get_attribute("aria-invalid") == "true"
        self.look("rollover-refused")
        self.driver.execute_script("document.querySelector('[name=switchAt]').value = '2030-05-01T12:00'")
        self.choose("key", "p384")
        self.ask("Plan the rollover")
        self.says("announced to devices")
        self.says("UCM CA G2")
        self.says("GetNextCACert")
        self.look("ca-rollover")
        self.driver.execute_script("document.querySelector('[name=switchAt]').value = '2031-05-01T12:00'")
        self.ask("Move the rollover")
        self.says("has another time")
        assert "2031-05-01" in self.find("main").get_attribute("innerHTML")
        self.open("/admin/cas/UCM%20CA%20G2")
        self.says("takes over from UCM CA")
        self.open("/admin/cas/Old%20CA/rollover")
        self.choose("to", "From Elsewhere")
        self.choose("when", "now")
        self.ask("Plan the rollover")
        self.says("has taken over")
        self.look("ca-rollover-done")
        self.open("/admin/cas")
        self.look("cas-all")

    def templates(self):
        self.open("/admin/templates")
        self.says("Network Equipment")
        self.open("/admin/templates/Default")
        assert not self.all("main textarea"), "what is built in is not edited"
        self.press("Make a copy")
        self.fill("name", "Door <b>Locks</b>")
        self.fill("validityDays", "0")
        self.press("Make template")
        self.look("template-new-refused")
        assert self.find("[name=validityDays]").get_attribute("aria-invalid") == "true"
        self.fill("validityDays", "90")
        self.find("[name='extendedKeyUsage.serverAuth']").click()
        self.fill("subject", "CN={CN}, O=Example \\<script\\>")
        self.press("Make template")
        self.says("The template is made")
        self.says("Door <b>Locks</b>")
        self.look("template")
        assert self.find("[name='extendedKeyUsage.serverAuth']").is_selected()
        # What is wrong is said beside the field, and nothing that was typed is lost.
        self.choose("sans.which", "some")
        self.fill("sans.allowed", "DNS:*.example.com\nnonsense")
        self.fill("keys", "p256\nrsa3072")
        self.press("Save settings")
        assert self.find("[name='sans.allowed']").get_attribute("aria-invalid") == "true"
        assert self.find("[name=keys]").get_attribute("value").split() == ["p256", "rsa3072"]
        self.look("template-refused")
        self.fill("sans.allowed", "DNS:*.example.com")
        self.press("Save settings")
        self.says("Saved")
        # Somebody else is faster.
        self.administer("template", "set", "Door <b>Locks</b>", "--validity-days", "91")
        self.fill("validityDays", "92")
        self.press("Save settings")
        self.says("Somebody else has changed")
        assert self.find("[name=validityDays]").get_attribute("value") == "91"
        self.ask("Delete template")
        self.says("Deleted")

    def authorities_without_scripts(self):
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": True})
        try:
            self.driver.get(self.options.origin + "/admin/cas/import")
            assert not self.all("input[type=file]")
            for part, file in [("key", "other.key"), ("certificate", "other.pem")]:
                field = self.find(f"[name={part}]")
                field.clear()
                field.send_keys((self.old / file).read_text())
            self.fill("name", "Pasted")
            self.press("Import CA")
            self.says("The CA is imported")
            self.press("Retire this CA")
            self.says("Retired")
            self.driver.get(self.options.origin + "/admin/templates/new?from=Network%20Equipment")
            self.fill("name", "Switches")
            self.press("Make template")
            self.says("The template is made")
            self.press("Delete template")
            self.says("Deleted")
        finally:
            self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": False})

    def authorities_dark(self):
        self.open("/admin/cas")
        self.press("Dark")
        for path in ["cas", "cas/UCM%20CA", "cas/import", "templates/new"]:
            self.driver.get(self.options.origin + "/admin/" + path)
            self.look("dark-" + path.replace("/", "-").replace("%20", "-"))
        self.press("Light")

    def authorities_phone(self):
        self.driver.set_window_size(390, 844)
        for path in ["cas", "cas/UCM%20CA", "cas/new", "cas/import", "cas/UCM%20CA%20G2/rollover", "templates",
                     "templates/Default", "templates/new", "ca-requests/new"]:
            self.driver.get(self.options.origin + "/admin/" + path)
            self.look("phone-" + path.replace("/", "-").replace("%20", "-"))
        self.driver.set_window_size(1440, 1000)


STEPS = [
    ("a CA in all its parts, with its fingerprint and its files", "ca_detail"),
    ("a CA is made, made the default one, retired and taken back", "ca_new"),
    ("a CA that was made elsewhere is imported from a file", "ca_import"),
    ("a CA whose certificate another CA issues", "ca_request"),
    ("a CA that is elsewhere is signed", "ca_sign"),
    ("a rollover is planned and moved", "ca_rollover"),
    ("templates; two who edit the same", "templates"),
    ("a CA is imported and retired, a template made and deleted without scripts", "authorities_without_scripts"),
    ("CAs and templates in the dark", "authorities_dark"),
    ("CAs and templates in a window of the size of a phone", "authorities_phone"),
]
