import AdministrationAPI
import CertificateAuthority
import Foundation
import HTTPTypes

/// In which form a CRL is downloaded.
private enum RevocationListForm: String, CaseIterable, Sendable {
    case pem, der
}

extension API {
    private static let group = "CRLs"
    private static let name = [(name: "name", summary: "The CA's name, or what stands for it in addresses.")]
    private static let listForm = QueryParameter(
        "form", ValueKind<RevocationListForm>.choice, "der or pem; der where nothing is said.")

    private static let fields = FieldSet<AuthorityDescription>([
        .answered("ca", .anyText, "The CA.") { $0.name },
        .answered("number", .optional(.number), "Its number; null where there is none yet.") {
            $0.revocationList?.number
        },
        .answered("thisUpdate", .optional(.date), "When it was made.") { $0.revocationList?.thisUpdate },
        .answered("nextUpdate", .optional(.date), "Until when there is a new one.") { $0.revocationList?.nextUpdate },
        .answered("latest", .boolean, "Whether every revocation is on it.") { $0.revocationList?.isLatest ?? false },
        .answered("path", .anyText, "Where everybody can have it.", example: "/crl/ucm-ca.crl") {
            "/crl/\($0.slug).crl"
        },
    ])

    /// The schema of what is answered.
    static let revocationListSchema = Self.fields.schema

    /// CRLs.
    static let revocationListRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/crls", name: "listCRLs", group: Self.group,
            summary: "List the CRLs, one for each CA.",
            access: .permission(.readRevocationLists), query: APIList.pagingByName,
            answer: APIList.answer("CRL", "The CRLs.")
        ) { request in
            try APIList.page(
                try await request.administration.authorityDescriptions(at: request.now), for: request, Self.fields,
                name: \.name)
        },
        APIRoute(
            method: .get, path: "/crls/{name}", name: "getCRL", group: Self.group, summary: "Show a CA's CRL.",
            access: .permission(.readRevocationLists), pathParameters: Self.name,
            answer: .json(.named("CRL"), "The CRL."), problems: [.notFound]
        ) { request in
            .json(Self.fields.json(try await request.administration.authorityDescription(request.parameter("name"))))
        },
        APIRoute(
            method: .get, path: "/crls/{name}/download", name: "downloadCRL", group: Self.group,
            summary: "Download a CA's CRL.", access: .permission(.readRevocationLists), pathParameters: Self.name,
            query: [Self.listForm.parameter],
            answer: APIAnswer(
                status: .ok, summary: "The CRL.",
                content: ["application/pkix-crl", "application/x-pem-file"].map {
                    ($0, Schema.string(format: "binary"))
                }), problems: [.notFound]
        ) { request in
            let found = try await request.administration.authorityDescription(request.parameter("name"))
            let list = try await request.administration.revocationList(of: found.name)
            return try request.query(Self.listForm) == .pem
                ? .file(
                    Array(PEMChunks.text(list, label: "X509 CRL").utf8), type: "application/x-pem-file",
                    name: found.slug + ".pem")
                : .file(list, type: "application/pkix-crl", name: found.slug + ".crl")
        },
    ]
}
