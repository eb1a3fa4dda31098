import AdministrationAPI
import CertificateAuthority
import Foundation
import HTTPTypes
import Registry

/// In which form a file is downloaded.
enum DownloadForm: String, CaseIterable, Sendable {
    case pem, der, chain, p7c
}

extension APIReply {
    /// Certificates as a file, the first one being the one that is meant.
    static func file(_ certificates: [[UInt8]], as form: DownloadForm, name: String) throws -> APIReply {
        switch form {
        case .pem:
            .file(
                Array(CertificateBundle(Array(certificates.prefix(1))).pem.utf8), type: "application/x-pem-file",
                name: name + ".pem")
        case .chain:
            .file(
                Array(CertificateBundle(certificates).pem.utf8), type: "application/x-pem-file",
                name: name + "-chain.pem")
        case .der: .file(certificates.first ?? [], type: "application/pkix-cert", name: name + ".cer")
        case .p7c:
            .file(
                CertificateBundle(certificates).pkcs7(), type: "application/pkcs7-mime", name: name + ".p7c")
        }
    }
}

extension APIAnswer {
    /// A file with certificates.
    static let certificateFile = APIAnswer(
        status: .ok, summary: "The file.",
        content: ["application/x-pem-file", "application/pkix-cert", "application/pkcs7-mime"].map {
            ($0, Schema.string(format: "binary"))
        })
}

extension API {
    private static let group = "Certificates"
    static let serial = [(name: "serial", summary: "The serial number, in hexadecimal.")]
    static let form = QueryParameter(
        "form", ValueKind<DownloadForm>.choice,
        "pem, der, chain (PEM with those above) or p7c. pem where nothing is said.")
    private static let sort = QueryParameter(
        "sort", ValueKind<APIList.Order>.choice, "id, or -id for the newest first, which is usual.")

    /// Certificates that were issued.
    static let certificateRoutes: [APIRoute] =
        [
            APIRoute(
                method: .get, path: "/certificates", name: "listCertificates", group: Self.group,
                summary: "List certificates, the newest first.", access: .permission(.readCertificates),
                query: CertificateQuery.parameters + [Self.sort.parameter] + APIList.paging,
                answer: APIList.answer("Certificate", "The certificates."), problems: [.notFound]
            ) { request in
                let limit = try request.limit
                let page = try await request.administration.certificatePage(
                    try CertificateQuery.filter(request), authority: try request.query(CertificateQuery.authority),
                    at: request.now, order: try request.query(Self.sort)?.order ?? .newestFirst,
                    after: try request.query(APIList.after), limit: limit)
                return APIList.page(page, CertificateFields.listed)
            },
            APIRoute(
                method: .get, path: "/certificates/count", name: "countCertificates", group: Self.group,
                summary: "Count certificates.", access: .permission(.readCertificates),
                query: CertificateQuery.parameters + [APICount.atMost.parameter], answer: APICount.answer,
                problems: [.notFound], readsMuch: APIRoute.always
            ) { request in
                let maximum = try request.query(APICount.atMost)
                let count = try await request.administration.certificateCount(
                    try CertificateQuery.filter(request), authority: try request.query(CertificateQuery.authority),
                    at: request.now, atMost: maximum.map { $0 + 1 })
                return APICount.reply(count, atMost: maximum)
            },
            APIRoute(
                method: .get, path: "/certificates/{serial}", name: "getCertificate", group: Self.group,
                summary: "Show a certificate.", access: .permission(.readCertificates), pathParameters: Self.serial,
                query: [CertificateQuery.authority.parameter],
                answer: .json(.named("CertificateDetail"), "The certificate."),
                problems: [.notFound, .conflict, .refused]
            ) { request in
                .json(CertificateFields.detailed.json(try await Self.certificate(request)))
            },
            APIRoute(
                method: .get, path: "/certificates/{serial}/download", name: "downloadCertificate", group: Self.group,
                summary: "Download a certificate.", access: .permission(.readCertificates), pathParameters: Self.serial,
                query: [CertificateQuery.authority.parameter, Self.form.parameter],
                answer: .certificateFile, problems: [.notFound, .conflict, .refused]
            ) { request in
                let detail = try await Self.certificate(request)
                return try .file(
                    [detail.encoded] + detail.chain, as: try request.query(Self.form) ?? .pem,
                    name: detail.description.serialNumber)
            },
            APIRoute(
                method: .post, path: "/certificates", name: "issueCertificate", group: Self.group,
                summary:
                    "Issue a certificate without SCEP, for a request or for a key that is made and handed over once.",
                access: .permission(.issueCertificates), input: CertificateDraft.new.sentSchema(isNew: true),
                inputExample: ["key": "p256", "subject": "CN=host", "sans": ["DNS:host.example.com"]],
                answer: .json(CertificateDraft.handed, .created, "The certificate, and the key where one was made."),
                problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
            ) { request in
                var draft = try request.read(CertificateDraft.new, into: CertificateDraft())
                guard let key = try draft.choice() else {
                    throw APIProblem(
                        .invalid, "say whose key it is for",
                        problems: [ValueProblem(path: "csr", reason: "send a request, or the kind of a key to be made")]
                    )
                }
                draft.order.key = key
                let made = try await request.administration.issue(
                    draft.order, by: try request.decider, at: request.now)
                return .created(try draft.handed(made), at: "/certificates/\(made.serialNumber)")
            },
            APIRoute(
                method: .post, path: "/certificates/{serial}/renew", name: "renewCertificate", group: Self.group,
                summary: "Issue a certificate for the same names again, for the same key or another one.",
                access: .permission(.issueCertificates), pathParameters: Self.serial,
                query: [CertificateQuery.authority.parameter],
                input: CertificateDraft.renewal.sentSchema(isNew: true), inputExample: ["key": "p256"],
                answer: .json(CertificateDraft.handed, .created, "The certificate, and the key where one was made."),
                problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
            ) { request in
                let draft = try request.read(CertificateDraft.renewal, into: CertificateDraft())
                let made = try await request.administration.renew(
                    request.parameter("serial"), authority: try request.query(CertificateQuery.authority),
                    newKey: try draft.choice(), by: try request.decider, at: request.now)
                return .created(try draft.handed(made), at: "/certificates/\(made.serialNumber)")
            },
        ] + Self.revocationRoutes

    private static func certificate(_ request: APIRequest) async throws -> CertificateDetail {
        try await request.administration.certificate(
            request.parameter("serial"), authority: try request.query(CertificateQuery.authority))
    }
}
