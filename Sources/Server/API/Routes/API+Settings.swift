import AdministrationAPI
import CertificateAuthority
import Enrollment
import Foundation
import HTTPTypes

extension API {
    private static let group = "Settings"

    /// Settings of the whole installation.
    static let settingRoutes: [APIRoute] =
        Self.settings("limits", "Limits", "what is borne from one address", SettingFields.limits)
        + Self.settings(
            "publication", "Publication", "where devices find what the CAs publish", SettingFields.publication)
        + Self.settings("sessions", "Sessions", "how long sessions last", SettingFields.sessions)
        + Self.settings("passwords", "Passwords", "what passwords have to be", SettingFields.passwords)
        + Self.addressRoutes

    /// The routes of one group of settings.
    private static func settings<Settings: InstallationSettings>(
        _ path: String,
        _ schema: String,
        _ what: String,
        _ fields: FieldSet<Settings>
    ) -> [APIRoute] {
        @Sendable func reply(_ request: APIRequest) async throws -> APIReply {
            let settings = try await request.administration.settings(Settings.self)
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
                // What cannot be read is told of with all its faults before anything is looked up.
                _ = try request.read(fields, into: Settings())
                try await request.administration.change(
                    Settings.self, expecting: request.expectedRevision, by: try request.decider, at: request.now
                ) { settings in try request.apply(fields, to: &settings, isNew: false) }
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
