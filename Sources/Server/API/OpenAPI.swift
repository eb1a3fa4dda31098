import AdministrationAPI
import HTTPTypes

/// The description of the API (OpenAPI 3.1), made from the routes that are served.
enum OpenAPI {
    /// The document.
    static let document: JSONValue = [
        "openapi": "3.1.0",
        "info": [
            "title": "UCM",
            "version": .string(ProgramVersion.current),
            "description": .string(Self.introduction),
        ],
        "servers": [["url": .string(APIPath.root)]],
        "security": [["token": []], ["session": []]],
        "tags": .array(Self.groups.map { ["name": .string($0)] }),
        "paths": .object(JSONObject(Self.paths)),
        "components": [
            "schemas": .object(
                JSONObject(Self.schemas.map { ($0.name, $0.schema.json) } + [("Problem", APIProblem.schema.json)])),
            "securitySchemes": [
                "token": ["type": "http", "scheme": "bearer", "description": "An API token."],
                "session": [
                    "type": "apiKey", "in": "cookie", "name": .string(SessionCookie.name),
                    "description":
                        "A session, as the pages use it; requests that change something also need X-CSRF-Token.",
                ],
            ],
        ],
    ]

    private static let introduction = """
        Everything that an administrator can do. Dates are ISO 8601 in UTC, serial numbers and fingerprints hexadecimal. Lists \
        have `items` and `next`, which is sent as `after` for the page that follows. What can be edited is answered with an \
        `ETag`; sent back as `If-Match`, it keeps anybody from overwriting what he has not seen. Creations can be repeated \
        under an `Idempotency-Key`. What goes wrong is an `application/problem+json` (RFC 9457).
        """

    /// The groups in the order of their routes.
    static let groups: [String] = API.routes.reduce(into: []) { groups, route in
        if !groups.contains(route.group) { groups.append(route.group) }
    }

    /// What routes refer to by name.
    static let schemas: [(name: String, schema: Schema)] = [
        ("Profile", ProfileFields.shown.schema), ("Template", TemplateFields.shown.schema),
        ("Challenge", ChallengeFields.shown.schema), ("Request", RequestFields.listed.schema),
        ("RequestDetail", RequestFields.detailed.schema), ("Exchange", ExchangeFields.shown.schema),
        ("TimelineItem", ExchangeFields.timeline.schema), ("Certificate", CertificateFields.listed.schema),
        ("CertificateDetail", CertificateFields.detailed.schema), ("CA", AuthorityFields.shown.schema),
        ("CARequest", API.authorityRequestSchema), ("CRL", API.revocationListSchema),
        ("Limits", SettingFields.limits.schema), ("Publication", SettingFields.publication.schema),
        ("Sessions", SettingFields.sessions.schema), ("Passwords", SettingFields.passwords.schema),
        ("GuessingAddress", SettingFields.address.schema), ("User", AccountFields.account.schema),
        ("Role", AccountFields.role.schema), ("Permission", AccountFields.permission.schema),
        ("Token", AccountFields.token.schema), ("Session", AccountFields.session.schema),
        ("AuditEntry", EventFields.shown.schema), ("AuditEntryDetail", EventFields.detailed.schema),
    ]

    private static var paths: [(String, JSONValue)] {
        var paths: [(String, [(String, JSONValue)])] = []
        for route in API.routes {
            let operation = (route.method.rawValue.lowercased(), Self.operation(route))
            if let index = paths.firstIndex(where: { $0.0 == route.path }) {
                paths[index].1.append(operation)
            } else {
                paths.append((route.path, [operation]))
            }
        }
        return paths.map { ($0.0, .object(JSONObject($0.1))) }
    }

    private static func operation(_ route: APIRoute) -> JSONValue {
        var members: [(String, JSONValue)] = [
            ("operationId", .string(route.name)), ("tags", [.string(route.group)]),
            ("summary", .string(route.summary)), ("description", .string(route.access.sentence)),
        ]
        if route.access == .anyone { members.append(("security", [])) }
        let parameters = Self.parameters(route)
        if !parameters.isEmpty { members.append(("parameters", .array(parameters))) }
        if let input = route.input {
            var content: [(String, JSONValue)] = [("schema", input.json)]
            if let example = route.inputExample { content.append(("example", example)) }
            members.append(
                (
                    "requestBody",
                    [
                        "required": .bool(input.object["required"] != nil),
                        "content": ["application/json": .object(JSONObject(content))],
                    ]
                ))
        }
        members.append(("responses", .object(JSONObject(Self.responses(route)))))
        return .object(JSONObject(members))
    }

    private static func parameters(_ route: APIRoute) -> [JSONValue] {
        var parameters: [JSONValue] = route.pathParameters.map { name, summary in
            [
                "name": .string(name), "in": "path", "required": true, "description": .string(summary),
                "schema": Self.pathSchema(name).json,
            ]
        }
        for parameter in route.query {
            var members: [(String, JSONValue)] = [
                ("name", .string(parameter.name)), ("in", "query"), ("required", false),
                ("schema", parameter.schema.json),
            ]
            if parameter.schema.type == "array" { members.append(("explode", false)) }
            parameters.append(.object(JSONObject(members)))
        }
        if route.isCreation {
            parameters.append([
                "name": "Idempotency-Key", "in": "header", "required": false,
                "description": "Chosen by the sender: repeated under it, the request is done once (for a day).",
                "schema": Schema.string(pattern: "^[!-~]+$", lengths: 1...255).json,
            ])
        }
        if route.isEdit {
            parameters.append([
                "name": "If-Match", "in": "header", "required": false,
                "description": "The ETag of what was seen; 412 where it has changed since.",
                "schema": Schema.string(lengths: 0...API.maximumTagLength).json,
            ])
        }
        return parameters
    }

    /// What a part of a path looks like: numbers and serial numbers have their names everywhere.
    static func pathSchema(_ name: String) -> Schema {
        switch name {
        case "id": .integer(1...9_007_199_254_740_991)
        case "serial": .string(pattern: "^[0-9A-Fa-f]{1,2}(?::?[0-9A-Fa-f]{1,2}){0,63}$")
        default: .string(lengths: 1...300)
        }
    }

    private static func responses(_ route: APIRoute) -> [(String, JSONValue)] {
        var good: [(String, JSONValue)] = [("description", .string(route.answer.summary))]
        if !route.answer.content.isEmpty {
            good.append(
                (
                    "content",
                    .object(JSONObject(route.answer.content.map { ($0.type, ["schema": $0.schema.json]) }))
                ))
        }
        var responses = [("\(route.answer.status.code)", JSONValue.object(JSONObject(good)))]
        let statuses = Dictionary(grouping: route.allProblems, by: \.status.code).sorted { $0.key < $1.key }
        for (status, codes) in statuses {
            let titles = codes.map { "\($0.rawValue): \($0.title)" }.joined(separator: "; ")
            responses.append(
                (
                    "\(status)",
                    [
                        "description": .string(titles + "."),
                        "content": ["application/problem+json": ["schema": Schema.named("Problem").json]],
                    ]
                ))
        }
        return responses
    }
}

extension APIRoute {
    /// Every problem that it may have.
    var allProblems: [APIProblem.Code] {
        // A token that is none is refused also where nobody has to be known.
        var codes: Set<APIProblem.Code> = [
            .malformedRequest, .unknownParameter, .invalidParameter, .signInNeeded, .tooMany, .unavailable,
            .internalError,
        ]
        codes.formUnion(self.problems)
        if self.method != .get { codes.insert(.crossSite) }
        if self.input != nil { codes.formUnion([.tooLarge, .unsupportedMediaType, .invalid]) }
        if self.access != .anyone { codes.formUnion([.forbidden, .passwordChangeNeeded]) }
        if self.isEdit { codes.insert(.changedMeanwhile) }
        if self.isCreation { codes.formUnion([.conflict, .keyReused]) }
        return APIProblem.Code.allCases.filter(codes.contains)
    }
}

extension APIAccess {
    /// Who may use a route, in a sentence.
    var sentence: String {
        switch self {
        case .anyone: "For everybody who reaches the server."
        case .signedIn: "For everybody who is signed in."
        case .member: "For everybody who is signed in and has no initial password any more."
        case .permission(let permission): "Needs the permission `\(permission.rawValue)`."
        }
    }
}
