import Crypto
import Foundation

/// Secrets that the server makes and that nobody types: what a browser holds for a session, and API tokens.
///
/// They have so much chance in them that their plain SHA-256 tells nothing, and is all that is kept.
enum Credential {
    private static let alphabet = Array("0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".utf8)

    /// By what an API token is known as one, to people and to programs that look for leaked secrets.
    static let tokenPrefix = "ucm_"

    /// Makes the secret of a session: 256 bits.
    static func session() -> String { Self.random(43) }

    /// Makes an API token: 190 bits.
    static func token() -> String { Self.tokenPrefix + Self.random(32) }

    private static func random(_ count: Int) -> String {
        var generator = SystemRandomNumberGenerator()
        let characters = (0..<count).map { _ in
            Self.alphabet[Int.random(in: Self.alphabet.indices, using: &generator)]
        }
        return String(decoding: characters, as: UTF8.self)
    }

    /// What is kept of a secret; nil of a text that is none.
    static func digest(_ secret: String) -> [UInt8]? {
        (1...200).contains(secret.utf8.count) ? Array(SHA256.hash(data: Array(secret.utf8))) : nil
    }
}

extension Administration {
    /// What a form has in it to prove that it is one of ours: it is made from the session's secret, so that nothing has to
    /// be kept.
    ///
    /// - Parameter secret: The session's secret.
    /// - Returns: The text.
    public static func csrfToken(of secret: String) -> String {
        let code = HMAC<SHA256>.authenticationCode(
            for: Array("csrf".utf8), using: SymmetricKey(data: Array(secret.utf8)))
        return Data(code).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_")
            .replacing("=", with: "")
    }

    /// Whether a text is what ``csrfToken(of:)`` gives for a session, in constant time.
    ///
    /// - Parameters:
    ///   - text: What came with a form.
    ///   - secret: The session's secret.
    /// - Returns: Whether it is.
    public static func isCSRFToken(_ text: String, of secret: String) -> Bool {
        let expected = Self.csrfToken(of: secret).utf8
        guard text.utf8.count == expected.count else { return false }
        return zip(text.utf8, expected).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) } == 0
    }
}
