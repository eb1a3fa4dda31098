import AdministrationAPI
import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes
import Registry
import SCEP

/// What is approved, as somebody sends it.
private struct TermsDraft: Sendable {
    var terms = ApprovalTerms()

    static let fields: [Field<TermsDraft>] = [
        .sent("template", \.terms.template, .optional(.text(1...100)), "Another template."),
        .sent(
            "validityDays", \.terms.validityDays, .optional(.integer(1...36_500)), "How long the certificate is valid."),
        .sent("subject", \.terms.subject, .optional(.subject), "Another subject, as in CN=pump-4,O=Example."),
    ]
}

/// A rejection as somebody sends it.
private struct Rejection: Sendable {
    var reason = ""

    static let fields = FieldSet<Rejection>([
        .sent("reason", \.reason, .text(1...500), "What the device is told.", example: "this device was sold").required
    ])
}

/// A decision on several requests, as somebody sends it.
private struct BulkDecision: Sendable {
    enum Action: String, CaseIterable, Sendable { case approve, reject }

    var ids: [Int64] = []
    var action = Action.approve
    var reason: String?
    var terms = TermsDraft()

    static let fields = FieldSet<BulkDecision>(
        [
            .sent("ids", \.ids, .list(of: .number, 1...1000), "The requests' numbers.").required,
            .sent("action", \.action, .choice, "What is decided.").required,
            .sent("reason", \.reason, .optional(.text(1...500)), "What the devices are told, where they are rejected."),
        ] + TermsDraft.fields.map { $0.within(\.terms) })
}

extension ValueKind where Value == [UInt8] {
    /// A subject as people write it.
    fileprivate static let subject = ValueKind(
        schema: .string(lengths: 1...2_000), encode: { .string(ReadableText.name($0)) },
        decode: { value throws(ValueProblem) in
            guard let text = value.text, !text.isEmpty else { throw ValueProblem(reason: "it has to be a text") }
            do throws(SCEPError) {
                return try SubjectName.encoded(text)
            } catch {
                throw ValueProblem(reason: error.reason)
            }
        })
}

extension API {
    private static let group = "Requests"
    private static let id = [(name: "id", summary: "The request's number.")]
    private static let outcome = Schema.object(
        [
            ("id", Schema.integer(1...9_007_199_254_740_991).described("The request's number.")),
            (
                "outcome",
                Schema.choice(["issued", "recorded", "rejected", "failed"]).described(
                    "issued; recorded, where more approvals are needed; rejected; or failed, where nothing has changed."
                )
            ),
            ("serialNumber", Schema.string().orNull.described("The certificate's serial number, where it is issued.")),
            ("approvals", Schema.integer(0...9).orNull.described("How many approvals there are.")),
            ("needed", Schema.integer(1...9).orNull.described("How many are needed.")),
            ("problem", Schema.string().orNull.described("Why nothing has changed.")),
        ], required: ["id", "outcome", "serialNumber", "approvals", "needed", "problem"])

    /// Requests that devices have sent.
    static let requestRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/requests", name: "listRequests", group: Self.group,
            summary: "List requests, the newest first.", access: .permission(.readRequests),
            query: RequestQuery.parameters + [APIList.order.parameter] + APIList.paging,
            answer: APIList.answer("Request", "The requests.")
        ) { request in
            let limit = try request.limit
            let page = try await request.administration.requestPage(
                try RequestQuery.filter(request), order: try request.query(APIList.order)?.order ?? .newestFirst,
                after: try request.query(APIList.after), limit: limit)
            return APIList.page(page, RequestFields.listed)
        },
        APIRoute(
            method: .get, path: "/requests/count", name: "countRequests", group: Self.group,
            summary: "Count requests; those that wait are counted without looking at the others.",
            access: .permission(.readRequests), query: RequestQuery.parameters + [APICount.atMost.parameter],
            answer: APICount.answer, readsMuch: RequestQuery.isMuch
        ) { request in
            let maximum = try request.query(APICount.atMost)
            let count = try await request.administration.requestCount(
                try RequestQuery.filter(request), atMost: maximum.map { $0 + 1 })
            return APICount.reply(count, atMost: maximum)
        },
        APIRoute(
            method: .get, path: "/requests/{id}", name: "getRequest", group: Self.group,
            summary: "Show all that is known of a request.", access: .permission(.readRequests),
            pathParameters: Self.id,
            answer: .json(.named("RequestDetail"), "The request."), problems: [.notFound]
        ) { request in
            .json(
                RequestFields.detailed.json(
                    try await request.administration.request(request.number, at: request.now)))
        },
        APIRoute(
            method: .post, path: "/requests/{id}/approve", name: "approveRequest", group: Self.group,
            summary: "Approve a request; its device gets the certificate with its next poll.",
            access: .permission(.decideRequests), pathParameters: Self.id,
            input: FieldSet(TermsDraft.fields).sentSchema(isNew: true), inputExample: ["validityDays": 90],
            answer: .json(Self.outcome, "What came of it."), problems: [.notFound, .conflict, .invalid, .refused]
        ) { request in
            let terms = try request.read(FieldSet(TermsDraft.fields), into: TermsDraft()).terms
            return .json(try await Self.approve(request.number, on: terms, request))
        },
        APIRoute(
            method: .post, path: "/requests/{id}/reject", name: "rejectRequest", group: Self.group,
            summary: "Reject a request; its device is told the reason with its next poll.",
            access: .permission(.decideRequests), pathParameters: Self.id,
            input: Rejection.fields.sentSchema(isNew: true),
            answer: .json(Self.outcome, "What came of it."), problems: [.notFound, .conflict, .invalid, .refused]
        ) { request in
            let reason = try request.read(Rejection.fields, into: Rejection()).reason
            return .json(try await Self.reject(request.number, reason: reason, request))
        },
        APIRoute(
            method: .post, path: "/requests/decide", name: "decideRequests", group: Self.group,
            summary: "Approve or reject several requests; what cannot be done to one of them is said of it.",
            access: .permission(.decideRequests), input: BulkDecision.fields.sentSchema(isNew: true),
            inputExample: ["ids": [17, 18], "action": "reject", "reason": "these devices were sold"],
            answer: .json(.object([("items", .array(of: Self.outcome))], required: ["items"]), "What came of each."),
            problems: [.invalid]
        ) { request in
            let decision = try request.read(BulkDecision.fields, into: BulkDecision())
            if decision.action == .reject, decision.reason == nil {
                throw APIProblem(
                    .invalid, "a rejection needs a reason",
                    problems: [ValueProblem(path: "reason", reason: "it is missing: the devices are told it")])
            }
            var outcomes: [JSONValue] = []
            for id in decision.ids {
                do {
                    outcomes.append(
                        decision.action == .approve
                            ? try await Self.approve(id, on: decision.terms.terms, request)
                            : try await Self.reject(id, reason: decision.reason ?? "", request))
                } catch {
                    let problem = APIProblem(error)
                    guard problem.code.status.kind == .clientError else { throw error }
                    outcomes.append(Self.outcome(id, "failed", problem: problem.detail))
                }
            }
            return .json(["items": .array(outcomes)])
        },
    ]

    private static func approve(_ id: Int64, on terms: ApprovalTerms, _ request: APIRequest) async throws -> JSONValue {
        switch try await request.administration.approve(id, on: terms, by: try request.decider, at: request.now) {
        case .issued(let serial): Self.outcome(id, "issued", serialNumber: serial)
        case .recorded(let have, let needed): Self.outcome(id, "recorded", approvals: have, needed: needed)
        }
    }

    private static func reject(_ id: Int64, reason: String, _ request: APIRequest) async throws -> JSONValue {
        try await request.administration.reject(id, reason: reason, by: try request.decider, at: request.now)
        return Self.outcome(id, "rejected")
    }

    private static func outcome(
        _ id: Int64,
        _ outcome: String,
        serialNumber: String? = nil,
        approvals: Int? = nil,
        needed: Int? = nil,
        problem: String? = nil
    ) -> JSONValue {
        [
            "id": .integer(id), "outcome": .string(outcome), "serialNumber": .text(ifPresent: serialNumber),
            "approvals": .integer(ifPresent: approvals), "needed": .integer(ifPresent: needed),
            "problem": .text(ifPresent: problem),
        ]
    }
}
