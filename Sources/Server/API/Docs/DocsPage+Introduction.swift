import AdminUI
import AdministrationAPI
import HTTPTypes

/// What one has to know before the first request.
extension DocsPage {
    /// The chapters before the groups.
    static let chapters = [
        (anchor: "introduction", title: "Introduction"), (anchor: "authentication", title: "Authentication"),
        (anchor: "lists", title: "Lists"), (anchor: "changes", title: "Changes"),
        (anchor: "usual-problems", title: "What may go wrong"),
    ]

    static let introduction: HTML = .element(
        "section",
        [
            .element("h1", ["id": "introduction"], "The API"),
            .paragraph(
                "Everything that an administrator can do. It is below `/api/v1` of the HTTPS listener and speaks JSON. `/api/v1/openapi.json` says the same to programs (OpenAPI 3.1)."
            ),
            .paragraph(
                "Times are ISO 8601 in UTC, serial numbers and fingerprints hexadecimal. A field or parameter that is not known is refused, so that a slip of the pen is not passed over."
            ),
            Self.authentication, Self.lists, Self.changes, Self.wrong,
        ])

    private static let authentication: HTML = [
        .element("h2", ["id": "authentication"], "Authentication"),
        .paragraph(
            "Programs send an API token. `ucm token create` makes one on the server's machine, `POST /api/v1/tokens` one for whoever has signed in. It does what its scopes say, as far as its user may, and is shown once."
        ),
        .listing(
            """
            ucm token create --user admin --name ci --scope certificates:read
            export TOKEN=…
            curl --cacert ca.pem -H "Authorization: Bearer $TOKEN" https://ca.example.com:8443/api/v1/certificates
            """),
        .paragraph(
            "People sign in, and have a session in a cookie. What changes something then needs the header `X-CSRF-Token` with what signing in has answered. A session ends when it is not used, and at the latest after as long as the settings say."
        ),
        .listing(
            """
            curl --cacert ca.pem -c cookies -H 'Content-Type: application/json' \\
              -d '{"name":"admin","password":"…"}' https://ca.example.com:8443/api/v1/session
            curl --cacert ca.pem -b cookies -X DELETE -H "X-CSRF-Token: $CSRF_TOKEN" \\
              https://ca.example.com:8443/api/v1/session
            """),
        .paragraph(
            "The server's certificate is one of its CA, unless it was given another: `ca.pem` is that CA's, from `ucm ca export` or from `/ca`."
        ),
    ]

    private static let lists: HTML = [
        .element("h2", ["id": "lists"], "Lists"),
        .paragraph(
            "A list answers `items` and `next`. While `next` is not null there is more: send it as `after`. `limit` says how many come at a time, 100 where nothing is said, 1000 at most."
        ),
    ]

    private static let changes: HTML = [
        .element("h2", ["id": "changes"], "Changes"),
        .paragraph(
            "`PATCH` changes what is sent and leaves the rest (RFC 7396). What can be edited is answered with an `ETag`. Sent back as `If-Match`, it makes sure that nothing is overwritten that somebody else has changed meanwhile: then the answer is 412."
        ),
        .paragraph(
            "What makes something can be repeated under an `Idempotency-Key` of one's own choosing: within a day it is done once, and the first answer is answered again."
        ),
    ]

    /// The problems that each route may have, or each that has a body.
    static let usualProblems: Set<APIProblem.Code> = [
        .malformedRequest, .unknownParameter, .invalidParameter, .signInNeeded, .forbidden, .passwordChangeNeeded,
        .crossSite, .notAcceptable, .methodNotAllowed, .tooLarge, .unsupportedMediaType, .tooMany, .unavailable,
        .internalError,
    ]

    private static let wrong: HTML = [
        .element("h2", ["id": "usual-problems"], "What may go wrong"),
        .element(
            "p",
            [
                "What goes wrong is answered as ", .code("application/problem+json"),
                " (RFC 9457). Any route may answer:",
                HTML(
                    APIProblem.Code.allCases.filter(Self.usualProblems.contains).enumerated().map { index, code in
                        [
                            index == 0 ? " " : ", ",
                            .link("#problem-\(code.rawValue)", [HTML("\(code.status.code) "), .code(code.rawValue)]),
                        ]
                    }), ". What else may happen is said of each.",
            ]),
    ]
}
