import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry

/// A request with what its device asks for.
public struct RequestDescription: Sendable {
    /// The record.
    public var record: RequestRecord
    /// SHA-256 of the public key, in hexadecimal, by which an administrator and a device's owner can make sure that they
    /// mean the same one; nil where the request is not kept.
    public var keyFingerprint: String?
    /// What sort of key it is.
    public var key: String?
    /// The SANs that are asked for, readable.
    public var alternativeNames: [String]
}

/// Requests and what became of them.
extension Administration {
    /// The latest requests, the newest first.
    ///
    /// - Parameters:
    ///   - onlyPending: Whether only those are meant that wait for approval.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    /// - Throws: ``RegistryError`` or ``KeyError``.
    public func requests(onlyPending: Bool, limit: Int) async throws -> [RequestDescription] {
        try await self.registry.requests(onlyPending: onlyPending, limit: limit).map(self.describe)
    }

    /// A request by its number.
    ///
    /// - Throws: ``ApprovalError/unknown(_:)``, ``RegistryError`` or ``KeyError``.
    public func request(_ id: Int64) async throws -> RequestDescription {
        guard let record = try await self.registry.request(id) else { throw ApprovalError.unknown(id) }
        return try self.describe(record)
    }

    private func describe(_ record: RequestRecord) throws -> RequestDescription {
        var description = RequestDescription(record: record, alternativeNames: [])
        // What was granted by the first version is not kept.
        guard !record.request.sealedRequest.isEmpty else { return description }
        let request = try CertificationRequest(
            encoded: try self.masterKey.open(record.request.sealedRequest, for: SealPurpose.request)
        )
        description.keyFingerprint = Array(SHA256.hash(data: request.publicKey.derEncoded)).hex
        description.key =
            switch request.publicKey.kind {
            case .rsa(let bits, _): "RSA, \(bits) bits"
            case .ellipticCurve: request.publicKey.curve.map { "ECDSA, \($0)" } ?? "ECDSA"
            case .other(let algorithm): "\(algorithm)"
            }
        let names = try? AlternativeNames(in: try request.requestedExtensions)
        description.alternativeNames = names?.descriptions ?? ["unreadable"]
        return description
    }

    /// Issues what a request asks for; its device gets it with its next poll.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - decider: Who approves.
    ///   - now: The time.
    /// - Returns: The serial number of the certificate, in hexadecimal.
    /// - Throws: ``ApprovalError`` and others that say why it cannot be issued.
    public func approve(_ id: Int64, by decider: String, at now: Date) async throws -> String {
        try await self.approval().approve(id, by: decider, at: now).serialNumber.serialText
    }

    /// Rejects a request; its device is told the reason with its next poll.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - reason: What the device is told.
    ///   - decider: Who rejects.
    ///   - now: The time.
    /// - Throws: ``ApprovalError`` or ``RegistryError``.
    public func reject(_ id: Int64, reason: String, by decider: String, at now: Date) async throws {
        try await self.approval().reject(id, reason: reason, by: decider, at: now)
    }

    private func approval() async throws -> Approval {
        Approval(
            registry: self.registry,
            profiles: try await self.profiles(),
            authorities: try await self.authorities().all,
            masterKey: self.masterKey
        )
    }
}
