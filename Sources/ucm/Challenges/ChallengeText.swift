import AdministrationAPI
import Server

/// Challenges as people read them.
enum ChallengeText {
    /// All of a challenge that is recorded.
    static func lines(_ challenge: JSONValue) -> [(String, String)] {
        [
            ("Challenge", challenge.text("id")), ("Profile", challenge.text("profile")),
            ("State", challenge.text("state")),
            ("Uses", Self.uses(challenge, reserved: "held by requests that wait")),
            ("Label", challenge.text("label", otherwise: "none")),
            ("Device", challenge.text("device", otherwise: "any")),
            ("User", challenge.text("user", otherwise: "any")),
        ] + Self.binding(challenge["binding"] ?? .null) + [
            ("Created", "\(challenge.text("createdAt")) by \(challenge.text("createdBy"))"),
            ("Ends", challenge.text("expiresAt", otherwise: "never")),
            ("Last used", Self.event("lastUsedAt", "from", "lastUsedFrom", of: challenge) ?? "never"),
            ("Revoked", Self.event("revokedAt", "by", "revokedBy", of: challenge) ?? "no"),
        ]
    }

    /// How often it was used, of how many times.
    static func uses(_ challenge: JSONValue, reserved word: String) -> String {
        let reserved = challenge["reserved"]?.integer ?? 0
        let uses = challenge.text("uses")
        return (challenge["maximumUses"]?.integer.map { "\(uses) of \($0)" } ?? uses)
            + (reserved == 0 ? "" : ", \(reserved) \(word)")
    }

    /// For how many certificates and until when, of one that was just made.
    static func end(_ made: JSONValue) -> String {
        let uses = made["maximumUses"]?.integer.map { $0 == 1 ? ", for one certificate" : ", for \($0) certificates" }
        let end = made["expiresAt"]?.text.map { _ in ", until \(made.text("expiresAt"))" }
        return (uses ?? "") + (end ?? "")
    }

    private static func binding(_ binding: JSONValue) -> [(String, String)] {
        guard binding != .null else { return [("Bound to", "what this version cannot read")] }
        func text(_ name: String) -> String { binding.joined(name, separator: "  ", otherwise: "any") }
        return [
            ("Subject", text("subjects")), ("SANs", text("sans")),
            ("Template", binding.text("template", otherwise: "the profile's")), ("Address", text("addresses")),
        ]
    }

    private static func event(_ date: String, _ preposition: String, _ who: String, of challenge: JSONValue) -> String?
    {
        guard challenge[date]?.text != nil else { return nil }
        return "\(challenge.text(date)) \(preposition) \(challenge.text(who))"
    }
}
