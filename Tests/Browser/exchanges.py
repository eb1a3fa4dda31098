"""What devices ask and are answered: the timeline, the log as it happens, setting a device up."""

import pathlib
import subprocess
import time

from selenium.webdriver.support.ui import WebDriverWait


class ExchangeSteps:
    def timeline(self):
        self.open("/admin/requests?q=pump-1&status=issued")
        self.driver.get(self.options.origin + self.find("tbody tr").get_attribute("data-href"))
        self.look("request-timeline")
        lines = [line.text for line in self.all(".timeline > li")]
        for words in ["GetCACaps", "GetCACert", "PKCSReq: PENDING", "admin approved", "CertPoll: SUCCESS"]:
            assert any(words in line for line in lines), (words, lines)
        assert any("SHA-" in line and "AES-" in line for line in lines), lines
        self.press("All of this device")
        self.says("What it asked")
        self.look("device-timeline")

    def log(self):
        self.open("/admin/log")
        self.says("used up")
        self.open("/admin/log?outcome=refused,limited,malformed,unanswered")
        self.says("used up")
        assert not [badge for badge in self.all("tbody .badge") if badge.text in ("issued", "answered", "pending")]
        self.open("/admin/")
        [address] = [link.get_attribute("href") for link in self.all(".bars a") if link.text == "Challenge used up"]
        self.driver.get(address)
        assert self.all("tbody tr") and all("used up" in row.text for row in self.all("tbody tr"))

    def live(self):
        """What a device asks shows up on a page that is open, with a mark."""
        self.open("/admin/log")
        assert not self.all("tr.new")
        wrong = pathlib.Path(self.options.screenshots).parent / "wrong-challenge"
        wrong.write_text("nobody has made this challenge")
        self.enroll("stranger", "CN=stranger", expect=2, challenge=str(wrong))
        WebDriverWait(self.driver, 15).until(lambda _: any("stranger" in row.text for row in self.all("tr.new")))
        self.look("log-live")
        [cause] = {span.text for span in self.all("tr.new .cause")}
        [cure] = {span.text for span in self.all("tr.new .cure")}
        assert "challenge" in cause and cure, (cause, cure)

    def device_to_set_up(self):
        """The lines of the page enrol a device, as they stand there."""
        self.open("/admin/devices")
        self.open("/admin/devices/default")
        self.fill("device", "O'Hara's pump, 7")
        self.press("Make a challenge for it")
        self.says("shown only now")
        self.look("device-lines")
        lines = self.find(".listing code").text
        [line] = [code.text for code in self.all("pre code") if code.text.find("ucm scep enroll") >= 0]
        directory = pathlib.Path(self.options.screenshots).parent / "device-7"
        directory.mkdir()
        line = line.replace("ucm scep", self.options.ucm + " scep").replace(lines, self.options.scep)
        self.administer("profile", "set", "default", "--approval", "automatic")
        time.sleep(2)
        done = subprocess.run(["sh", "-ec", line], cwd=directory, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, (line, done.stderr)
        subject = subprocess.run(["openssl", "x509", "-in", directory / "device.pem", "-noout", "-subject"],
                                 capture_output=True, text=True, check=True).stdout
        assert "O'Hara's pump, 7" in subject, subject
        self.administer("profile", "set", "default", "--approval", "manual")
        time.sleep(2)

    def bulk_revocation(self):
        self.open("/admin/certificates?q=pump&state=valid")
        rows = len(self.all("tbody tr"))
        assert rows > 1
        self.find("[data-all]").click()
        self.ask("Revoke those")
        self.says("they are on the CRL")
        self.open("/admin/certificates?q=pump&state=revoked")
        assert len(self.all("tbody tr")) >= rows


STEPS = [
    ("the timeline of a request, and of its device", "timeline"),
    ("the log says why a device failed, and what to do", "log"),
    ("what devices ask shows up on an open page, with a mark", "live"),
    ("the lines for a device enrol it", "device_to_set_up"),
    ("several certificates are revoked at once", "bulk_revocation"),
]
