import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
import Enrollment
public import Foundation
public import Registry

/// Requests and what became of them.
extension Administration {
    /// The latest requests, the newest first.
    ///
    /// - Parameters:
    ///   - onlyPending: Whether only those are meant that wait for approval.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    /// - Throws: ``RegistryError``.
    public func requests(onlyPending: Bool, limit: Int) async throws -> [RequestRecord] {
        try await self.registry.requests(onlyPending: onlyPending, limit: limit)
    }

    /// A request by its number.
    ///
    /// - Throws: ``ApprovalError/unknown(_:)`` or ``RegistryError``.
    public func request(_ id: Int64) async throws -> RequestRecord {
        guard let record = try await self.registry.request(id) else { throw ApprovalError.unknown(id) }
        return record
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
        try await self.approval().approve(id, by: decider, at: now).serialNumber.hex
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
            authorities: try await self.authorities().all
        )
    }
}

extension RequestRecord {
    /// SHA-256 of the public key that is to be certified, by which an administrator and a device's owner can make sure
    /// that they mean the same one; nil where the request cannot be read.
    public var keyFingerprint: String? {
        (try? CertificationRequest(encoded: self.request.encoded)).map { request in
            Array(SHA256.hash(data: request.publicKey.derEncoded)).hex
        }
    }
}
