import AdministrationAPI
import Server

/// Which CA is meant where none is named.
enum AuthorityChoice {
    /// The default one.
    static func standard(_ name: String?, _ api: AdministrationClient) async throws -> String {
        if let name { return name }
        let standard = try await api.list("cas").first { $0["default"]?.bool == true }
        guard let standard else { throw AuthorityUnclear(description: "there is no default CA: name one with --ca") }
        return standard.text("name")
    }

    /// The only one that can be followed.
    static func withoutSuccessor(_ name: String?, _ api: AdministrationClient) async throws -> String {
        try await self.only(name, api) { $0["next"] == .null && $0["retiredAt"] == .null }
    }

    /// The only one that is followed, but has not handed over yet.
    static func withSuccessor(_ name: String?, _ api: AdministrationClient) async throws -> String {
        try await self.only(name, api) { $0["next"] != .null && !$0.texts("profiles").isEmpty }
    }

    private static func only(
        _ name: String?,
        _ api: AdministrationClient,
        where isMeant: (JSONValue) -> Bool
    ) async throws -> String {
        if let name { return name }
        let candidates = try await api.list("cas").filter(isMeant).inOrder.map { $0.text("name") }
        guard candidates.count == 1, let found = candidates.first else {
            throw AuthorityUnclear(
                description: candidates.isEmpty
                    ? "there is no CA that could be meant: ucm ca list shows all of them"
                    : "name the CA with --ca: \(candidates.joined(separator: ", "))")
        }
        return found
    }
}

/// Why nobody knows which CA is meant.
struct AuthorityUnclear: Error, CustomStringConvertible {
    let description: String
}

extension [JSONValue] {
    /// CAs in the order in which they were made.
    var inOrder: [JSONValue] { self.sorted { ($0["id"]?.integer ?? 0) < ($1["id"]?.integer ?? 0) } }
}
