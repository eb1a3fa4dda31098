/// What ties the messages of one enrolment together (RFC 8894 §3.2.1.1).
///
/// A PrintableString that is kept and given back byte for byte: clients compare it with case.
public struct TransactionID: Hashable, Sendable {
    /// The characters, which are ASCII.
    public let bytes: [UInt8]

    /// The longest that is taken, in bytes; the RFC sets no limit, certmonger sends 78 digits.
    public static let maximumLength = 255

    /// Takes the bytes of an identifier.
    ///
    /// - Returns: nil where there are none, or more than ``maximumLength``, or one that is no visible ASCII.
    public init?(bytes: [UInt8]) {
        guard (1...Self.maximumLength).contains(bytes.count), bytes.allSatisfy({ (0x20...0x7e).contains($0) }) else {
            return nil
        }
        self.bytes = bytes
    }
}

extension TransactionID: CustomStringConvertible {
    /// The identifier as text.
    public var description: String { String(decoding: self.bytes, as: UTF8.self) }
}
