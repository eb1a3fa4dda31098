import AdministrationAPI
import Enrollment
import Foundation
import HTTPTypes
import Registry

/// Many challenges as somebody orders them.
private struct ChallengeBatch: Sendable {
    var orders: [JSONValue] = []

    static let fields = FieldSet<ChallengeBatch>([
        .sent("challenges", \.orders, .list(of: .element, 1...10_000), "What is wanted; all of it is made, or nothing.")
            .required
    ])
}

extension ValueKind where Value == JSONValue {
    /// A challenge that is read later, when its profile and the time are known.
    fileprivate static let element = ValueKind(
        schema: ChallengeFields.new.sentSchema(isNew: true), encode: { $0 },
        decode: { value throws(ValueProblem) in value })
}

extension API {
    private static let group = "Challenges"
    private static let id = [(name: "id", summary: "The challenge's number.")]
    private static let profile = QueryParameter("profile", .text(1...40), "Those of a profile.")
    private static let usable = QueryParameter("usable", .boolean, "true for those only that are good now.")

    /// Challenges.
    static let challengeRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/challenges", name: "listChallenges", group: Self.group,
            summary: "List challenges, the newest first; their secrets are known to nobody.",
            access: .permission(.readChallenges),
            query: [Self.profile.parameter, Self.usable.parameter] + APIList.paging,
            answer: APIList.answer("Challenge", "The challenges.")
        ) { request in
            let limit = try request.limit
            let page = try await request.administration.registry.challengePage(
                profile: try request.query(Self.profile),
                onlyUsableAt: try request.query(Self.usable) == true ? request.now : nil,
                after: try request.query(APIList.after), limit: limit)
            return APIList.page(page, ChallengeFields.shown)
        },
        APIRoute(
            method: .post, path: "/challenges", name: "createChallenge", group: Self.group,
            summary: "Make a challenge; its secret is answered once.",
            access: .permission(.writeChallenges), input: ChallengeFields.new.sentSchema(isNew: true),
            inputExample: ["profile": "default", "device": "pump-4", "binding": ["subjects": ["CN=pump-4"]]],
            answer: .json(ChallengeFields.made.schema, .created, "The challenge with its secret."),
            problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
        ) { request in
            let order = try request.read(ChallengeFields.new, into: ChallengeOrder(profile: "", at: request.now))
            let made = try await request.administration.createChallenges(
                [order], by: try request.decider, at: request.now)
            guard let first = made.first else { throw APIProblem(.internalError, "nothing was made") }
            return .created(ChallengeFields.made.json(first), at: "/challenges/\(first.id)")
        },
        APIRoute(
            method: .post, path: "/challenges/batch", name: "createChallenges", group: Self.group,
            summary: "Make many challenges, all of them or none.",
            access: .permission(.writeChallenges), input: ChallengeBatch.fields.sentSchema(isNew: true),
            inputExample: ["challenges": [["profile": "default", "device": "pump-4"]]], maximumBody: 8 << 20,
            answer: .json(
                .object([("items", .array(of: ChallengeFields.made.schema))], required: ["items"]), .created,
                "The challenges with their secrets, in the same order."),
            problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
        ) { request in
            let batch = try request.read(ChallengeBatch.fields, into: ChallengeBatch())
            var problems: [ValueProblem] = []
            var orders: [ChallengeOrder] = []
            for (index, value) in batch.orders.enumerated() {
                var order = ChallengeOrder(profile: "", at: request.now)
                do throws(ValueProblems) {
                    try ChallengeFields.new.apply(value, to: &order, isNew: true)
                    orders.append(order)
                } catch {
                    problems += error.problems.map { $0.inside("challenges[\(index)]") }
                }
            }
            guard problems.isEmpty else {
                throw APIProblem(
                    .invalid, "\(problems.count) values cannot be used as sent", problems: Array(problems.prefix(100)))
            }
            let made = try await request.administration.createChallenges(
                orders, by: try request.decider, at: request.now)
            return .json(["items": .array(made.map(ChallengeFields.made.json))], .created)
        },
        APIRoute(
            method: .get, path: "/challenges/{id}", name: "getChallenge", group: Self.group,
            summary: "Show a challenge.", access: .permission(.readChallenges), pathParameters: Self.id,
            answer: .json(.named("Challenge"), "The challenge."), problems: [.notFound]
        ) { request in
            .json(ChallengeFields.shown.json(try await request.administration.challenge(request.number).0))
        },
        APIRoute(
            method: .post, path: "/challenges/{id}/revoke", name: "revokeChallenge", group: Self.group,
            summary: "Make a challenge worthless; what was issued with it stays, and so do requests that wait with it.",
            access: .permission(.writeChallenges), pathParameters: Self.id,
            answer: .json(.named("Challenge"), "The challenge as it is now."), problems: [.notFound, .conflict]
        ) { request in
            try await request.administration.revokeChallenge(request.number, by: try request.decider, at: request.now)
            return .json(ChallengeFields.shown.json(try await request.administration.challenge(request.number).0))
        },
    ]
}
