import AdministrationAPI
import Foundation

/// All that is known of one CA.
enum AuthorityPage {
    static func page(
        _ context: PageContext,
        after outcome: FormOutcome = .none
    ) async throws -> PageResponse {
        let authority = try await Authority.named(context.parameter("name"), context)
        let all = try await Authority.all(context)
        let baseURL = await Self.baseURL(context)
        let content: HTML = [
            outcome.notice, Self.warnings(authority),
            .element(
                "div", ["class": "columns"],
                [
                    .element(
                        "div",
                        [
                            Self.certificate(authority, all),
                            UsesPanel.html(
                                profiles: authority.profiles, certificatesBy: (name: "ca", value: authority.name),
                                context),
                        ]),
                    .element(
                        "div",
                        [
                            RevocationListFacts.panel(authority, context, baseURL: baseURL),
                            Self.services(authority, baseURL: baseURL),
                        ]),
                ]),
            GenerationsPanel.html(authority, among: all, context, outcome.faults),
            AuthorityActions.panel(authority, context), .panel("PEM", .body(.lines(authority.chain.joined()))),
        ]
        return await Shell(
            authority.name, at: .authorities, crumbs: [("CAs", Link.to("/cas"))],
            mark: [
                authority.state(at: context.now).html,
                authority.isDefault ? Badge.manual.html(word: "default") : .nothing,
            ]
        ).page(context, status: outcome.status, .element("div", ["data-detail": ""], content))
    }

    /// How the addresses begin that certificates name, for those who may see the settings.
    private static func baseURL(_ context: PageContext) async -> String? {
        guard context.may("settings:read") else { return nil }
        return try? await context.api.get("settings", "publication").value["url"]?.text
    }

    private static func warnings(_ authority: Authority) -> HTML {
        HTML(
            authority.value.words("warnings").map {
                .notice(authority.isRevoked ? .bad : .wait, .element("p", HTML($0.asSentence)))
            })
    }

    private static func certificate(_ authority: Authority, _ all: [Authority]) -> HTML {
        let above = all.parent(of: authority)
        let kind: HTML =
            authority.isRoot
            ? "a root" : above.map { ["below ", .link($0.address, HTML($0.name))] } ?? "below a CA elsewhere"
        let downloads = HTML(
            Self.forms.map { form in
                .button(
                    form.label,
                    to: Link.to(
                        "/cas/\(APIPath.escaped(authority.name))/download", [(name: "form", value: form.value)]),
                    style: "small")
            } + [.button("PKCS#7", to: "/ca/\(APIPath.escaped(authority.slug)).p7c", style: "small")])
        return .panel(
            "Certificate", actions: downloads,
            [
                .facts([
                    ("Subject", HTML(authority.subject)), ("Kind", kind),
                    ("Issued by", authority.value.fact("issuer")),
                    ("Chain", authority.chain.count > 1 ? "\(authority.chain.count) certificates" : nil),
                    ("Key", HTML(authority.key)), ("Serial number", .mono(authority.value.word("serialNumber"))),
                    ("Starts", .time(authority.value["notBefore"]?.text, exact: true)),
                    ("Ends", .time(authority.value["notAfter"]?.text, exact: true)),
                    ("Retired", authority.value["retiredAt"]?.text.map { .time($0) }),
                    ("In addresses", .mono(authority.slug)),
                ]),
                .body(
                    [
                        .element("h3", "SHA-256"),
                        .element("p", ["class": "soft"], "Devices that pin their CA compare it with this."),
                        .element("div", ["class": "listing mono"], authority.shownFingerprint),
                    ]),
            ])
    }

    private static func services(_ authority: Authority, baseURL: String?) -> HTML {
        .panel(
            "OCSP and SCEP",
            .facts([
                ("OCSP address", .mono((baseURL ?? "") + "/ocsp")),
                (
                    "OCSP signer ends",
                    .time(authority.value["ocspSignerNotAfter"]?.text)
                ),
                ("RA ends", authority.value["raNotAfter"]?.text.map { .time($0) }),
                ("Renewed", "both by themselves, when a third of their life is left"),
            ]))
    }

    // MARK: Files

    private static let forms: [(value: String, label: String)] = [
        ("pem", "PEM"), ("der", "DER"), ("chain", "PEM with chain"),
    ]

    static func download(_ context: PageContext) async throws -> PageResponse {
        let authority = try await Authority.named(context.parameter("name"), context)
        let own = authority.chain.first ?? ""
        switch context.query["form"] {
        case "der":
            return PageResponse(
                .file(PEMText.bytes(own), type: "application/pkix-cert", name: "\(authority.slug).cer"))
        case "chain":
            return PageResponse(
                .file(
                    Array(authority.chain.joined().utf8), type: "application/pem-certificate-chain",
                    name: "\(authority.slug)-chain.pem"))
        default:
            return PageResponse(
                .file(Array(own.utf8), type: "application/pem-certificate-chain", name: "\(authority.slug).pem"))
        }
    }
}
