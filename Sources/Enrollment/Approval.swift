public import CertificateAuthority
import CryptographicMessageSyntax
public import Foundation
public import Registry
import SCEP

/// Decides on requests that wait, in an administrator's name.
public struct Approval: Sendable {
    private let registry: Registry
    private let profiles: [Profile]
    private let authorities: [IssuingAuthority]
    private let masterKey: MasterKey

    /// Makes an approval.
    ///
    /// - Parameters:
    ///   - registry: Where the requests are.
    ///   - profiles: All profiles.
    ///   - authorities: All CAs.
    ///   - masterKey: Under which requests are kept.
    public init(registry: Registry, profiles: [Profile], authorities: [IssuingAuthority], masterKey: MasterKey) {
        self.registry = registry
        self.profiles = profiles
        self.authorities = authorities
        self.masterKey = masterKey
    }

    /// Issues what a request asks for, now; the device gets it with its next poll.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - decider: Who approves.
    ///   - now: The time.
    /// - Returns: The certificate.
    /// - Throws: ``ApprovalError``, ``IssuanceError``, ``RegistryError``, or what the CA's key throws.
    public func approve(_ id: Int64, by decider: String, at now: Date) async throws -> IssuedCertificate {
        let record = try await self.waiting(id)
        guard let profile = self.profiles.first(where: { $0.name == record.request.identity.transaction.profile })
        else { throw ApprovalError.profileGone(record.request.identity.transaction.profile) }
        guard let authority = self.authorities.first(where: { $0.id == record.request.authority }) else {
            throw ApprovalError.authorityGone
        }
        let request = try CertificationRequest(
            encoded: try self.masterKey.open(record.request.sealedRequest, for: SealPurpose.request)
        )
        let certificate = try authority.issuer.issue(
            RequestedCertificate(
                subject: request.subject,
                key: try authority.issuer.certifiable(
                    request.publicKey,
                    rsaBits: profile.settings.algorithmLevel.rsaBits
                ),
                extensions: try request.requestedExtensions
            ),
            template: profile.template,
            at: now
        )
        let outcome = try await self.registry.approve(
            id,
            NewCertificate(certificate, profile: profile.name, subject: record.request.subject),
            by: decider,
            terms: "",
            needed: 1,
            at: now
        )
        guard outcome == .issued else { throw ApprovalError.notWaiting(id) }
        return certificate
    }

    /// Rejects a request; the device is told the reason with its next poll.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - reason: What the device is told.
    ///   - decider: Who rejects.
    ///   - now: The time.
    /// - Throws: ``ApprovalError`` or ``RegistryError``.
    public func reject(_ id: Int64, reason: String, by decider: String, at now: Date) async throws {
        _ = try await self.waiting(id)
        guard try await self.registry.reject(id, reason: reason, by: decider, at: now) else {
            throw ApprovalError.notWaiting(id)
        }
    }

    private func waiting(_ id: Int64) async throws -> RequestRecord {
        guard let record = try await self.registry.request(id) else { throw ApprovalError.unknown(id) }
        guard record.state == .pending else { throw ApprovalError.notWaiting(id) }
        return record
    }
}

/// Why a request cannot be decided on.
public enum ApprovalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no request of that number.
    case unknown(Int64)
    /// The request does not wait, or not any more.
    case notWaiting(Int64)
    /// The profile through which the request came was deleted.
    case profileGone(String)
    /// The CA for which the request was encrypted is gone.
    case authorityGone

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unknown(let id): "there is no request \(id): ucm request list shows all of them"
        case .notWaiting(let id):
            "the request \(id) does not wait for approval: ucm request show \(id) says what became of it"
        case .profileGone(let name):
            "the profile \(name) through which the request came was deleted: reject the request"
        case .authorityGone: "the CA for which the request was encrypted is not there any more: reject the request"
        }
    }
}
