import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes

extension API {
    private static let group = "Settings"

    /// Settings of the whole installation.
    static let settingRoutes: [APIRoute] =
        Self.setting(
            "limits", "Limits", "what is borne from one address", SettingFields.limits, empty: LimitSettings(),
            read: { try await $0.limits() },
            change: { request, change in
                try await request.administration.changeLimits(
                    expecting: request.expectedRevision, by: try request.decider, at: request.now, change)
            })
        + Self.setting(
            "publication", "Publication", "where devices find what the CAs publish", SettingFields.publication,
            empty: PublicationSettings(), read: { try await $0.publication() },
            change: { request, change in
                _ = try await request.administration.changePublication(
                    expecting: request.expectedRevision, by: try request.decider, at: request.now, change)
            })
        + Self.setting(
            "sessions", "Sessions", "how long sessions last", SettingFields.sessions, empty: AccountSettings(),
            read: { try await $0.accountSettings() },
            change: { request, change in
                try await request.administration.changeAccountSettings(
                    expecting: request.expectedRevision, by: try request.principal, at: request.now, change)
            })
        + Self.setting(
            "passwords", "Passwords", "what passwords have to be", SettingFields.passwords, empty: PasswordPolicy(),
            read: { try await $0.passwordPolicy() },
            change: { request, change in
                try await request.administration.changePasswordPolicy(
                    expecting: request.expectedRevision, by: try request.principal, at: request.now, change)
            }) + Self.addressRoutes

    /// The routes of one group of settings.
    private static func setting<Settings: StoredSettings & Sendable>(
        _ path: String,
        _ schema: String,
        _ what: String,
        _ fields: FieldSet<Settings>,
        empty: Settings,
        read: @escaping @Sendable (Administration) async throws -> Settings,
        change: @escaping @Sendable (APIRequest, @escaping (inout Settings) throws -> Void) async throws -> Void
    ) -> [APIRoute] {
        @Sendable func reply(_ request: APIRequest) async throws -> APIReply {
            let settings = try await read(request.administration)
            return .json(fields.json(settings), revision: try settings.revision)
        }
        return [
            APIRoute(
                method: .get, path: "/settings/\(path)", name: "get\(schema)", group: Self.group,
                summary: "Show \(what).",
                access: .permission(.readSettings), answer: .json(.named(schema), "The settings."), run: reply),
            APIRoute(
                method: .patch, path: "/settings/\(path)", name: "change\(schema)", group: Self.group,
                summary: "Change \(what); what is not sent stays (RFC 7396).",
                access: .permission(.writeSettings), input: fields.sentSchema(isNew: false),
                answer: .json(.named(schema), "The settings as they are now."),
                problems: [.conflict, .invalid, .refused],
                isEdit: true
            ) { request in
                _ = try request.read(fields, into: empty)
                try await change(request) { settings in try request.apply(fields, to: &settings, isNew: false) }
                return try await reply(request)
            },
        ]
    }

    private static let addressRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/limits/addresses", name: "listGuessingAddresses", group: Self.group,
            summary: "List the addresses that have sent wrong challenges lately.",
            access: .permission(.readSettings), query: APIList.pagingByName,
            answer: APIList.answer("GuessingAddress", "The addresses.")
        ) { request in
            try APIList.page(
                try await request.administration.guessingAddresses(at: request.now), for: request,
                SettingFields.address, name: \.address)
        },
        APIRoute(
            method: .delete, path: "/limits/addresses/{address}", name: "clearGuessingAddress", group: Self.group,
            summary: "Forget the wrong challenges of an address, so that it need not wait any more.",
            access: .permission(.writeSettings), pathParameters: [("address", "The address.")],
            answer: .nothing("They are forgotten."), problems: [.notFound]
        ) { request in
            try await request.administration.clearGuesses(
                from: request.parameter("address"), by: try request.decider, at: request.now)
            return .nothing
        },
    ]
}
