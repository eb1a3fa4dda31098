import Foundation
import Server

extension JSONValue {
    /// What a CA does, in a word or two.
    private var authorityState: String {
        if self["retiredAt"]?.text != nil { return "retired" }
        if self.wholeTime("notAfter") <= Date().formatted(.iso8601) { return "ended" }
        return self["default"]?.bool == true ? "default" : "active"
    }

    /// The CA that follows, and when; nil where there is none.
    private var successor: String? {
        guard let next = self["next"], next != .null else { return nil }
        return "\(next.text("ca")) from \(next.wholeTime("switchAt"))"
    }

    /// A CA as a row of the list.
    var authorityRow: [String] {
        [
            self.text("name"), self.text("slug"), self.authorityState, self.text("issuer"), self.text("key"),
            self.wholeTime("notAfter"), self.wholeTime("raNotAfter"), self.joined("profiles", separator: ","),
            self.successor ?? "-", self.text("fingerprint"),
        ]
    }

    /// Everything about a CA.
    var authorityLines: [(String, String)] {
        var lines = [
            ("Name", self.text("name")), ("Address", self.text("slug")), ("State", self.authorityState),
            ("Subject", self.text("subject")), ("Issued by", self.text("issuer", otherwise: "itself")),
            ("Key", self.text("key")), ("Serial number", self.text("serialNumber")),
            ("Not before", self.wholeTime("notBefore")), ("Not after", self.wholeTime("notAfter")),
            ("SHA-256", self.text("fingerprint")), ("RA until", self.wholeTime("raNotAfter")),
            ("OCSP signer until", self.wholeTime("ocspSignerNotAfter")),
        ]
        if self["retiredAt"]?.text != nil { lines.append(("Retired", self.wholeTime("retiredAt"))) }
        if let list = self["crl"], list != .null {
            let addition = list["latest"]?.bool == true ? "" : ", out of date"
            lines += [
                ("CRL", "\(list.text("number")) of \(list.wholeTime("thisUpdate"))\(addition)"),
                ("CRL until", list.wholeTime("nextUpdate")),
            ]
        } else {
            lines.append(("CRL", "none yet: a running server makes it"))
        }
        lines.append(("Profiles", self.joined("profiles")))
        if let successor { lines.append(("Next", successor)) }
        return lines
    }
}
