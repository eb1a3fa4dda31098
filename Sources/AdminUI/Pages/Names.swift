import AdministrationAPI

/// The names that can be chosen from, as far as whoever looks may see them.
enum Names {
    static func profiles(_ context: PageContext) async -> [String] {
        await Self.all("profiles", "profiles:read", context)
    }

    static func authorities(_ context: PageContext) async -> [String] {
        await Self.all("cas", "authorities:read", context)
    }

    static func templates(_ context: PageContext) async -> [String] {
        await Self.all("templates", "templates:read", context)
    }

    private static func all(_ path: String, _ permission: String, _ context: PageContext) async -> [String] {
        guard context.may(permission), let found = try? await context.api.get(path, query: [("limit", "500")]) else {
            return []
        }
        return found.value.list("items").map { $0.word("name") }
    }
}
