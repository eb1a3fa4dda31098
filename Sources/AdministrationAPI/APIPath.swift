import Foundation

/// Paths of the API.
public enum APIPath {
    /// Under which everything is.
    public static let root = "/api/v1"

    /// A name as a part of a path, or as a value in a query.
    public static func escaped(_ name: String) -> String {
        let allowed = CharacterSet(charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        return name.addingPercentEncoding(withAllowedCharacters: allowed) ?? ""
    }

    /// The header that gives a file its name (RFC 6266), of which only harmless letters are kept.
    public static func attachment(_ name: String) -> String {
        let kept = name.unicodeScalars.map { scalar -> Character in
            scalar.isASCII && (scalar.properties.isAlphabetic || scalar.properties.numericType != nil)
                || "-._".unicodeScalars.contains(scalar) ? Character(scalar) : "-"
        }
        return "attachment; filename=\"\(String(kept))\""
    }
}
