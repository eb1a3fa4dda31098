import AdministrationAPI
import Server

extension JSONValue {
    /// What a certificate is good for, in a word or two.
    var certificateState: String { self["state"]?.text == "held" ? "on hold" : self.text("state") }

    /// Everything about a certificate, and what was decided on it.
    var certificateLines: [(String, String)] {
        var lines = [
            ("Serial number", self.text("serialNumber")), ("State", self.certificateState),
            ("Subject", self.text("subject", otherwise: "")), ("CA", self.text("ca")),
            ("Not before", self.text("notBefore")), ("Not after", self.text("notAfter")),
            ("Template", self.text("template", otherwise: "not recorded")), ("Origin", self.text("origin")),
        ]
        if let profile = self["profile"]?.text { lines.append(("Profile", profile)) }
        if let issuedBy = self["issuedBy"]?.text { lines.append(("Issued for", issuedBy)) }
        if self["revokedAt"]?.text != nil {
            lines += [("Revoked", self.text("revokedAt")), ("Reason", self.text("revocationReason"))]
        }
        if self["invalidityDate"]?.text != nil { lines.append(("Invalid since", self.text("invalidityDate"))) }
        for found in self["extensions"]?.array ?? [] {
            lines.append((found.text("name"), found.joined("values", otherwise: "")))
        }
        for event in self["events"]?.array ?? [] {
            lines.append(
                (
                    event.text("kind"),
                    "\(event.text("at")) by \(event.text("actor")) \(event.text("detail", otherwise: ""))"
                ))
        }
        return lines
    }
}
