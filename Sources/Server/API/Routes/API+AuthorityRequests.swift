import AdministrationAPI
import CertificateAuthority
import Foundation
import HTTPTypes

extension API {
    private static let group = "CA requests"
    private static let name = [(name: "name", summary: "The name of the CA whose certificate is awaited.")]
    private static let fields = FieldSet<(name: String, request: [UInt8], createdAt: Date)>([
        .answered("name", .anyText, "What the CA is called here.") { $0.name },
        .answered("csr", .anyText, "The PKCS#10 request, as PEM.") {
            PEMChunks.text($0.request, label: "CERTIFICATE REQUEST")
        },
        .answered("createdAt", .date, "When it was made.") { $0.createdAt },
    ])

    /// The schema of what is answered.
    static let authorityRequestSchema = Self.fields.schema

    /// CAs whose certificates are issued elsewhere.
    static let authorityRequestRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/ca-requests", name: "listCARequests", group: Self.group,
            summary: "List the CAs whose certificates are awaited from elsewhere.",
            access: .permission(.readAuthorities), query: APIList.pagingByName,
            answer: APIList.answer("CARequest", "The requests, by name.")
        ) { request in
            try APIList.page(
                try await request.administration.authorityRequests(), for: request, Self.fields, name: { $0.name })
        },
        APIRoute(
            method: .post, path: "/ca-requests", name: "createCARequest", group: Self.group,
            summary: "Make a key and a request for a CA whose certificate is issued elsewhere.",
            access: .permission(.writeAuthorities), input: AuthorityFields.requested.sentSchema(isNew: true),
            inputExample: ["name": "Devices", "subject": "CN=Devices, O=Example"],
            answer: .json(.named("CARequest"), .created, "The request, to be carried to the other CA."),
            problems: [.conflict, .invalid, .refused], isCreation: true
        ) { request in
            let order = try request.read(AuthorityFields.requested, into: AuthorityOrder(name: ""))
            _ = try await request.administration.requestAuthority(order, by: try request.decider, at: request.now)
            return .created(
                Self.fields.json(try await Self.awaited(order.name, request)),
                at: "/ca-requests/\(APIPath.escaped(order.name))")
        },
        APIRoute(
            method: .get, path: "/ca-requests/{name}", name: "getCARequest", group: Self.group,
            summary: "Show a request.", access: .permission(.readAuthorities), pathParameters: Self.name,
            answer: .json(.named("CARequest"), "The request."), problems: [.notFound]
        ) { request in .json(Self.fields.json(try await Self.awaited(request.parameter("name"), request))) },
        APIRoute(
            method: .delete, path: "/ca-requests/{name}", name: "cancelCARequest", group: Self.group,
            summary: "Give up a request; its key is deleted.",
            access: .permission(.writeAuthorities), pathParameters: Self.name,
            answer: .nothing("It is given up."), problems: [.notFound]
        ) { request in
            try await request.administration.cancelAuthorityRequest(
                request.parameter("name"), by: try request.decider, at: request.now)
            return .nothing
        },
        APIRoute(
            method: .post, path: "/ca-requests/{name}/install", name: "installCA", group: Self.group,
            summary: "Take the certificate that the other CA has issued.",
            access: .permission(.writeAuthorities), pathParameters: Self.name,
            input: AuthorityFiles.installed.sentSchema(isNew: true), maximumBody: 4 << 20,
            answer: .json(.named("CA"), .created, "The CA."), problems: [.notFound, .conflict, .invalid, .refused],
            isCreation: true
        ) { request in
            let name = request.parameter("name")
            let files = try request.read(AuthorityFiles.installed, into: AuthorityFiles())
            try await request.administration.installAuthority(
                name, files: try await files.read(by: request.administration.passwords), by: try request.decider,
                at: request.now)
            return .created(
                AuthorityFields.shown.json(try await request.administration.authorityDescription(name)),
                at: "/cas/\(APIPath.escaped(name))")
        },
    ]

    private static func awaited(
        _ name: String,
        _ request: APIRequest
    ) async throws -> (name: String, request: [UInt8], createdAt: Date) {
        guard let found = try await request.administration.authorityRequests().first(where: { $0.name == name }) else {
            throw APIProblem(.notFound, "no certificate is awaited for a CA \(name): ucm ca list shows what is")
        }
        return found
    }
}
