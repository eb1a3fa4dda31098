import AdministrationAPI

/// All settings of a template in a form, each with what it means.
struct TemplateForm {
    /// The settings as the API has them.
    let values: JSONValue
    let faults: [String: String]

    var html: HTML {
        .element(
            "div", ["class": "columns"],
            [
                .element("div", [self.validity, self.use, self.keys]),
                .element("div", [self.names, self.excess, self.urls]),
            ]
        )
    }

    private func number(_ name: String, _ label: String, hint: String) -> HTML {
        FormField(name, label, hint: hint, faults: self.faults).input(
            "number", value: self.values[name]?.integer.map { "\($0)" } ?? self.values[name]?.text)
    }

    private func lines(_ name: String, _ label: String, hint: String, _ texts: [String]? = nil) -> HTML {
        let texts = texts ?? self.values.words(name)
        return FormField(name, label, hint: hint, faults: self.faults).lines(
            value: texts.joined(separator: "\n"), rows: max(2, min(texts.count, 6)))
    }

    private func choice(_ name: String, _ label: String, hint: String) -> HTML {
        FormField(name, label, hint: hint, faults: self.faults).choice(
            TemplateWords.excesses, value: self.values[name]?.text)
    }

    private func boxes(_ name: String, _ options: [(value: String, meaning: String)]) -> [HTML] {
        let chosen = Set(self.values.words(name))
        return options.map { option in
            FormField("\(name).\(option.value)", option.value, hint: option.meaning).check(
                isOn: chosen.contains(option.value))
        }
    }

    private var validity: HTML {
        [
            .element("h3", "Validity"),
            self.number(
                "validityDays", "Days",
                hint: "How long a certificate is valid, at most: an approver or a challenge can say less."),
            self.number(
                "backdatingSeconds", "Seconds that the start is put back",
                hint: "So that devices whose clocks are late take it at once: 300 are five minutes."),
        ]
    }

    private var use: HTML {
        let named = Set(TemplateWords.purposes.map(\.value))
        return [
            .element("h3", "Use"),
            .checks(
                "keyUsage", "Key usage", hint: "What the key may do. What a key of its kind cannot do is left out.",
                faults: self.faults, self.boxes("keyUsage", TemplateWords.keyUsages)),
            .checks(
                "extendedKeyUsage", "Purposes",
                hint: "The extended key usage. None at all leaves the extension out, which many take for any purpose.",
                faults: self.faults, self.boxes("extendedKeyUsage", TemplateWords.purposes)),
            self.lines(
                "purposes", "Other purposes",
                hint: "One in a line: `eapOverLAN`, `timeStamping`, `documentSigning` or an OID.",
                self.values.words("extendedKeyUsage").filter { !named.contains($0) }),
        ]
    }

    private var keys: HTML {
        [
            .element("h3", "Keys and policies"),
            self.lines(
                "keys", "Keys that are certified",
                hint:
                    "One in a line: `rsa3072` is RSA of 3072 bits or more, `p256`, `ec` any curve. Empty: any that the "
                    + "profile's level allows."),
            self.lines(
                "policies", "Certificate policies",
                hint: "One in a line: an OID, or `OID=URL` with the practice statement."),
        ]
    }

    private var names: HTML {
        let sans = self.values["sans"] ?? .null
        let allowed = sans["allowed"]?.array?.compactMap(\.text)
        return [
            .element("h3", "Names"),
            FormField(
                "subject", "Subject",
                hint:
                    "`requested`, or what it is built from: `CN={CN}, O=Example`. `{CN}` is the requested one's, `{DNS}` the "
                    + "first such SAN; `{OU?}` may be absent.", faults: self.faults
            ).input(value: self.values["subject"]?.text),
            FormField("sans.which", "SANs").choice(
                [("all", "all that are requested"), ("some", "those that fit a pattern below")],
                value: allowed == nil ? "all" : "some"),
            self.lines(
                "sans.allowed", "Patterns of SANs",
                hint:
                    "One in a line: `DNS:*.example.com`, `IP:10.0.0.0/8`, `email:**@example.com`. Nothing here: no SAN.",
                allowed ?? []),
            FormField("sans.others", "What becomes of other SANs", faults: self.faults).choice(
                TemplateWords.excesses, value: sans["others"]?.text),
        ]
    }

    private var excess: HTML {
        [
            .element("h3", "What else a request asks for"),
            self.choice(
                "authorityRequests", "To be a CA",
                hint: "Or to sign certificates, CRLs or OCSP responses: no device gets that."),
            self.choice(
                "criticalExtensions", "Other critical extensions", hint: "Those that the template does not decide on."),
            self.lines(
                "passedExtensions", "Extensions that are passed on",
                hint:
                    "OIDs, one in a line. They go from the request into the certificate as they are, never critical: only "
                    + "where somebody vouches for the request."),
        ]
    }

    private var urls: HTML {
        [
            .element("h3", "Where relying parties look"),
            self.lines(
                "crlURLs", "CRL",
                hint:
                    "`{url}` is the installation's address, `{ca}` the CA's name in it. Empty: the certificate names none."
            ),
            self.lines("issuerURLs", "The CA's certificate", hint: "For those who have only the device's."),
            self.lines("ocspURLs", "OCSP", hint: "Where revocation is asked for one by one."),
        ]
    }

    // MARK: What is sent

    /// What the form says, as the API takes it.
    static func body(_ form: PageFields) -> JSONValue {
        func ticked(_ name: String, _ options: [(value: String, meaning: String)]) -> [JSONValue] {
            options.filter { form.isTicked("\(name).\($0.value)") }.map { .string($0.value) }
        }
        var sans: JSONValue = ["allowed": form["sans.which"] == "some" ? form.list("sans.allowed") : .null]
        if let others = form["sans.others"] { sans.append("others", .string(others)) }
        var body: JSONValue = [
            "validityDays": form.number("validityDays"), "backdatingSeconds": form.number("backdatingSeconds"),
            "keyUsage": .array(ticked("keyUsage", TemplateWords.keyUsages)),
            "extendedKeyUsage": .array(
                ticked("extendedKeyUsage", TemplateWords.purposes) + form.lines("purposes").map(JSONValue.string)),
            "subject": .string(form["subject"] ?? ""), "sans": sans,
        ]
        for name in ["keys", "passedExtensions", "crlURLs", "issuerURLs", "ocspURLs", "policies"] {
            body.append(name, form.list(name))
        }
        for name in ["authorityRequests", "criticalExtensions"] {
            if let value = form[name] { body.append(name, .string(value)) }
        }
        return body
    }
}
