import AdministrationAPI
import Foundation
import Registry

/// The installation as a whole in the API.
enum SystemFields {
    static let days = QueryParameter(
        "days", ValueKind<Int>.integer(1...366), "How many days back, with today; 30 where nothing is said.")

    private static let check = FieldSet<HealthReport.Check>([
        .answered("name", .anyText, "What is checked.") { $0.name },
        .answered("status", .anyText, "ok or failed.") { $0.status },
        .answered("detail", .anyText, "What was found.") { $0.detail },
    ])

    private static let unserved = FieldSet<(profile: String, reason: String)>([
        .answered("profile", .anyText, "The profile.") { $0.profile },
        .answered("reason", .anyText, "Why it is not served.") { $0.reason },
    ])

    static let health = FieldSet<SystemHealth>([
        .answered("status", .optional(.anyText), "ready or unavailable; null where no server was asked.") {
            $0.report?.status
        },
        .answered("checks", listOf: Self.check, "What was checked.") { $0.report?.checks ?? [] },
        .answered("warnings", .list(of: .anyText, 0...Int.max), "What ends soon and needs somebody.") { $0.warnings },
        .answered("unserved", listOf: Self.unserved, "Profiles that are not served.") { $0.unserved },
    ])

    private static let counts: [Field<Statistics.Counts>] = [
        .answered("enrolments", .count, "Certificates that devices got.") { $0.enrolments },
        .answered("issued", .count, "Enrolments that were granted at once.") { $0.issued },
        .answered("renewed", .count, "Renewals that were granted.") { $0.renewed },
        .answered("approved", .count, "Requests that somebody approved.") { $0.approved },
        .answered("pending", .count, "Requests that began to wait.") { $0.pending },
        .answered("refused", .count, "Requests that the rules refused.") { $0.refused },
        .answered("rejected", .count, "Requests that somebody rejected.") { $0.rejected },
        .answered("expired", .count, "Requests that nobody decided on in time.") { $0.expired },
        .answered("issuedByHand", .count, "Certificates that were issued by hand.") { $0.issuedByHand },
        .answered("revoked", .count, "Certificates that were revoked.") { $0.revoked },
        .answered("successRate", .optional(.share), "The share of decided requests that were granted.") {
            $0.successRate
        },
    ]

    private static let day = FieldSet<Statistics.Day>(
        [
            .answered("day", .anyText, "The day (UTC).", example: "2027-01-31") {
                Date(timeIntervalSince1970: Double($0.day) * 86_400).formatted(.iso8601.year().month().day())
            }
        ] + Self.counts.map { $0.within(\.counts).readOnly })

    private static let states = FieldSet<[CertificateState: Int]>(
        CertificateState.allCases.map { state in
            .answered(state.rawValue, .count, "How many are \(state.rawValue).") { $0[state] ?? 0 }
        })

    private static let failure = FieldSet<Statistics.Failure>([
        .answered("failure", .anyText, "Why, in a word.", example: "challengeWrong") { $0.cause },
        .answered("title", .anyText, "Why, in a few words.", example: "Wrong challenge") { $0.title },
        .answered("count", .count, "How many exchanges failed for it.") { $0.count },
    ])

    static let statistics = FieldSet<Statistics>([
        .answered("total", FieldSet(Self.counts), "All days together.") { $0.total },
        .answered("days", listOf: Self.day, "Each day.") { $0.days },
        .answered("waiting", .count, "How many requests wait now.") { $0.waiting },
        .answered("certificates", Self.states, "Certificates by what they are good for now.") { $0.certificates },
        .answered("endingSoon", .count, "How many valid certificates end within 30 days.") { $0.endingSoon },
        .answered(
            "failures", listOf: Self.failure,
            "Why exchanges failed, the most frequent cause first; exchanges are forgotten after 30 days."
        ) { $0.failures },
    ])
}

extension ValueKind where Value == Int {
    /// A number of things.
    fileprivate static let count = ValueKind.integer(0...Int.max)
}

extension ValueKind where Value == Double {
    /// A share from 0 to 1.
    fileprivate static let share = ValueKind(schema: .number, encode: JSONValue.number) { value throws(ValueProblem) in
        guard case .number(let number) = value else { throw ValueProblem(reason: "it has to be a number") }
        return number
    }
}
