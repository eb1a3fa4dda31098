import AdministrationAPI
import Foundation

/// CAs: the list, and where everything of them is.
enum AuthorityPages {
    static let routes: [PageRoute] =
        [
            .page("/cas", "authorities:read", Self.list),
            .page("/cas/new", "authorities:write") { try await NewAuthorityPage.page($0) },
            .form("/cas/new", "authorities:write", NewAuthorityPage.make),
            .page("/cas/import", "authorities:write") { try await ImportAuthorityPage.page($0) },
            .form("/cas/import", "authorities:write", ImportAuthorityPage.take),
            .page("/cas/{name}", "authorities:read") { try await AuthorityPage.page($0) },
            .page("/cas/{name}/download", "authorities:read", AuthorityPage.download),
            .page("/cas/{name}/sign", "authorities:write") { try await SignAuthorityPage.page($0) },
            .form("/cas/{name}/sign", "authorities:write", SignAuthorityPage.sign),
            .page("/cas/{name}/rollover", "authorities:write") { try await RolloverPage.page($0) },
            .form("/cas/{name}/rollover", "authorities:write", RolloverPage.plan),
            .form("/cas/{name}/reschedule", "authorities:write", RolloverPage.reschedule),
        ] + AuthorityActions.routes + AuthorityRequestPages.routes

    private static func list(_ context: PageContext) async throws -> PageResponse {
        let all = try await Authority.all(context)
        let table = Table(
            caption: "CAs, by name",
            columns: [
                .init("Name", "name brief", isLabelled: false), .init("State", "state", isLabelled: false),
                .init("Kind", "brief wider"), .init("Key", "wider"), .init("Ends"),
                .init("CRL made"), .init("OCSP", "wider"), .init("Next CA", "brief wider"),
            ],
            rows: all.map { Self.row($0, among: all, context) })
        let listing = Listing(
            path: "/cas", query: PageFields(), table: table,
            empty: (
                "No CA yet",
                "Nothing can be issued. Make one, or import one that was made elsewhere."
            ))
        let waiting = try await AuthorityRequestPages.waiting(context)
        return await Shell(
            "CAs", at: .authorities, actions: Self.actions(context),
            lead: "Who issues certificates, and for how long."
        ).page(context, [waiting, listing.beside])
    }

    private static func actions(_ context: PageContext) -> HTML {
        guard context.may("authorities:write") else { return .nothing }
        return [
            .button("Import a CA", to: Link.to("/cas/import")),
            .button("Request from another CA", to: Link.to("/ca-requests/new")),
            .button("Make a CA", to: Link.to("/cas/new"), style: "main"),
        ]
    }

    private static func row(_ authority: Authority, among all: [Authority], _ context: PageContext) -> Table.Row {
        let list = authority.value["crl"]
        return Table.Row(
            address: authority.address,
            cells: [
                [
                    .element(
                        "a", ["href": authority.address, "title": authority.subject], HTML(authority.name)),
                    authority.isDefault ? .element("span", ["class": "soft"], " default") : .nothing,
                ],
                authority.state(at: context.now).html, Self.cut(all.kind(of: authority)), HTML(authority.key),
                .time(authority.value["notAfter"]?.text),
                RevocationListFacts.health(list, at: context.now), Self.statusSigner(authority, at: context.now),
                Self.next(authority),
            ])
    }

    /// A text that may be cut, with the whole on hover.
    private static func cut(_ text: String, _ more: String = "") -> HTML {
        .element("span", ["title": text + more], HTML(text))
    }

    private static func next(_ authority: Authority) -> HTML {
        authority.next.map { Self.cut($0.name, ", from \(APIDate.text($0.switchAt))") } ?? "–"
    }

    /// How the key does that signs OCSP responses: it renews itself, so that it ends only where no server runs.
    private static func statusSigner(_ authority: Authority, at now: Date) -> HTML {
        guard let end = authority.date("ocspSignerNotAfter") else { return "–" }
        return end > now
            ? .element("span", ["title": "until \(authority.value.word("ocspSignerNotAfter"))"], Badge.valid.html)
            : Badge.expired.html
    }
}
