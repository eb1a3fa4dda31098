import Foundation

/// What a URL in a certificate has to be like.
enum WebAddress {
    /// How many characters a URL can have.
    static let maximumLength = 1000

    /// What is wrong with a URL, as the rest of a sentence; nil where nothing is.
    ///
    /// - Parameters:
    ///   - text: The URL.
    ///   - schemes: The schemes that it may have, the usual one first.
    /// - Returns: What is wrong.
    static func flaw(in text: String, schemes: [String]) -> String? {
        guard text.utf8.count <= Self.maximumLength else { return "has more than \(Self.maximumLength) characters" }
        guard text.utf8.allSatisfy({ (0x21...0x7e).contains($0) }), OctetSet.uri.containsAll(of: text) else {
            return "has characters that no URL has: write them as % and two hexadecimal digits, and a host in its "
                + "xn-- form"
        }
        guard let parts = URLComponents(string: text), let scheme = parts.scheme?.lowercased() else {
            return "is no URL: write \(schemes.first ?? "http")://ca.example.com/ and the rest"
        }
        guard schemes.contains(scheme) else {
            return "begins with \(scheme):, and only \(schemes.joined(separator: ", ")) can be read everywhere"
        }
        // The directory's server may be left out: then it is the reader's own.
        guard scheme == "ldap" || !(parts.host ?? "").isEmpty else { return "has no host" }
        return nil
    }
}
