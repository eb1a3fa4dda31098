"""What would do something if it were markup, an attribute, an address or a script: it is text wherever it stands."""

# The one that names of things have in the other steps.
HOSTILE = "<script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">'\"&amp;"

CORPUS = [
    "<svg/onload=document.title='owned'>",
    "\"><script>document.title='owned'</script>",
    "'-document.title='owned'-'",
    "</title><script>document.title='owned'</script>",
    "</textarea><img src=x onerror=document.title='owned'>",
    "<a href=\"javascript:document.title='owned'\">click</a>",
    "javascript:document.title='owned'",
    "<!--<script>document.title='owned'//-->",
    "&lt;script&gt;document.title='owned'&lt;/script&gt;",
    "<base href=https://evil.example/>",
    "<meta http-equiv=refresh content=0;url=https://evil.example/>",
    "\u202e<b>left\u2028right\u0000",
    "{{constructor.constructor('document.title=1')()}}",
    "<style>*{display:none}</style>",
    "ＣＮ=<ｓｃｒｉｐｔ>",
]


class HostileSteps:
    def corpus(self):
        """Each as a name in a request, as its SAN, as the reason of its rejection."""
        for number, text in enumerate(CORPUS):
            escaped = "".join("\\" + letter if letter in "\\,+\"<>;=#" else letter for letter in text.replace("\0", ""))
            san = "URI:urn:" + "".join(letter for letter in text if 32 < ord(letter) < 127)
            self.enroll(f"corpus-{number}", f"CN={escaped}", expect=3, san=san)
        self.open("/admin/requests?status=pending")
        rows = [row.get_attribute("data-href") for row in self.all("tbody tr[data-href]")]
        assert len(rows) >= len(CORPUS), rows
        self.is_text()
        for index, address in enumerate(rows):
            self.driver.get(self.options.origin + address)
            self.is_text()
            self.fill("reason", CORPUS[index % len(CORPUS)].replace("\0", ""))
            self.press("Reject")
            self.says("Rejected")
            self.is_text()
        for path in ["requests?status=rejected", "requests?q=%3Cscript%3E%22%27", "log", "log?q=%3Cscript", "audit",
                     "certificates?q=%22%3E%3Cscript%3Edocument.title%3D%27owned%27%3C%2Fscript%3E"]:
            self.driver.get(self.options.origin + "/admin/" + path)
            self.is_text()

    def is_text(self):
        assert "owned" != self.driver.title and "evil.example" not in self.driver.current_url, self.driver.current_url
        found = self.driver.execute_script(
            "return [...document.querySelectorAll('main script, main img, main base, main meta, main style, main [onload],"
            " main [onerror], a[href^=\"javascript:\"]')].map((element) => element.outerHTML)")
        assert not found, found


STEPS = [("a corpus of hostile names, SANs and reasons is text everywhere", "corpus")]
