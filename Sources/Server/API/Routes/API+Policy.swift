import AdministrationAPI
import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes

/// A request that somebody wants to have judged, without anything happening.
private struct PolicyTrial: Sendable {
    var request: [UInt8] = []
    var address = "127.0.0.1"
    var challenge: String?

    static let fields = FieldSet<PolicyTrial>([
        .sent("csr", \.request, .requestFile, "The PKCS#10 request, as PEM or base64 of DER.").required,
        .sent("address", \.address, .text(2...60), "The address it would come from.", example: "10.1.2.3"),
        .sent(
            "challenge", \.challenge, .optional(.text(1...255)),
            "The challenge that it would have; null for the one in the request. Without challenges:write none is looked at."
        ),
    ])
}

/// What the rules say of a request, in the API.
enum ExplanationFields {
    static let verdict = FieldSet<Explanation.Verdict>([
        .answered("rule", .choice, "The rule.") { $0.rule },
        .answered("outcome", .choice, "What it says.") { $0.outcome },
        .answered("detail", .anyText, "Why.") { $0.detail },
    ])

    static let shown = FieldSet<Explanation>([
        .answered(
            "decision", ValueKind<Decision>.choice, "What follows: grant, queue or refuse.", { Decision($0.decision) }),
        .answered("reason", .optional(.anyText), "Why, where it is not granted.") { explanation in
            switch explanation.decision {
            case .grant: nil
            case .queue(let reason), .refuse(_, let reason): reason
            }
        },
        .answered("verdicts", listOf: Self.verdict, "What each rule says.") { $0.verdicts },
    ])

    enum Decision: String, CaseIterable, Sendable {
        case grant, queue, refuse

        init(_ decision: Explanation.Decision) {
            switch decision {
            case .grant: self = .grant
            case .queue: self = .queue
            case .refuse: self = .refuse
            }
        }
    }
}

extension API {
    private static let answer = FieldSet<PolicyAnswer>([
        .answered("explanation", ExplanationFields.shown, "What each rule says, and the decision.") { $0.explanation },
        .answered("template", .anyText, "The template of the certificate.") { $0.template },
        .answered("obstacle", .optional(.anyText), "Why none could be issued even with an approval.") { $0.obstacle },
        .answered("warning", .optional(.anyText), "What one should know of this profile.") { $0.warning },
    ])

    /// Rules, tried out.
    static let policyRoute = APIRoute(
        method: .post, path: "/profiles/{name}/explain", name: "explainPolicy", group: "Profiles",
        summary: "Say what the profile's rules say to a request, without anything happening.",
        access: .permission(.readProfiles), pathParameters: [("name", "The profile's name.")],
        input: PolicyTrial.fields.sentSchema(isNew: true),
        answer: .json(Self.answer.schema, "What would become of it."), problems: [.notFound, .invalid, .refused]
    ) { request in
        let trial = try request.read(PolicyTrial.fields, into: PolicyTrial())
        return .json(
            Self.answer.json(
                try await request.administration.explainPolicy(
                    of: request.parameter("name"), request: trial.request, from: trial.address,
                    challenge: trial.challenge,
                    judgingChallenge: try request.principal.permissions.contains(.writeChallenges), at: request.now)))
    }
}
