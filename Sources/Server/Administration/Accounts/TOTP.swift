import Crypto
import Foundation

/// Codes that are good for half a minute: TOTP (RFC 6238) with SHA-1, 30 seconds and 6 digits, which every authenticator
/// knows.
struct TOTP: Hashable, Sendable {
    /// What codes are made from; RFC 4226 §4 asks for 160 bits.
    let secret: [UInt8]

    private static let period = 30.0
    private static let digits = 6
    /// How many steps a clock may be ahead or behind (RFC 6238 §5.2).
    private static let window: ClosedRange<Int64> = -1...1

    /// Makes a secret.
    static func generate() -> TOTP {
        var generator = SystemRandomNumberGenerator()
        return TOTP(secret: (0..<20).map { _ in UInt8.random(in: .min ... .max, using: &generator) })
    }

    /// The time step that a point in time is in; 0 before 1970.
    static func step(at date: Date) -> Int64 {
        let step = (date.timeIntervalSince1970 / Self.period).rounded(.down)
        return Int64(exactly: min(max(step, 0), 1e15)) ?? 0
    }

    /// The code of a time step (RFC 4226 §5.3).
    func code(step: Int64) -> String {
        let counter = withUnsafeBytes(of: step.bigEndian) { Array($0) }
        let digest = Array(
            HMAC<Insecure.SHA1>.authenticationCode(for: counter, using: SymmetricKey(data: self.secret)))
        // Dynamic truncation: the last four bits say which four bytes count, without the sign.
        let offset = Int(digest.last ?? 0) & 15
        let number = digest.dropFirst(offset).prefix(4).reduce(0) { $0 << 8 | Int($1) } & 0x7fff_ffff
        let text = "\(number % 1_000_000)"
        return String(repeating: "0", count: Self.digits - text.count) + text
    }

    /// The step of which a code is.
    ///
    /// - Parameters:
    ///   - code: What somebody has typed, with blanks or without.
    ///   - date: The time.
    ///   - last: The step of the code that was used last; none up to it is good any more (RFC 6238 §5.2).
    /// - Returns: The step; nil where the code is wrong, too old, too early, or was used.
    func step(of code: String, at date: Date, after last: Int64?) -> Int64? {
        let typed = Self.normalized(code)
        guard typed.count == Self.digits else { return nil }
        let now = Self.step(at: date)
        var found: Int64?
        for step in Self.window.map({ now + $0 }) where step >= 0 && last.map({ step > $0 }) ?? true {
            // Every character of every candidate is compared, whatever the others were.
            let difference = zip(self.code(step: step).utf8, typed).reduce(UInt8(0)) { $0 | ($1.0 ^ $1.1) }
            if difference == 0, found == nil { found = step }
        }
        return found
    }

    /// The characters that count.
    private static func normalized(_ code: String) -> [UInt8] {
        code.utf8.filter { $0 != UInt8(ascii: " ") }
    }

    /// The address that an authenticator reads from a QR code.
    ///
    /// - Parameters:
    ///   - name: The account.
    ///   - issuer: What the account is for.
    /// - Returns: The address.
    func address(of name: String, issuer: String) -> String {
        // Nothing but what no part of an address gives a meaning to.
        let plain = CharacterSet(
            charactersIn: "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-._~")
        func escaped(_ text: String) -> String { text.addingPercentEncoding(withAllowedCharacters: plain) ?? "" }
        return "otpauth://totp/\(escaped(issuer)):\(escaped(name))?secret=\(Base32.encode(self.secret))"
            + "&issuer=\(escaped(issuer))&algorithm=SHA1&digits=\(Self.digits)&period=\(Int(Self.period))"
    }
}
