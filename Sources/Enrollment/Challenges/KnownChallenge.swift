import CertificateAuthority
public import Foundation
public import Registry

/// A challenge of a profile, ready to be compared.
public struct KnownChallenge: Hashable, Sendable {
    /// The number in the registry.
    public let id: Int64
    /// What is kept of the secret.
    public let digest: [UInt8]
    /// What it is good for; anything where nothing is said.
    public let binding: ChallengeBinding
    /// Whether it can be used so many times only.
    public let isLimited: Bool
    /// When it ends; nil for never.
    public let expiresAt: Date?
    /// How an administrator knows it, for reasons: its number, label, device and user.
    public let name: String

    /// Reads a challenge.
    ///
    /// - Parameter record: The challenge as it is stored.
    /// - Throws: `DecodingError` or ``PolicySyntaxError`` where its binding says something that this version does not know.
    public init(_ record: ChallengeRecord) throws {
        let challenge = record.challenge
        self.id = record.id
        self.digest = challenge.digest
        self.binding = try ChallengeBinding(json: challenge.binding)
        self.isLimited = challenge.isLimited
        self.expiresAt = challenge.expiresAt
        self.name = Self.name(of: record)
    }

    /// How an administrator knows a challenge, whatever it is good for.
    ///
    /// - Parameter record: The challenge as it is stored.
    /// - Returns: Its number, label, device and user.
    public static func name(of record: ChallengeRecord) -> String {
        let challenge = record.challenge
        let details = [
            challenge.label.isEmpty ? nil : challenge.label, challenge.device.map { "device \($0)" },
            challenge.user.map { "user \($0)" },
        ].compactMap(\.self)
        return "\(challenge.isLimited ? "" : "static ")challenge \(record.id)"
            + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
    }

    /// How the registry is told that a request has it.
    var use: ChallengeUse { ChallengeUse(id: self.id, isLimited: self.isLimited) }
}
