import AdministrationAPI
import Foundation
import HTTPTypes

/// A backup as somebody orders it.
private struct BackupOrder: Sendable {
    var passphrase = ""

    static let fields = FieldSet<BackupOrder>([
        .sent(
            "passphrase", \.passphrase, .text(12...1_000), "Opens it again; without it the backup is worth nothing.",
            example: "correct horse battery staple"
        ).required
    ])
}

extension API {
    private static let group = "System"
    private static let version = Schema.object(
        [("version", Schema.string().described("The program's version.", example: "0.3.0"))], required: ["version"])

    /// The program itself.
    static let systemRoutes: [APIRoute] = [
        APIRoute(
            method: .get, path: "/openapi.json", name: "getOpenAPI", group: Self.group,
            summary: "This description of the API.", access: .anyone,
            answer: .json(.anyObject, "The description, OpenAPI 3.1.")
        ) { _ in .json(OpenAPI.document) },
        APIRoute(
            method: .get, path: "/system/version", name: "getVersion", group: Self.group, summary: "Show the version.",
            access: .member, answer: .json(Self.version, "The version.")
        ) { _ in .json(["version": .string(ProgramVersion.current)]) },
        APIRoute(
            method: .get, path: "/system/health", name: "getHealth", group: Self.group,
            summary: "Show how the server does, and what ends soon.", access: .permission(.readSystem),
            answer: .json(SystemFields.health.schema, "How it does.")
        ) { request in
            .json(
                SystemFields.health.json(try await request.administration.health(request.api.served, at: request.now)))
        },
        APIRoute(
            method: .get, path: "/statistics", name: "getStatistics", group: Self.group,
            summary: "Show how many requests came and what became of them, by day.",
            access: .permission(.readStatistics), query: [SystemFields.days.parameter],
            answer: .json(SystemFields.statistics.schema, "The numbers.")
        ) { request in
            .json(
                SystemFields.statistics.json(
                    try await request.administration.statistics(
                        days: try request.query(SystemFields.days) ?? 30, at: request.now)))
        },
        APIRoute(
            method: .post, path: "/system/backup", name: "makeBackup", group: Self.group,
            summary: "Make a backup of everything, with all keys, encrypted under a passphrase.",
            access: .permission(.backUpSystem), input: BackupOrder.fields.sentSchema(isNew: true),
            answer: APIAnswer(
                status: .ok, summary: "The backup, for ucm restore.",
                content: [("application/octet-stream", .string(format: "binary"))]), problems: [.invalid],
            readsMuch: APIRoute.always
        ) { request in
            let order = try request.read(BackupOrder.fields, into: BackupOrder())
            let file = try await request.administration.backupFile(
                passphrase: order.passphrase, by: try request.decider, at: request.now)
            let day = request.now.formatted(.iso8601.year().month().day())
            return APIReply(
                headers: [.contentDisposition: APIPath.attachment("ucm-\(day).backup")],
                body: .stream(type: "application/octet-stream") { write in
                    defer { try? file.close() }
                    while let piece = try file.read(upToCount: 256 << 10), !piece.isEmpty {
                        try await write(Array(piece))
                    }
                })
        },
    ]
}
