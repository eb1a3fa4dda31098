import CLibpq
import Foundation

/// Where a database is and how it is reached, as libpq understands it; a password in it never comes out again.
public struct PostgreSQLAddress: Hashable, Sendable, CustomStringConvertible {
    private var settings: [String: String]

    /// What holds unless the address says something else.
    private static let defaults = [
        "connect_timeout": "5", "fallback_application_name": "ucm",
        // Of several servers, and of one that has become a replica, only the one that can be written to.
        "target_session_attrs": "read-write",
        // A server that has lost power is noticed in less than a minute.
        "keepalives_idle": "20", "keepalives_interval": "5", "keepalives_count": "4", "tcp_user_timeout": "40000",
    ]

    /// What no address changes.
    private static let fixed = ["client_encoding": "UTF8"]

    /// Understands an address.
    ///
    /// - Parameter text: `postgres://user:password@host:port/database?sslmode=verify-full`, or libpq's `host=… dbname=…`.
    /// - Throws: ``RegistryError/cannotOpen(_:)``.
    public init(_ text: String) throws(RegistryError) {
        // libpq's own words would repeat the address, and with it the password.
        let malformed = RegistryError.cannotOpen(
            "the database URL is malformed; it looks like postgres://user:password@host:5432/database, where a % and "
                + "whatever else has a meaning in URLs is written as % and two hexadecimal digits")
        guard !text.utf8.contains(0), let options = PQconninfoParse(text, nil) else { throw malformed }
        defer { PQconninfoFree(options) }
        var settings = Self.defaults
        var option = options
        while let keyword = option.pointee.keyword {
            if let value = option.pointee.val { settings[String(cString: keyword)] = String(cString: value) }
            option += 1
        }
        self.settings = settings.merging(Self.fixed) { $1 }
    }

    /// Where it is, without a password.
    public var description: String {
        let name = self.settings["dbname"] ?? "the user's database"
        guard let host = self.settings["host"] ?? self.settings["hostaddr"] else { return name }
        return "\(name) on \(host)"
    }

    /// The URL without its password, as somebody could have written it.
    public var url: String {
        var settings = self.settings.filter { Self.fixed[$0.key] == nil && Self.defaults[$0.key] != $0.value }
        for secret in ["password", "sslpassword"] { settings[secret] = nil }
        var authority = settings.removeValue(forKey: "user").map { Self.encoded($0) + "@" } ?? ""
        // Several hosts, and directories with a socket, have no place there.
        if let host = settings["host"], !host.contains(where: { $0 == "," || $0 == "/" }) {
            settings["host"] = nil
            authority += host.contains(":") ? "[\(host)]" : Self.encoded(host)
            authority += settings.removeValue(forKey: "port").map { ":" + Self.encoded($0) } ?? ""
        }
        let path = settings.removeValue(forKey: "dbname").map { "/" + Self.encoded($0) } ?? "/"
        let query = settings.sorted { $0.key < $1.key }.map { "\($0.key)=\(Self.encoded($0.value))" }
        return "postgres://\(authority)\(path)\(query.isEmpty ? "" : "?")\(query.joined(separator: "&"))"
    }

    private static func encoded(_ text: String) -> String {
        // RFC 3986 §2.3, and what means nothing in a path or query.
        let plain = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~/,:")
        return text.addingPercentEncoding(withAllowedCharacters: plain) ?? ""
    }

    /// Begins a connection; nil where there is no memory for it.
    func connect() -> OpaquePointer? {
        let pairs = self.settings.sorted { $0.key < $1.key }
        let keywords = pairs.map { strdup($0.key) }
        let values = pairs.map { strdup($0.value) }
        defer { for text in keywords + values { free(text) } }
        return PQconnectdbParams(
            keywords.map { UnsafePointer($0) } + [nil], values.map { UnsafePointer($0) } + [nil], 0)
    }
}
