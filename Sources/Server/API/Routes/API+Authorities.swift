import AdministrationAPI
import CertificateAuthority
import Foundation
import HTTPTypes

/// The files of a CA as somebody sends them.
struct AuthorityFiles: Sendable {
    var name: String?
    var password: String?
    var files: [JSONValue] = []

    private static let filesField = Field<AuthorityFiles>.sent(
        "files", \.files, .list(of: .keyFile, 1...20),
        "The files: PEM as it is, DER and PKCS#12 as base64."
    ).required
    private static let passwordField = Field<AuthorityFiles>.sent(
        "password", \.password, .optional(.text(0...1_000)), "The password of those that have one.")

    /// What is sent to import one.
    static let imported = FieldSet<AuthorityFiles>([
        .sent("name", \.name, .optional(.text(1...61)), "What it is called here; null for its common name."),
        Self.filesField, Self.passwordField,
    ])
    /// What is sent to install a certificate.
    static let installed = FieldSet([Self.filesField])

    /// The files, read where passwords are tried: by what a file says of itself that takes as long as a password, or longer.
    func read(by gate: PasswordGate) async throws -> [KeyFile] {
        try await gate.run { try self.read() }
    }

    private func read() throws(APIProblem) -> [KeyFile] {
        var files: [KeyFile] = []
        for (index, file) in self.files.enumerated() {
            do throws(ValueProblem) {
                files.append(try ValueKind<[UInt8]>.file(file, password: self.password))
            } catch {
                throw APIProblem(.invalid, "a file cannot be read", problems: [error.inside("files[\(index)]")])
            }
        }
        return files
    }
}

extension ValueKind where Value == JSONValue {
    /// A file with keys or certificates, which is read when its password is known.
    fileprivate static let keyFile = ValueKind(
        schema: .string(lengths: 1...1_500_000), encode: { $0 },
        decode: { value throws(ValueProblem) in
            guard value.text != nil else { throw ValueProblem(reason: "it has to be a text") }
            return value
        })
}

/// A rollover as somebody sends it.
private struct RolloverDraft: Sendable {
    var successor: String?
    var name: String?
    var key: KeyAlgorithm?
    var switchAt: Date?

    static let new = FieldSet<RolloverDraft>([
        .sent("to", \.successor, .optional(.text(1...200)), "A CA that is there; null for a new root."),
        .sent("newName", \.name, .optional(.text(1...61)), "The name of the new root; null for the next generation."),
        .sent("key", \.key, .optional(.choice), "The kind of its key; null for the old one's."),
        .sent("switchAt", \.switchAt, .present(.date), "When everybody changes over.").required,
    ])
    static let moved = FieldSet<RolloverDraft>([
        .sent("switchAt", \.switchAt, .present(.date), "When everybody changes over.").required
    ])
}

/// A CA that is elsewhere, as somebody sends its request.
private struct ForeignAuthority: Sendable {
    var request: [UInt8] = []
    var order = AuthorityOrder(name: "")

    static let fields = FieldSet<ForeignAuthority>(
        [.sent("csr", \.request, .requestFile, "Its PKCS#10 request, as PEM or base64 of DER.").required]
            + AuthorityFields.signedTerms.map { $0.within(\.order) })
}

extension API {
    private static let group = "CAs"
    private static let name = [(name: "name", summary: "The CA's name, or what stands for it in addresses.")]
    private static let signed = Schema.object(
        [
            ("certificate", Schema.string().described("The certificate, as PEM.")),
            ("chain", Schema.array(of: .string()).described("Those above it, as PEM.")),
            ("pkcs7", Schema.string(format: "byte").described("All of them as PKCS#7, in base64.")),
        ], required: ["certificate", "chain", "pkcs7"])

    /// CAs.
    static let authorityRoutes: [APIRoute] =
        [
            APIRoute(
                method: .get, path: "/cas", name: "listCAs", group: Self.group, summary: "List the CAs.",
                access: .permission(.readAuthorities), query: APIList.pagingByName,
                answer: APIList.answer("CA", "The CAs, by name.")
            ) { request in
                try APIList.page(
                    try await request.administration.authorityDescriptions(at: request.now), for: request,
                    AuthorityFields.shown, name: \.name)
            },
            APIRoute(
                method: .post, path: "/cas", name: "createCA", group: Self.group,
                summary: "Make a root, or a CA below another one.",
                access: .permission(.writeAuthorities), input: AuthorityFields.new.sentSchema(isNew: true),
                inputExample: ["name": "Devices", "parent": "UCM CA", "key": "p256"],
                answer: .json(.named("CA"), .created, "The CA."),
                problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
            ) { request in
                let order = try request.read(AuthorityFields.new, into: AuthorityOrder(name: ""))
                try await request.administration.createAuthority(order, by: try request.decider, at: request.now)
                return try await Self.made(order.name, request)
            },
            APIRoute(
                method: .post, path: "/cas/import", name: "importCA", group: Self.group,
                summary: "Take over a CA that was made elsewhere, with its key.",
                access: .permission(.writeAuthorities), input: AuthorityFiles.imported.sentSchema(isNew: true),
                maximumBody: 4 << 20, answer: .json(.named("CA"), .created, "The CA."),
                problems: [.conflict, .invalid, .refused], isCreation: true
            ) { request in
                let draft = try request.read(AuthorityFiles.imported, into: AuthorityFiles())
                let name = try await request.administration.importAuthority(
                    draft.name, files: try await draft.read(by: request.administration.passwords),
                    by: try request.decider, at: request.now)
                return try await Self.made(name, request)
            },
            APIRoute(
                method: .get, path: "/cas/{name}", name: "getCA", group: Self.group, summary: "Show a CA.",
                access: .permission(.readAuthorities), pathParameters: Self.name,
                answer: .json(.named("CA"), "The CA."), problems: [.notFound]
            ) { request in try await Self.shown(request) },
            APIRoute(
                method: .get, path: "/cas/{name}/certificate", name: "downloadCACertificate", group: Self.group,
                summary: "Download a CA's certificate.", access: .permission(.readAuthorities),
                pathParameters: Self.name, query: [Self.form.parameter], answer: .certificateFile,
                problems: [.notFound]
            ) { request in
                let found = try await request.administration.authorityDescription(request.parameter("name"))
                return try .file(found.chain, as: try request.query(Self.form) ?? .pem, name: found.slug)
            },
            APIRoute(
                method: .post, path: "/cas/{name}/sign", name: "signCA", group: Self.group,
                summary: "Sign a CA that is elsewhere.", access: .permission(.writeAuthorities),
                pathParameters: Self.name, input: ForeignAuthority.fields.sentSchema(isNew: true),
                answer: .json(Self.signed, .created, "Its certificate."), problems: [.notFound, .invalid, .refused],
                isCreation: true
            ) { request in
                var draft = try request.read(ForeignAuthority.fields, into: ForeignAuthority())
                draft.order.parent = request.parameter("name")
                let chain = try await request.administration.signAuthority(
                    draft.request, draft.order, by: try request.decider, at: request.now)
                let texts = chain.map { JSONValue.string(PEMChunks.text($0, label: "CERTIFICATE")) }
                return .json(
                    [
                        "certificate": texts.first ?? .null, "chain": .array(Array(texts.dropFirst())),
                        "pkcs7": .string(Data(CertificateBundle(chain).pkcs7()).base64EncodedString()),
                    ], .created)
            },
        ] + Self.changes.map(\.route) + Self.rolloverRoutes

    /// Changes of a CA that take nothing but its name.
    private static let changes: [AuthorityChange] = [
        AuthorityChange(
            action: "default", name: "setDefaultCA", summary: "Let a CA be the one that is meant where none is named."
        ) {
            try await $0.administration.setDefaultAuthority($0.parameter("name"), by: try $0.decider, at: $0.now)
        },
        AuthorityChange(
            action: "retire", name: "retireCA",
            summary: "Let a CA issue nothing more; it goes on saying what is revoked."
        ) {
            try await $0.administration.retireAuthority($0.parameter("name"), by: try $0.decider, at: $0.now)
        },
        AuthorityChange(action: "reinstate", name: "reinstateCA", summary: "Let a retired CA issue again.") {
            try await $0.administration.reinstateAuthority($0.parameter("name"), by: try $0.decider, at: $0.now)
        },
    ]

    private struct AuthorityChange: Sendable {
        let action: String
        let name: String
        let summary: String
        let run: @Sendable (APIRequest) async throws -> Void

        var route: APIRoute {
            APIRoute(
                method: .post, path: "/cas/{name}/\(self.action)", name: self.name, group: API.group,
                summary: self.summary, access: .permission(.writeAuthorities), pathParameters: API.name,
                answer: .json(.named("CA"), "The CA as it is now."), problems: [.notFound, .conflict, .refused]
            ) { [run] request in
                try await run(request)
                return try await API.shown(request)
            }
        }
    }

    private static let rolloverRoutes: [APIRoute] = [
        APIRoute(
            method: .post, path: "/cas/{name}/rollover", name: "rollOverCA", group: Self.group,
            summary: "Make the CA that follows, or let one follow that is there (RFC 8894 §5.1).",
            access: .permission(.writeAuthorities), pathParameters: Self.name,
            input: RolloverDraft.new.sentSchema(isNew: true), inputExample: ["switchAt": "2027-01-31T12:00:00Z"],
            answer: .json(.named("CA"), .created, "The CA that follows."),
            problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
        ) { request in
            let draft = try request.read(RolloverDraft.new, into: RolloverDraft())
            let name = try await request.administration.rollover(
                request.parameter("name"),
                to: draft.successor.map { .existing($0) } ?? .new(name: draft.name, key: draft.key),
                switchAt: draft.switchAt ?? request.now, by: try request.decider, at: request.now)
            return try await Self.made(name, request)
        },
        APIRoute(
            method: .put, path: "/cas/{name}/rollover", name: "rescheduleRollover", group: Self.group,
            summary: "Set another time for a rollover that has not happened yet.",
            access: .permission(.writeAuthorities), pathParameters: Self.name,
            input: RolloverDraft.moved.sentSchema(isNew: true), inputExample: ["switchAt": "2027-01-31T12:00:00Z"],
            answer: .json(.named("CA"), "The CA as it is now."), problems: [.notFound, .conflict, .invalid, .refused]
        ) { request in
            let draft = try request.read(RolloverDraft.moved, into: RolloverDraft())
            try await request.administration.rescheduleRollover(
                request.parameter("name"), to: draft.switchAt ?? request.now, by: try request.decider, at: request.now)
            return try await Self.shown(request)
        },
    ]

    private static func shown(_ request: APIRequest) async throws -> APIReply {
        .json(
            AuthorityFields.shown.json(
                try await request.administration.authorityDescription(request.parameter("name"))))
    }

    private static func made(_ name: String, _ request: APIRequest) async throws -> APIReply {
        let found = try await request.administration.authorityDescription(name)
        return .created(AuthorityFields.shown.json(found), at: "/cas/\(APIPath.escaped(found.name))")
    }
}
