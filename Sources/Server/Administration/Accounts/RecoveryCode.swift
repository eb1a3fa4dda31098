import Crypto

/// A code that is good for one sign-in, for whoever has lost the authenticator.
enum RecoveryCode {
    /// How many are made at once.
    static let count = 10

    /// Makes codes, each another one.
    static func make() -> [String] { (0..<Self.count).map { _ in GeneratedSecret.make() } }

    /// What is kept of a code, in whatever case and with or without its hyphens; nil where it has not the form of one.
    ///
    /// It has 99 bits of chance in it, so nothing is found by trying.
    static func digest(_ code: String) -> [UInt8]? {
        let characters = code.lowercased().utf8.filter { $0 != UInt8(ascii: "-") && $0 != UInt8(ascii: " ") }
        guard characters.count == 20 else { return nil }
        return Array(SHA256.hash(data: characters))
    }
}
