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
        self.isLimited = challenge.maximumUses != nil
        self.expiresAt = challenge.expiresAt
        let details = [
            challenge.label.isEmpty ? nil : challenge.label, challenge.device.map { "device \($0)" },
            challenge.user.map { "user \($0)" },
        ].compactMap(\.self)
        self.name =
            "\(challenge.maximumUses == nil ? "static " : "")challenge \(record.id)"
            + (details.isEmpty ? "" : " (\(details.joined(separator: ", ")))")
    }

    /// How the registry is told that a request has it.
    var use: ChallengeUse { ChallengeUse(id: self.id, isLimited: self.isLimited) }
}

extension ChallengeBinding {
    /// Reads a stored binding.
    ///
    /// - Throws: `DecodingError` or ``PolicySyntaxError`` where it says something that this version does not know.
    public init(json: String) throws {
        self = json == "{}" ? ChallengeBinding() : try JSONDecoder().decode(Self.self, from: Data(json.utf8))
    }

    /// The binding as it is stored.
    ///
    /// - Throws: `EncodingError`.
    public func json() throws -> String {
        guard self != ChallengeBinding() else { return "{}" }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}
