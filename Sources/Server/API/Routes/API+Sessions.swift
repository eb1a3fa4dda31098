import AdministrationAPI
import Foundation
import HTTPTypes

/// What somebody sends to sign in.
private struct SignInDraft: Sendable {
    var name = ""
    var password = ""
    var code: String?

    static let fields = FieldSet<SignInDraft>([
        .sent("name", \.name, .text(1...200), "The user's name.", example: "admin").required,
        .sent("password", \.password, .text(1...1_000), "The password.", example: "correct horse battery staple")
            .required,
        .sent("code", \.code, .optional(.text(1...100)), "The authenticator's code, or a recovery code."),
    ])
}

/// What somebody sends to change the password.
private struct PasswordDraft: Sendable {
    var old = ""
    var new = ""

    static let fields = FieldSet<PasswordDraft>([
        .sent("oldPassword", \.old, .text(1...1_000), "The password so far.").required,
        .sent("newPassword", \.new, .text(1...1_000), "The password from now on.").required,
    ])
}

/// What somebody sends to prove that it is him.
private struct Proof: Sendable {
    var password = ""
    var code = ""

    static let withPassword = FieldSet<Proof>([
        .sent("password", \.password, .text(1...1_000), "The password.").required
    ])
    static let withCode = FieldSet<Proof>([.sent("code", \.code, .text(1...100), "The authenticator's code.").required])
}

extension API {
    private static let group = "Session"

    private static let me = FieldSet<Principal>([
        .answered("user", .anyText, "Who is signed in.", example: "admin") { $0.name },
        .answered("role", .optional(.anyText), "The role.") { $0.role },
        .answered("permissions", .list(of: .choice, 0...Int.max), "What may be done.") { $0.permissions.listed },
        .answered("mustChangePassword", .boolean, "Whether nothing else can be done before the password is changed.") {
            $0.mustChangePassword
        },
    ])

    private static let csrfToken: (String, Schema) = (
        "csrfToken",
        Schema.string().orNull.described("What is sent as X-CSRF-Token with changes; null for a token.")
    )
    private static let current = Schema.object(
        Self.me.fields.map { ($0.name, $0.schema) } + [
            Self.csrfToken,
            (
                "totp",
                Schema.boolean.orNull.described("Whether a code is needed beside the password; null for a token.")
            ),
            (
                "recoveryCodesLeft",
                Schema.integer(0...Int.max).orNull.described("How many recovery codes are left; null for a token.")
            ),
        ],
        required: Self.me.fields.map(\.name) + ["csrfToken", "totp", "recoveryCodesLeft"])
    private static let recoveryCodes = Schema.object(
        [("recoveryCodes", Schema.array(of: .string()).described("Each is good once; shown only now."))],
        required: ["recoveryCodes"])
    private static let authenticator = Schema.object(
        [
            ("secret", Schema.string().described("The secret in base32, shown only now.")),
            ("uri", Schema.string().described("The same as an otpauth address, for a QR code.")),
        ], required: ["secret", "uri"])

    /// Signing in and out, and what belongs to whoever has signed in.
    static let sessionRoutes: [APIRoute] = [
        APIRoute(
            method: .post, path: "/session", name: "signIn", group: Self.group,
            summary: "Sign in; the session is in a cookie.", access: .anyone,
            input: SignInDraft.fields.sentSchema(isNew: true), maximumBody: 8 << 10,
            answer: .json(Self.current, .created, "Who is signed in."),
            problems: [.wrongCredentials, .codeNeeded, .invalid, .tooMany, .signInNeeded]
        ) { request in
            let draft = try request.read(SignInDraft.fields, into: SignInDraft())
            let signIn = try await request.administration.signIn(
                name: draft.name, password: draft.password, code: draft.code, address: request.call.address,
                userAgent: request.call.userAgent, at: request.now)
            let json = try await Self.json(signIn.principal, csrfToken: signIn.csrfToken, request)
            return APIReply(
                status: .created, headers: [.setCookie: SessionCookie.set(signIn.secret)], body: .json(json))
        },
        APIRoute(
            method: .get, path: "/session", name: "getSession", group: Self.group, summary: "Show who is signed in.",
            access: .signedIn, answer: .json(Self.current, "Who it is, and what may be done.")
        ) { request in
            let csrfToken = request.call.session.map(Administration.csrfToken)
            return .json(try await Self.json(try request.principal, csrfToken: csrfToken, request))
        },
        APIRoute(
            method: .delete, path: "/session", name: "signOut", group: Self.group, summary: "Sign out.",
            access: .signedIn, answer: .nothing("The session is over.")
        ) { request in
            try await request.administration.signOut(try request.principal, at: request.now)
            return APIReply(status: .noContent, headers: [.setCookie: SessionCookie.remove])
        },
        APIRoute(
            method: .put, path: "/session/password", name: "changePassword", group: Self.group,
            summary: "Change one's own password; one's other sessions end.", access: .signedIn,
            input: PasswordDraft.fields.sentSchema(isNew: true), answer: .nothing("It is changed."),
            problems: [.invalid, .refused, .tooMany]
        ) { request in
            let draft = try request.read(PasswordDraft.fields, into: PasswordDraft())
            try await request.administration.changePassword(
                from: draft.old, to: draft.new, by: try request.principal, at: request.now)
            return .nothing
        },
        APIRoute(
            method: .post, path: "/session/totp", name: "beginTOTP", group: Self.group,
            summary: "Begin to set up an authenticator (RFC 6238).", access: .member,
            answer: .json(Self.authenticator, "What the authenticator is given."), problems: [.conflict]
        ) { request in
            let setup = try await request.administration.beginTOTP(by: try request.principal, at: request.now)
            return .json(["secret": .string(setup.secret), "uri": .string(setup.address)])
        },
        APIRoute(
            method: .put, path: "/session/totp", name: "confirmTOTP", group: Self.group,
            summary: "Finish with a code that the authenticator shows.", access: .member,
            input: Proof.withCode.sentSchema(isNew: true), answer: .json(Self.recoveryCodes, "The recovery codes."),
            problems: [.conflict, .invalid]
        ) { request in
            let proof = try request.read(Proof.withCode, into: Proof())
            return Self.codes(
                try await request.administration.confirmTOTP(
                    code: proof.code, by: try request.principal, at: request.now))
        },
        APIRoute(
            method: .post, path: "/session/totp/disable", name: "disableOwnTOTP", group: Self.group,
            summary: "Let one's own account do without codes.", access: .member,
            input: Proof.withPassword.sentSchema(isNew: true), answer: .nothing("No code is needed any more."),
            problems: [.conflict, .invalid, .tooMany]
        ) { request in
            let proof = try request.read(Proof.withPassword, into: Proof())
            try await request.administration.disableOwnTOTP(
                password: proof.password, by: try request.principal, at: request.now)
            return .nothing
        },
        APIRoute(
            method: .post, path: "/session/recovery-codes", name: "makeRecoveryCodes", group: Self.group,
            summary: "Make new recovery codes in the place of the old ones.", access: .member,
            input: Proof.withPassword.sentSchema(isNew: true), answer: .json(Self.recoveryCodes, "The recovery codes."),
            problems: [.conflict, .invalid, .tooMany]
        ) { request in
            let proof = try request.read(Proof.withPassword, into: Proof())
            return Self.codes(
                try await request.administration.makeRecoveryCodes(
                    password: proof.password, by: try request.principal, at: request.now))
        },
        APIRoute(
            method: .get, path: "/sessions", name: "listSessions", group: Self.group,
            summary: "List sessions: one's own, or with users:read those of others.", access: .member,
            query: [Self.owners.parameter] + APIList.paging, answer: APIList.answer("Session", "The sessions."),
            problems: [.notFound]
        ) { request in
            let limit = try request.limit
            let found = try await request.administration.sessions(
                of: try Self.owner(request), after: try request.query(APIList.after), limit: limit + 1,
                by: try request.principal, at: request.now)
            return APIList.page(found, limit: limit, AccountFields.session) { "\($0.id)" }
        },
        APIRoute(
            method: .delete, path: "/sessions/{id}", name: "revokeSession", group: Self.group,
            summary: "End a session: one's own, or with users:write another user's.", access: .member,
            pathParameters: [("id", "The session's number.")], answer: .nothing("It is over."), problems: [.notFound]
        ) { request in
            try await request.administration.revokeSession(request.number, by: try request.principal, at: request.now)
            return .nothing
        },
    ]

    /// Who it is, what may be done, and what the account asks for at the next sign-in.
    private static func json(
        _ principal: Principal,
        csrfToken: String?,
        _ request: APIRequest
    ) async throws -> JSONValue {
        let codes = try await request.administration.ownCodes(of: principal, at: request.now)
        var json = Self.me.json(principal)
        json.append("csrfToken", .text(ifPresent: csrfToken))
        json.append("totp", codes.map { .bool($0.isNeeded) } ?? .null)
        json.append("recoveryCodesLeft", .integer(ifPresent: codes?.recoveryCodesLeft))
        return json
    }

    private static func codes(_ codes: [String]) -> APIReply {
        .json(["recoveryCodes": .array(codes.map(JSONValue.string))])
    }
}
