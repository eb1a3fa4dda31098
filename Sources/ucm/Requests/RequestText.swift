import AdministrationAPI
import Server

/// A request as people read it.
enum RequestText {
    /// Writes all that is known of one.
    static func write(_ request: JSONValue) {
        printLines(Self.lines(request))
        if let csr = request["csr"], csr != .null { Self.write(csr: csr) }
        if let explanation = request["explanation"], explanation != .null {
            print("\nRules")
            printTable(["RULE", "VERDICT", "WHY"], VerdictRows.of(explanation))
        }
        Self.table(
            "Earlier certificates of this name or key", ["SERIAL", "ENDS", "STATE", "KEY", "SUBJECT"],
            request["earlierCertificates"]?.array ?? []
        ) { certificate in
            [
                certificate.text("serialNumber"), certificate.text("notAfter"), certificate.text("state"),
                certificate["sameKey"]?.bool == true ? "the same" : "another",
                certificate.text("subject", otherwise: ""),
            ]
        }
        Self.table(
            "Events", ["ID", "DATE", "EVENT", "WHO", "FROM", "WHAT"], request["events"]?.array ?? []
        ) { event in
            [
                event.text("id"), event.text("at"), event.text("kind"),
                event.text("actor").replacing(" at the command line", with: ""), event.text("address"),
                Self.what(event),
            ]
        }
        if let certificate = request["certificate"]?.text {
            print("")
            print(certificate, terminator: "")
        }
    }

    private static func lines(_ request: JSONValue) -> [(String, String)] {
        let isPending = request["status"]?.text == "pending"
        var lines = [
            ("Request", request.text("id")), ("Status", request.text("status")),
            ("Subject", request.text("subject", otherwise: "")), ("Profile", request.text("profile")),
            ("Transaction", request.text("transactionID", otherwise: "")), ("From", request.text("address")),
            ("Received", request.text("createdAt")),
        ]
        if let csr = request["csr"], csr != .null {
            lines += [
                ("Key", request.text("key")), ("Key (SHA-256)", request.text("keyFingerprint")),
                ("CSR (SHA-256)", request.text("csrFingerprint")), ("Signed with", csr.text("signatureAlgorithm")),
            ]
        } else {
            lines.append(("Key", "not kept"))
        }
        lines.append(("Challenge", request.text("challenge", otherwise: "none")))
        func add(_ name: String, _ field: String) {
            if request[field]?.text != nil { lines.append((name, request.text(field))) }
        }
        func addTime(_ name: String, _ field: String) {
            if request[field]?.text != nil { lines.append((name, request.text(field))) }
        }
        addTime("Waits until", "expiresAt")
        for approval in request["approvals"]?.array ?? [] where isPending {
            lines.append(
                (
                    "Approved",
                    "\(approval.text("at")) by \(approval.text("by")), \(approval.text("terms", otherwise: ""))"
                ))
        }
        addTime("Decided", "decidedAt")
        add("Decided by", "decidedBy")
        add("Reason", "reason")
        add("Serial number", "serialNumber")
        add("Issued to", "issuedTo")
        addTime("Valid until", "notAfter")
        return lines
    }

    private static func write(csr: JSONValue) {
        Self.section("Subject", Self.named(csr["subject"]))
        Self.section(
            "Requested extensions",
            (csr["extensions"]?.array ?? []).map { found in
                (
                    found.text("name") + (found["critical"]?.bool == true ? " (critical)" : ""),
                    found.joined("values", separator: "; ", otherwise: "")
                )
            } + (csr["extensionsFault"]?.text.map { [("unreadable", $0)] } ?? [])
        )
        Self.section("Attributes", Self.named(csr["attributes"]))
    }

    /// Names, each with its values.
    private static func named(_ list: JSONValue?) -> [(String, String)] {
        (list?.array ?? []).map { ($0.text("name"), $0.joined("values", separator: "; ", otherwise: "")) }
    }

    private static func section(_ title: String, _ lines: [(String, String)]) {
        print("\n\(title)")
        printLines(lines.isEmpty ? [("  none", "")] : lines.map { ("  " + $0, $1) })
    }

    private static func table(_ title: String, _ header: [String], _ items: [JSONValue], _ row: (JSONValue) -> [String])
    {
        guard !items.isEmpty else { return }
        print("\n\(title)")
        printTable(header, items.map(row))
    }

    /// What is said of an event.
    private static func what(_ event: JSONValue) -> String {
        let differences = (event["differences"]?.array ?? []).map(Self.difference).joined(separator: ", ")
        let what = event.text("detail", otherwise: differences)
        let object = event["object"]?.text.flatMap { $0 == "profile \(event.text("profile"))" ? nil : $0 }
        // A sentence often names what it is about.
        let parts = [object.flatMap { what.contains($0) ? nil : $0 }, what.isEmpty ? nil : what].compactMap(\.self)
        return parts.isEmpty ? "-" : shortened(parts.joined(separator: ": "))
    }

    /// A difference in a few words.
    private static func difference(_ difference: JSONValue) -> String {
        let name = difference.text("name")
        let before = difference["before"]?.text.map { "(was \(shortened($0, upTo: 60)))" }
        let after = difference["after"]?.text.map { shortened($0, upTo: 60) }
        return switch (before, after) {
        case (let before?, nil): "no \(name) \(before)"
        case (nil, let after): "\(name) \(after ?? "")"
        case (let before?, let after?): "\(name) \(after) \(before)"
        }
    }
}
