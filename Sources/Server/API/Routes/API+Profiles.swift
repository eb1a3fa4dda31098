import AdministrationAPI
import Enrollment
import Foundation
import HTTPTypes

extension API {
    private static let group = "Profiles"
    private static let name = [(name: "name", summary: "The profile's name.")]
    private static let secret = Schema.object(
        [("challenge", Schema.string().described("The static challenge, shown only now."))], required: ["challenge"])

    /// What a profile answers to whoever made it: its challenge too, once.
    private static let made = Schema.object(
        ProfileFields.shown.fields.map { ($0.name, $0.schema) } + [
            ("challenge", Schema.string().orNull.described("The challenge that was generated, shown only now."))
        ],
        required: ProfileFields.shown.fields.map(\.name) + ["challenge"])

    /// SCEP endpoints.
    static let profileRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/profiles", name: "listProfiles", group: Self.group, summary: "List the profiles.",
            access: .permission(.readProfiles), query: APIList.pagingByName,
            answer: APIList.answer("Profile", "The profiles, by name.")
        ) { request in
            try APIList.page(
                try await request.administration.profileDescriptions(), for: request, ProfileFields.shown, name: \.name)
        },
        APIRoute(
            method: .post, path: "/profiles", name: "createProfile", group: Self.group, summary: "Make a profile.",
            access: .permission(.writeProfiles), input: ProfileFields.new.sentSchema(isNew: true),
            inputExample: [
                "name": "vpn", "template": "Network Equipment", "rules": ["subjects": ["CN=*.example.com"]],
            ],
            answer: .json(Self.made, .created, "The profile, and the challenge that was made for it."),
            problems: [.notFound, .conflict, .invalid, .refused], isCreation: true
        ) { request in
            let draft = try request.read(ProfileFields.new, into: ProfileDraft())
            let challenge: ChallengeChange =
                draft.challenge.map { .replace($0) }
                ?? (draft.hasNoChallenge || draft.settings.isOpen ? .keep : .generate)
            let change = try await request.administration.createProfile(
                draft.name, authority: draft.authority, settings: draft.settings, challenge: challenge,
                by: try request.decider, at: request.now)
            let made = try await request.administration.profileDescription(draft.name)
            var json = ProfileFields.shown.json(made)
            json.append("challenge", .text(ifPresent: change.challenge))
            return .created(json, at: "/profiles/\(draft.name)", revision: made.revision)
        },
        APIRoute(
            method: .get, path: "/profiles/{name}", name: "getProfile", group: Self.group, summary: "Show a profile.",
            access: .permission(.readProfiles), pathParameters: Self.name,
            answer: .json(.named("Profile"), "The profile."), problems: [.notFound]
        ) { request in try await Self.profileReply(request) },
        APIRoute(
            method: .patch, path: "/profiles/{name}", name: "changeProfile", group: Self.group,
            summary: "Change a profile; what is not sent stays (RFC 7396).",
            access: .permission(.writeProfiles), pathParameters: Self.name,
            input: ProfileFields.changed.sentSchema(isNew: false),
            inputExample: ["approval": "manual", "queue": ["approvals": 2]],
            answer: .json(.named("Profile"), "The profile as it is now."),
            problems: [.notFound, .conflict, .invalid, .refused], isEdit: true
        ) { request in
            // What cannot be read is told of with all its faults before anything is looked up.
            let draft = try request.read(ProfileFields.changed, into: ProfileDraft())
            _ = try await request.administration.changeProfile(
                request.parameter("name"), authority: draft.authority, challenge: .keep,
                expecting: request.expectedRevision, by: try request.decider, at: request.now
            ) { settings in
                var draft = ProfileDraft(settings: settings)
                try request.apply(ProfileFields.changed, to: &draft, isNew: false)
                settings = draft.settings
            }
            return try await Self.profileReply(request)
        },
        APIRoute(
            method: .delete, path: "/profiles/{name}", name: "deleteProfile", group: Self.group,
            summary: "Delete a profile; its requests and certificates stay, and cannot be renewed any more.",
            access: .permission(.writeProfiles), pathParameters: Self.name,
            answer: .nothing("It is deleted."), problems: [.notFound, .conflict], isEdit: true
        ) { request in
            try await request.administration.deleteProfile(
                request.parameter("name"), expecting: request.expectedRevision, by: try request.decider,
                at: request.now)
            return .nothing
        },
        APIRoute(
            method: .put, path: "/profiles/{name}/challenge", name: "replaceStaticChallenge", group: Self.group,
            summary: "Set the static challenge, in the place of all others of the profile.",
            access: .permission(.writeProfiles), pathParameters: Self.name,
            input: ChallengeSecret.fields.sentSchema(isNew: false),
            answer: .json(Self.secret, "The challenge, shown only now."),
            problems: [.notFound, .conflict, .invalid, .refused]
        ) { request in
            let secret = try request.read(ChallengeSecret.fields, into: ChallengeSecret()).secret
            let change = try await request.administration.changeProfile(
                request.parameter("name"), authority: nil, challenge: secret.map { .replace($0) } ?? .generate,
                by: try request.decider, at: request.now
            ) { _ in }
            return .json(["challenge": .string(change.challenge ?? secret ?? "")])
        },
        APIRoute(
            method: .delete, path: "/profiles/{name}/challenge", name: "removeStaticChallenges", group: Self.group,
            summary: "Revoke all static challenges of the profile.",
            access: .permission(.writeProfiles), pathParameters: Self.name,
            answer: .nothing("It has none any more."), problems: [.notFound, .conflict]
        ) { request in
            _ = try await request.administration.changeProfile(
                request.parameter("name"), authority: nil, challenge: .remove, by: try request.decider,
                at: request.now
            ) { _ in }
            return .nothing
        },
        Self.policyRoute,
    ]

    private static func profileReply(_ request: APIRequest) async throws -> APIReply {
        let found = try await request.administration.profileDescription(request.parameter("name"))
        return .json(ProfileFields.shown.json(found), revision: found.revision)
    }
}

/// A static challenge as somebody sends it.
private struct ChallengeSecret: Sendable {
    var secret: String?

    static let fields = FieldSet<ChallengeSecret>([
        .sent("challenge", \.secret, .optional(.text(1...255)), "The challenge; nothing for one that is generated.")
    ])
}
