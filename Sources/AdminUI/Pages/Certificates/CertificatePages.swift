import AdministrationAPI
import Foundation

/// Certificates: the list, and what can be done with one.
enum CertificatePages {
    static let routes: [PageRoute] = [
        .page("/certificates", "certificates:read", Self.list),
        .page("/certificates/new", "certificates:issue") { try await IssuePage.page($0) },
        .form("/certificates/new", "certificates:issue", IssuePage.issue),
        .form("/certificates/revoke", "certificates:revoke", Self.revokeSeveral),
        .page("/certificates/{serial}", "certificates:read") { try await CertificatePage.page($0) },
        .page("/certificates/{serial}/download", "certificates:read", CertificatePage.download),
        .form("/certificates/{serial}/revoke", "certificates:revoke", CertificatePage.revoke),
        .form("/certificates/{serial}/hold", "certificates:revoke", CertificatePage.hold),
        .form("/certificates/{serial}/release", "certificates:revoke", CertificatePage.release),
        .form("/certificates/{serial}/renew", "certificates:issue", CertificatePage.renew),
    ]

    private static let states = ["valid", "expired", "revoked", "held"]
    private static let origins: [(value: String, label: String)] = [
        ("scep,manual", "for devices and people"), ("scep", "through SCEP"), ("manual", "by hand"),
        ("authority", "CAs"), ("service", "the installation's own"),
    ]

    /// Their numbers are kept as certificates come and go; to count them would take longer than the page.
    private static func figures(_ context: PageContext) async -> StateFigures {
        let statistics =
            context.may("statistics:read")
            ? try? await context.api.get("statistics", query: [("days", "1")]).value : nil
        guard let statistics, let states = statistics["certificates"] else {
            return StateFigures(path: "/certificates", figures: [])
        }
        func figure(_ label: String, _ state: String, _ tone: Badge.Tone? = nil) -> StateFigures.Figure {
            .init(label: label, filter: [(name: "state", value: state)], tone: tone, count: states.count(state))
        }
        return StateFigures(
            path: "/certificates",
            figures: [
                figure("Valid", "valid", .good),
                .init(
                    label: "End within 30 days", filter: Self.endingSoon(context), tone: .wait,
                    count: statistics.count("endingSoon")),
                figure("Expired", "expired"), figure("Revoked", "revoked", .bad), figure("On hold", "held", .wait),
            ])
    }

    /// What finds the certificates of devices and people that end within 30 days.
    static func endingSoon(_ context: PageContext) -> [(name: String, value: String)] {
        let month = APIDate.text(context.now.addingTimeInterval(30 * 86_400)).prefix(10)
        return [
            (name: "state", value: "valid"), (name: "origin", value: "scep,manual"),
            (name: "endsBefore", value: String(month)),
        ]
    }

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let query = context.query
        if let serial = Self.serialNumber(query["q"]),
            let certificate = try? await context.api.get("certificates", serial).value
        {
            return .go(CertificatePage.address(certificate))
        }
        let found = try await context.api.get(
            "certificates",
            query: [
                ("q", query["q"]), ("state", query["state"]), ("profile", query["profile"]), ("ca", query["ca"]),
                ("template", query["template"]), ("origin", query["origin"]), ("endsBefore", query["endsBefore"]),
                ("endsAfter", query["endsAfter"]), ("after", query["after"]), ("limit", "50"),
            ]
        ).value
        let items = found.list("items")
        let table = Table(
            caption: "Certificates, the newest first",
            columns: [
                .init("Subject", "name", isLabelled: false), .init("State", "state", isLabelled: false),
                .init("Serial number", "mono"), .init("CA", "wider"), .init("Profile", "wider"),
                .init("Template", "wider"), .init("Issued"), .init("Ends"),
            ],
            rows: items.map { Self.row($0, isTicked: context.may("certificates:revoke")) })
        let filters = Filters(path: "/certificates", query: query)
        let fields: [HTML] = [
            filters.search("q", "Subject, name or serial number"), filters.choice("state", "State", Self.states),
            filters.choice("ca", "CA", await Names.authorities(context)),
            filters.choice("profile", "Profile", await Names.profiles(context)),
            filters.choice("template", "Template", await Names.templates(context)),
            filters.choice("origin", "Came to be", Self.origins), filters.day("endsBefore", "Ends before"),
        ]
        let canRevoke = context.may("certificates:revoke")
        var listing = Listing(
            path: "/certificates", query: query, filters: fields, table: table,
            empty: ("No certificate yet", "What devices enrol, and what is issued by hand, is here then."),
            next: found["next"]?.text)
        if canRevoke, items.contains(where: Self.canBeRevoked) {
            listing.around = Bulk.form(
                to: Link.to("/certificates/revoke"), by: context.visitor,
                question: "A revocation cannot be taken back. Revoke all that are ticked?",
                [
                    Bulk.choice("reason", "Reason", CertificatePage.reasons),
                    .submit("Revoke those", style: "small danger"),
                ])
        }
        return await Shell(
            "Certificates", at: .certificates,
            actions: context.may("certificates:issue")
                ? .button("Issue a certificate", to: Link.to("/certificates/new"), style: "main") : .nothing
        ).page(
            context, [await Self.figures(context).html(context), listing.beside])
    }

    /// A text that may be a serial number, as programs write it: hexadecimal, with or without colons.
    private static func serialNumber(_ text: String?) -> String? {
        guard let text else { return nil }
        let digits = text.replacing(":", with: "").lowercased()
        return (8...40).contains(digits.count) && digits.allSatisfy { $0.isASCII && $0.isHexDigit } ? digits : nil
    }

    private static func canBeRevoked(_ certificate: JSONValue) -> Bool {
        ["valid", "held"].contains(certificate.word("state"))
            && ["scep", "manual"].contains(certificate.word("origin"))
    }

    private static func row(_ certificate: JSONValue, isTicked: Bool) -> Table.Row {
        let isTicked = isTicked && Self.canBeRevoked(certificate)
        let which = "\(certificate.word("serialNumber")) \(certificate.word("ca"))"
        let address = CertificatePage.address(certificate)
        return Table.Row(
            address: address,
            cells: [
                .link(address, Subject.short(certificate.word("subject"))), Badge.of(certificate.word("state")),
                .mono(certificate.word("serialNumber"), upTo: 16), HTML(certificate.word("ca")),
                HTML(certificate.word("profile")), HTML(certificate.word("template")),
                .time(certificate["issuedAt"]?.text), .time(certificate["notAfter"]?.text),
            ],
            tick: isTicked ? ("certificate", which, Subject.commonName(certificate.word("subject"))) : nil)
    }

    /// Revokes all that are ticked; a serial number means something only together with its CA.
    private static func revokeSeveral(_ context: PageContext) async throws -> PageResponse {
        let ticked = context.form.values("certificate").map { $0.split(separator: " ", maxSplits: 1).map(String.init) }
        let byAuthority = Dictionary(grouping: ticked.filter { $0.count == 2 }) { $0[1] }
        var failed: [(name: String, address: String, reason: String)] = []
        for (authority, certificates) in byAuthority.sorted(by: { $0.key < $1.key }) {
            let body: JSONValue = [
                "serialNumbers": .array(certificates.map { .string($0[0]) }), "ca": .string(authority),
                "reason": .string(context.form["reason"] ?? "unspecified"),
            ]
            let done = try await context.api.done(APIMessage("POST", ["certificates", "revoke"], body: body)).value
            for result in done.list("items") where !result.isTrue("done") {
                let serial = result.word("serialNumber")
                let address = Link.to("/certificates/\(APIPath.escaped(serial))", [(name: "ca", value: authority)])
                failed.append((name: serial, address: address, reason: result.word("problem")))
            }
        }
        guard !failed.isEmpty else {
            return .go(Link.to("/certificates", ticked.isEmpty ? [] : [(name: "done", value: "certificates-revoked")]))
        }
        return await Shell(
            "Not all of them", at: .certificates, crumbs: [("Certificates", Link.to("/certificates"))]
        ).page(context, Bulk.failures(failed, of: ticked.count))
    }
}
