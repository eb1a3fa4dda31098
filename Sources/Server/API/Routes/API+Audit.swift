import AdministrationAPI
import Foundation
import HTTPTypes
import Registry

/// What is forgotten of the audit log, as somebody sends it.
private struct AuditPruning: Sendable {
    var before: Date?

    static let fields = FieldSet<AuditPruning>([
        .sent(
            "before", \.before, .present(.date), "Entries before this time are forgotten.",
            example: "2026-01-01T00:00:00Z"
        )
        .required
    ])
}

/// For how long the audit log is kept.
struct AuditKeeping: Sendable {
    var days: Int?

    static let fields = FieldSet<AuditKeeping>([
        Field(
            "days", \.days, .optional(.integer(1...36_500)),
            "After how many days entries are forgotten; null for never.")
    ])
}

extension API {
    private static let group = "Audit"
    private static let id = [(name: "id", summary: "The event's number.")]
    private static let profile = QueryParameter("profile", .text(1...40), "Those of a profile.")
    private static let kind = QueryParameter(
        "kind", .list(of: ValueKind<EventKind>.choice, 1...EventKind.allCases.count),
        "Those of some kinds, separated by commas.")
    private static let actor = QueryParameter(
        "actor", .list(of: .text(1...200), 1...20), "Those that somebody caused, at the command line or not, by name.")
    private static let object = QueryParameter("object", .text(1...500), "Those about something, as in profile vpn.")
    private static let address = QueryParameter("address", .text(1...200), "Those about requests from an address.")
    private static let request = QueryParameter("request", .number, "Those about a request.")
    private static let challenge = QueryParameter("challenge", .number, "Those about a challenge.")
    private static let certificate = QueryParameter("certificate", .number, "Those about a certificate.")
    private static let since = QueryParameter("since", .filterDate, "Those at this time or later.")
    private static let until = QueryParameter("until", .filterDate, "Those before this time.")
    private static let text = QueryParameter("q", .text(1...200), "Those with a text, in any case.")
    private static let head = QueryParameter(
        "head", .text(66...120, pattern: "(?:[1-9][0-9]{0,17}/)?[1-9][0-9]{0,17}:[0-9A-Fa-f]{64}"),
        "An end that was noted earlier, NUMBER:DIGEST; it has to be in the log.")
    private static let format = QueryParameter(
        "format", ValueKind<AuditExport.Format>.choice,
        "jsonl, which can be verified, or csv. jsonl where nothing is said.")

    private static let filters = [
        Self.profile.parameter, Self.kind.parameter, Self.actor.parameter, Self.object.parameter,
        Self.address.parameter,
        Self.request.parameter, Self.challenge.parameter, Self.certificate.parameter, Self.since.parameter,
        Self.until.parameter, Self.text.parameter,
    ]

    /// The audit log.
    static let auditRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/audit", name: "listAudit", group: Self.group,
            summary: "List the audit log, the newest entry first.", access: .permission(.readAudit),
            query: Self.filters + [APIList.order.parameter] + APIList.paging,
            answer: APIList.answer("AuditEntry", "The entries.")
        ) { request in
            let limit = try request.limit
            let page = try await request.administration.registry.eventPage(
                try Self.filter(request), after: try request.query(APIList.after),
                order: try request.query(APIList.order)?.order ?? .newestFirst, limit: limit)
            return APIList.page(page, EventFields.shown)
        },
        APIRoute(
            method: .get, path: "/audit/verification", name: "verifyAudit", group: Self.group,
            summary: "Verify the audit log, and show the first entry that was altered.",
            access: .permission(.readAudit), query: [Self.head.parameter],
            answer: .json(EventFields.verification.schema, "What came of it."), readsMuch: APIRoute.always
        ) { request in
            var expected: AuditLink?
            if let text = try request.query(Self.head) {
                expected = AuditLink(text)
                guard expected != nil else {
                    throw APIProblem(
                        .invalidParameter, "the parameter head has to look like 17:9f86…, as the log has it")
                }
            }
            return .json(
                EventFields.verification.json(try await request.administration.verifyAudit(expecting: expected)))
        },
        APIRoute(
            method: .get, path: "/audit/export", name: "exportAudit", group: Self.group,
            summary: "Export the audit log, the oldest entry first; without a filter it can be verified.",
            access: .permission(.readAudit), query: Self.filters + [Self.format.parameter],
            answer: APIAnswer(
                status: .ok, summary: "The log.",
                content: ["application/jsonl", "text/csv"].map { ($0, Schema.string(format: "binary")) })
        ) { request in
            let format = try request.query(Self.format) ?? .jsonl
            let filter = try Self.filter(request)
            let (administration, decider, now) = (request.administration, try request.decider, request.now)
            return APIReply(
                headers: [.contentDisposition: APIPath.attachment("audit.\(format.rawValue)")],
                body: .stream(type: format == .csv ? "text/csv" : "application/jsonl") { write in
                    _ = try await administration.exportAudit(
                        filter == EventFilter() ? nil : filter, as: format, by: decider, at: now
                    ) { text in try await write(Array(text.utf8)) }
                })
        },
        APIRoute(
            method: .post, path: "/audit/prune", name: "pruneAudit", group: Self.group,
            summary: "Forget old entries, of whatever kind; the rest can still be verified.",
            access: .permission(.deleteAudit), input: AuditPruning.fields.sentSchema(isNew: true),
            answer: .json(
                .object(
                    [("forgotten", Schema.integer(0...Int.max).described("How many were forgotten."))],
                    required: ["forgotten"]), "How many were forgotten."), problems: [.invalid]
        ) { request in
            let pruning = try request.read(AuditPruning.fields, into: AuditPruning())
            guard let before = pruning.before else {
                throw APIProblem(
                    .invalid, "say before which time", problems: [ValueProblem(path: "before", reason: "it is missing")]
                )
            }
            let count = try await request.administration.pruneAudit(
                before: before, by: try request.decider, at: request.now)
            return .json(["forgotten": .integer(Int64(count))])
        },
        APIRoute(
            method: .get, path: "/settings/audit", name: "getAuditRetention", group: Self.group,
            summary: "Show for how long the audit log is kept.", access: .permission(.readAudit),
            answer: .json(AuditKeeping.fields.schema, "For how long.")
        ) { request in
            .json(AuditKeeping.fields.json(AuditKeeping(days: try await request.administration.auditRetention())))
        },
        APIRoute(
            method: .patch, path: "/settings/audit", name: "changeAuditRetention", group: Self.group,
            summary: "Set for how long the audit log is kept.", access: .permission(.deleteAudit),
            input: AuditKeeping.fields.sentSchema(isNew: false),
            answer: .json(AuditKeeping.fields.schema, "For how long."), problems: [.invalid]
        ) { request in
            var keeping = AuditKeeping(days: try await request.administration.auditRetention())
            try request.apply(AuditKeeping.fields, to: &keeping, isNew: false)
            try await request.administration.setAuditRetention(
                keeping.days, by: try request.decider, at: request.now)
            return .json(AuditKeeping.fields.json(keeping))
        },
        APIRoute(
            method: .get, path: "/audit/{id}", name: "getAuditEntry", group: Self.group,
            summary: "Show an entry: what was changed, and what the rules said.", access: .permission(.readAudit),
            pathParameters: Self.id, answer: .json(.named("AuditEntryDetail"), "The entry."), problems: [.notFound]
        ) { request in
            .json(EventFields.detailed.json(try await request.administration.event(request.number)))
        },
    ]

    private static func filter(_ request: APIRequest) throws(APIProblem) -> EventFilter {
        EventFilter(
            profile: try request.query(Self.profile),
            kinds: try request.query(Self.kind) ?? [],
            clientAddress: try request.query(Self.address),
            since: try request.query(Self.since),
            until: try request.query(Self.until),
            actors: (try request.query(Self.actor) ?? []).flatMap { [$0, "\($0) at the command line"] },
            object: try request.query(Self.object),
            request: try request.query(Self.request),
            challenge: try request.query(Self.challenge),
            certificate: try request.query(Self.certificate),
            text: try request.query(Self.text)
        )
    }
}
