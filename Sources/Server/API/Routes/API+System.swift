import Foundation
import HTTPTypes

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
    ]
}
