import AdministrationAPI
import Foundation

/// The CRL of a CA: how it does, and where it is.
enum RevocationListFacts {
    /// How a CRL does, in a cell of a table.
    static func health(_ list: JSONValue?, at now: Date) -> HTML {
        guard let list, list != .null else { return Badge.initial.html(word: "not made yet") }
        let end = list["nextUpdate"]?.text.flatMap(APIDate.date)
        if let end, end <= now { return Badge.failed.html(word: "out of date") }
        guard list.isTrue("latest") else { return Badge.pending.html(word: "being made") }
        return [
            .time(list["thisUpdate"]?.text),
            .element(
                "span", ["class": "soft", "title": "the next one by \(list.word("nextUpdate"))"],
                HTML(", " + Self.size(list))),
        ]
    }

    /// How large it is.
    static func size(_ list: JSONValue?) -> String {
        guard let bytes = list?["size"]?.integer else { return "–" }
        if bytes < 10_000 { return "\(bytes) B" }
        return bytes < 10_000_000 ? "\(bytes / 1_000) kB" : "\(bytes / 1_000_000) MB"
    }

    /// All that is known of it.
    static func panel(_ authority: Authority, _ context: PageContext, baseURL: String?) -> HTML {
        let list = authority.value["crl"] ?? .null
        let path = "/crl/\(APIPath.escaped(authority.slug))"
        let revoked = Link.to(
            "/certificates", [(name: "ca", value: authority.name), (name: "state", value: "revoked")])
        let held = Link.to("/certificates", [(name: "ca", value: authority.name), (name: "state", value: "held")])
        let facts = HTML.facts([
            ("State", Self.state(list, at: context.now)),
            ("Number", list["number"]?.integer.map { .mono("\($0)") }),
            ("Made", list["thisUpdate"]?.text.map { .time($0) }),
            ("Next update", list["nextUpdate"]?.text.map { .time($0) }),
            ("Size", list == .null ? nil : HTML(Self.size(list))),
            (
                "On it",
                context.may("certificates:read")
                    ? [.link(revoked, "what is revoked"), ", ", .link(held, "what is on hold")] : nil
            ),
            ("Address", .mono(baseURL.map { $0 + path + ".crl" } ?? path + ".crl")),
        ])
        let downloads: HTML =
            list == .null
            ? .nothing
            : [.button("PEM", to: path + ".pem", style: "small"), .button("DER", to: path + ".crl", style: "small")]
        return .panel("CRL", actions: downloads, facts)
    }

    private static func state(_ list: JSONValue, at now: Date) -> HTML {
        guard list != .null else { return "Not made yet: a running server makes it within a second." }
        if let end = list["nextUpdate"]?.text.flatMap(APIDate.date), end <= now {
            return [Badge.failed.html(word: "out of date"), " The server's log says why there is no newer one."]
        }
        return list.isTrue("latest")
            ? [Badge.valid.html, " Every revocation is on it."]
            : [Badge.pending.html(word: "being made"), " Something was revoked or released since."]
    }
}
