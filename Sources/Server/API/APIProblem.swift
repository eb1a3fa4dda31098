import AdministrationAPI
import HTTPTypes
import SCEP

/// Why a request was not done, as it is answered (RFC 9457).
struct APIProblem: Error {
    /// The sorts of problems; each has a stable code by which programs tell them apart.
    enum Code: String, CaseIterable, Sendable {
        case malformedRequest = "malformed-request"
        case unknownParameter = "unknown-parameter"
        case invalidParameter = "invalid-parameter"
        case signInNeeded = "sign-in-needed"
        case wrongCredentials = "wrong-credentials"
        case codeNeeded = "code-needed"
        case forbidden
        case passwordChangeNeeded = "password-change-needed"
        case crossSite = "cross-site"
        case notFound = "not-found"
        case methodNotAllowed = "method-not-allowed"
        case notAcceptable = "not-acceptable"
        case conflict
        case changedMeanwhile = "changed-meanwhile"
        case keyReused = "idempotency-key-reused"
        case tooLarge = "too-large"
        case unsupportedMediaType = "unsupported-media-type"
        case invalid
        case refused
        case tooMany = "too-many-requests"
        case unavailable
        case internalError = "internal-error"
    }

    let code: Code
    /// What happened to this request, and what to do.
    let detail: String
    /// What is wrong with single values.
    var problems: [ValueProblem] = []
    var headers: HTTPFields = [:]

    init(_ code: Code, _ detail: String, problems: [ValueProblem] = [], headers: HTTPFields = [:]) {
        self.code = code
        self.detail = detail
        self.problems = problems
        self.headers = headers
    }

    /// How long a sentence may become by what was sent.
    private static let maximumLength = 2_000

    /// What is answered; what people see in it of what was sent does nothing to their terminal.
    func json(instance: String) -> JSONValue {
        func shown(_ text: String) -> JSONValue { .string(text.sentence.printable(upTo: Self.maximumLength)) }
        var members: [(String, JSONValue)] = [
            ("type", .string("/api/docs#problem-\(self.code.rawValue)")), ("title", .string(self.code.title)),
            ("status", .integer(Int64(self.code.status.code))), ("code", .string(self.code.rawValue)),
            ("detail", shown(self.detail)), ("instance", .string(instance)),
        ]
        if !self.problems.isEmpty {
            members.append(
                (
                    "errors",
                    .array(
                        self.problems.map { problem in
                            [
                                "field": .string(problem.path.printable(upTo: Self.maximumLength)),
                                "detail": shown(problem.reason),
                            ]
                        })
                ))
        }
        return .object(JSONObject(members))
    }

    /// The schema of what is answered.
    static let schema = Schema.object(
        [
            ("type", .string(format: "uri-reference").described("Where this sort of problem is explained.")),
            ("title", Schema.string().described("The sort of problem, in words.")),
            ("status", Schema.integer(400...599).described("The HTTP status.")),
            (
                "code",
                Schema.choice(Code.allCases.map(\.rawValue)).described("The sort of problem; stable, for programs.")
            ),
            ("detail", Schema.string().described("What happened to this request, and what to do.")),
            ("instance", Schema.string().described("The request's path.")),
            (
                "errors",
                Schema.array(
                    of: .object(
                        [
                            ("field", Schema.string().described("The path to the value; empty for the whole.")),
                            ("detail", Schema.string().described("What is wrong with it.")),
                        ],
                        required: ["field", "detail"]
                    )
                ).described("What is wrong with single values.")
            ),
        ],
        required: ["type", "title", "status", "code", "detail", "instance"]
    )
}

extension APIProblem.Code {
    var status: HTTPResponse.Status {
        switch self {
        case .malformedRequest, .unknownParameter, .invalidParameter: .badRequest
        case .signInNeeded, .wrongCredentials, .codeNeeded: .unauthorized
        case .forbidden, .passwordChangeNeeded, .crossSite: .forbidden
        case .notFound: .notFound
        case .methodNotAllowed: .methodNotAllowed
        case .notAcceptable: .notAcceptable
        case .conflict: .conflict
        case .changedMeanwhile: .preconditionFailed
        case .tooLarge: .contentTooLarge
        case .unsupportedMediaType: .unsupportedMediaType
        case .invalid, .refused, .keyReused: .unprocessableContent
        case .tooMany: .tooManyRequests
        case .unavailable: .serviceUnavailable
        case .internalError: .internalServerError
        }
    }

    var title: String {
        switch self {
        case .malformedRequest: "The request cannot be read"
        case .unknownParameter: "There is no such parameter"
        case .invalidParameter: "A parameter has a value that it cannot have"
        case .signInNeeded: "Nobody is signed in"
        case .wrongCredentials: "Name, password or code are wrong"
        case .codeNeeded: "A code of the second factor is needed"
        case .forbidden: "The right to do this is missing"
        case .passwordChangeNeeded: "The initial password has to be changed first"
        case .crossSite: "The request may come from another site"
        case .notFound: "It is not there"
        case .methodNotAllowed: "That cannot be done to it"
        case .notAcceptable: "It cannot be had in this form"
        case .conflict: "It does not fit what is there"
        case .changedMeanwhile: "Somebody else has changed it meanwhile"
        case .keyReused: "The idempotency key belongs to another request"
        case .tooLarge: "The request is too large"
        case .unsupportedMediaType: "The request has a content type that is not read here"
        case .invalid: "Values are missing or wrong"
        case .refused: "A rule forbids it"
        case .tooMany: "Too many requests"
        case .unavailable: "It cannot be done now"
        case .internalError: "The server has failed"
        }
    }

    /// When it comes and what to do, for the documentation.
    var explanation: String {
        switch self {
        case .malformedRequest: "The body is no JSON, or the path has something in it that no path has."
        case .unknownParameter:
            "The query has a parameter that the route does not know; a slip of the pen is not passed over."
        case .invalidParameter: "The parameter is named in errors, with what it has to be."
        case .signInNeeded:
            "Send Authorization: Bearer with an API token, or the cookie of a session that has not ended."
        case .wrongCredentials: "Which of them is wrong is not said."
        case .codeNeeded: "Sign in again with the code of the authenticator, or a recovery code, in code."
        case .forbidden: "The role, or the token's scopes, lack the permission that detail names."
        case .passwordChangeNeeded: "Change it with PUT /api/v1/session/password; until then nothing else can be done."
        case .crossSite:
            "A session's requests that change something need the header X-CSRF-Token; GET /api/v1/session gives it."
        case .notFound: "Names are compared letter by letter; the list of the collection has them."
        case .methodNotAllowed: "The header Allow has the methods that there are."
        case .notAcceptable: "The header Accept excludes what is answered here."
        case .conflict: "The name is taken, the thing is in use, or its state does not allow it; detail says which."
        case .changedMeanwhile: "Read it again, and send If-Match with the new ETag."
        case .keyReused: "An Idempotency-Key is for one request and its repetitions: take a new one."
        case .tooLarge: "detail says how large it may be."
        case .unsupportedMediaType: "Bodies are application/json."
        case .invalid: "Each value that is wrong is in errors, with what it has to be."
        case .refused: "The values can be read, but a policy, a template or a CA does not allow them; detail says why."
        case .tooMany: "Wait as long as Retry-After says."
        case .unavailable:
            "The database does not answer, or a key cannot be used now; the server's log says why. Try again."
        case .internalError: "A defect of ours; the server's log has the request's path and the cause."
        }
    }
}

extension String {
    /// The text with a capital at its beginning and a full stop at its end, as far as it is a sentence.
    fileprivate var sentence: String {
        guard let first = self.first else { return self }
        let start = first.isLowercase && !self.hasPrefix("ucm ") ? first.uppercased() + self.dropFirst() : self
        return [".", "!", "?", ":", "…"].contains(start.last) ? start : start + "."
    }
}
