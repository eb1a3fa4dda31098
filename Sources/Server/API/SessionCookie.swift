import AdministrationAPI
import Foundation

/// The cookie in which browsers keep the secret of a session.
enum SessionCookie {
    /// `__Host-`: only over HTTPS, only for this host, for all paths (RFC 6265bis §4.1.3.2).
    static let name = "__Host-ucm"

    /// The header that sets it; it is gone with the browser, and with the session.
    static func set(_ secret: String) -> String {
        "\(Self.name)=\(secret); Path=/; Secure; HttpOnly; SameSite=Strict"
    }

    /// The header that takes it away.
    static let remove = "\(Self.name)=; Path=/; Max-Age=0; Secure; HttpOnly; SameSite=Strict"

    /// The secret in a Cookie header; nil where there is none.
    static func secret(in header: String) -> String? {
        for pair in header.split(separator: ";") {
            let parts = pair.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, parts[0] == Self.name, !parts[1].isEmpty { return parts[1] }
        }
        return nil
    }
}
