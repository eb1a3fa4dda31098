import AdministrationAPI
import Enrollment
import Foundation
import Registry

/// The audit log in the API.
enum EventFields {
    private static let difference = FieldSet<AuditDifference>([
        .answered("name", .anyText, "What is different.") { $0.name },
        .answered("before", .optional(.anyText), "How it was; null where it was not there.") { $0.before },
        .answered("after", .optional(.anyText), "How it is since then; null where it is there no more.") { $0.after },
    ])

    private static let summary: [Field<EventRecord>] = [
        .answered("id", .number, "Its number.", example: 4711) { $0.id },
        .answered("at", .date, "When it happened.") { $0.date },
        .answered("kind", .anyText, "What sort of change or decision.", example: "approved") { $0.kindName },
        .answered("outcome", .optional(.choice), "How it ended.") { $0.kind?.outcome },
        .answered("actor", .anyText, "Who caused it.", example: "alice") { $0.actor },
        .answered("via", .optional(.anyText), "By what, where that is no session.", example: "the token deploy") {
            $0.via
        },
        .answered("origin", .optional(.anyText), "From where whoever caused it acted.") { $0.origin },
        .answered("profile", .optional(.anyText), "The profile.") { $0.profile },
        .answered("request", .optional(.number), "The request.") { $0.request },
        .answered("challenge", .optional(.number), "The challenge.") { $0.challenge },
        .answered("certificate", .optional(.number), "The certificate, by its number in the registry.") {
            $0.certificate
        },
        .answered("address", .optional(.anyText), "From where the request came that it is about.") { $0.clientAddress },
        .answered("subject", .optional(.anyText), "The subject that it is about.") { $0.subject },
        .answered("object", .optional(.anyText), "What else it is about.", example: "profile vpn") { $0.object },
        .answered("detail", .anyText, "What else is to be said.") { $0.detail },
        .answered("differences", listOf: Self.difference, "What was changed.") { $0.differences },
    ]

    /// What is answered in lists.
    static let shown = FieldSet(Self.summary)

    /// What is answered beside a request or certificate, also to whoever may not see the audit log: not by what and from
    /// where administrators act.
    static let brief = FieldSet(
        [.answered("title", .anyText, "What happened, and by whom.", example: "alice approved") { $0.title }]
            + Self.summary.filter { !["via", "origin", "differences"].contains($0.name) })

    /// An event with what the rules said.
    typealias Detail = (event: EventRecord, explanation: Explanation?)

    /// What is answered of a single one.
    static let detailed = FieldSet<Detail>(
        Self.summary.map { $0.within(\.event).readOnly } + [
            .answered("explanation", ExplanationFields.shown, "What the rules said.") { $0.explanation },
            .answered("place", .optional(.anyText), "Its place in the audit log, and its digest.") {
                $0.event.link.map { "\($0)" }
            },
        ])

    private static let chain = FieldSet<AuditVerification.Chain>([
        .answered("chain", .number, "Its number.") { $0.chain },
        .answered("entries", .integer(0...Int.max), "How many entries there are.") { $0.entries },
        .answered("gaps", .integer(0...Int.max), "In how many places entries were forgotten.") { $0.gaps },
        .answered("forgotten", .integer(0...Int.max), "How many were.") { Int($0.forgotten) },
        .answered("head", .optional(.anyText), "Its last entry, to be noted elsewhere.") { $0.head.map { "\($0)" } },
        .answered("fault", .optional(.anyText), "The first thing that is wrong.") { $0.fault?.description },
    ])

    /// What came of verifying the whole.
    static let verification = FieldSet<AuditVerification>([
        .answered("intact", .boolean, "Whether nothing shows that anything was altered.") { $0.isIntact },
        .answered("chains", listOf: Self.chain, "The chains.") { $0.chains },
        .answered("faults", .list(of: .anyText, 0...Int.max), "Everything that is wrong.") {
            $0.faults.map(\.description)
        },
        .answered(
            "head", .optional(.anyText),
            "What became of the end that was expected: confirmed, different, missing, forgotten."
        ) { $0.expectation.map { "\($0)" } },
    ])
}
