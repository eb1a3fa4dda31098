import AdministrationAPI

/// What a CA's certificate says, as a form asks for it where one is made or signed.
enum AuthorityTerms {
    private static let pathLengths: [(value: String, label: String)] = [
        ("usual", "none below a CA, any number below a root"), ("unlimited", "as many as the CA above allows"),
        ("0", "none"), ("1", "1"), ("2", "2"), ("3", "3"),
    ]

    /// The name and how long.
    static func subject(_ form: PageFields, _ faults: [String: String], otherwise: String) -> HTML {
        [
            FormField("subject", "Subject", hint: "`CN=Devices, O=Example`. Empty: \(otherwise).", faults: faults)
                .input(
                    value: form["subject"]),
            FormField(
                "validityDays", "Valid for days",
                hint: "Empty: ten years, below another CA five, and never longer than that one.", faults: faults
            ).input("number", value: form["validityDays"]),
        ]
    }

    /// What it may issue.
    static func limits(_ form: PageFields, _ faults: [String: String]) -> HTML {
        [
            FormField(
                "pathLength", "CAs below one another underneath it", hint: "The path length of its certificate.",
                faults: faults
            ).choice(Self.pathLengths, value: form["pathLength"] ?? "usual"),
            FormField(
                "permitted", "Names that it may issue for",
                hint: "One in a line: `DNS:example.com` with all below it, `email:example.com`, `IP:10.0.0.0/8`, "
                    + "`dir:O=Example`. Empty: any.", faults: faults
            ).lines(value: form["permitted"], rows: 2),
            FormField("excluded", "Names that it may not issue for", hint: "In the same way.", faults: faults).lines(
                value: form["excluded"], rows: 2),
            FormField(
                "purposes", "Purposes that it may issue for",
                hint: "One in a line: `clientAuth`, `serverAuth`, `ipsecIKE` or an OID. Empty: any.", faults: faults
            ).lines(value: form["purposes"], rows: 2),
            FormField(
                "policies", "Certificate policies", hint: "One in a line: an OID, or `OID=URL`. Empty: any.",
                faults: faults
            ).lines(value: form["policies"], rows: 2),
        ]
    }

    /// What the form says, as the API takes it.
    static func body(_ form: PageFields) -> JSONValue {
        var body: JSONValue = [:]
        if let subject = form["subject"] { body.append("subject", .string(subject)) }
        body.append("validityDays", form.number("validityDays"))
        let length = form["pathLength"] ?? "usual"
        body.append("pathLength", Int64(length).map(JSONValue.integer) ?? .string(length))
        for name in ["permitted", "excluded", "purposes", "policies"] { body.append(name, form.list(name)) }
        return body
    }
}
