import AdministrationAPI
import Foundation
import Server

extension JSONValue {
    /// What a CA does, in a word or two.
    private var authorityState: String {
        if self["retiredAt"]?.text != nil { return "retired" }
        if self.text("notAfter") <= Date().formatted(.iso8601) { return "ended" }
        return self["default"]?.bool == true ? "default" : "active"
    }

    /// The CA that follows, and when; nil where there is none.
    private var successor: String? {
        guard let next = self["next"], next != .null else { return nil }
        return "\(next.text("ca")) from \(next.text("switchAt"))"
    }

    /// A CA as a row of the list.
    var authorityRow: [String] {
        [
            self.text("name"), self.text("slug"), self.authorityState, self.text("issuer"), self.text("key"),
            self.text("notAfter"), self.text("raNotAfter"), self.joined("profiles", separator: ","),
            self.successor ?? "-", self.text("fingerprint"),
        ]
    }

    /// Everything about a CA.
    var authorityLines: [(String, String)] {
        var lines = [
            ("Name", self.text("name")), ("Address", self.text("slug")), ("State", self.authorityState),
            ("Subject", self.text("subject")), ("Issued by", self.text("issuer", otherwise: "itself")),
            ("Key", self.text("key")), ("Serial number", self.text("serialNumber")),
            ("Not before", self.text("notBefore")), ("Not after", self.text("notAfter")),
            ("SHA-256", self.text("fingerprint")), ("RA until", self.text("raNotAfter")),
            ("OCSP signer until", self.text("ocspSignerNotAfter")),
        ]
        if self["retiredAt"]?.text != nil { lines.append(("Retired", self.text("retiredAt"))) }
        if let list = self["crl"], list != .null {
            let addition = list["latest"]?.bool == true ? "" : ", out of date"
            lines += [
                ("CRL", "\(list.text("number")) of \(list.text("thisUpdate"))\(addition)"),
                ("CRL until", list.text("nextUpdate")),
            ]
        } else {
            lines.append(("CRL", "none yet: a running server makes it"))
        }
        lines.append(("Profiles", self.joined("profiles")))
        if let successor { lines.append(("Next", successor)) }
        return lines
    }
}
