public import CertificateAuthority
import Crypto
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
    private let templates: CertificateTemplates

    /// Makes an approval.
    ///
    /// - Parameters:
    ///   - registry: Where the requests are.
    ///   - profiles: All profiles.
    ///   - authorities: All CAs.
    ///   - masterKey: Under which requests are kept.
    ///   - templates: Those that somebody, or a challenge, may name.
    public init(
        registry: Registry,
        profiles: [Profile],
        authorities: [IssuingAuthority],
        masterKey: MasterKey,
        templates: CertificateTemplates = CertificateTemplates()
    ) {
        self.registry = registry
        self.profiles = profiles
        self.authorities = authorities
        self.masterKey = masterKey
        self.templates = templates
    }

    /// What came of an approval.
    public enum Outcome: Sendable {
        /// The certificate is issued; the device gets it with its next poll.
        case issued(IssuedCertificate)
        /// So many of the different people who are needed have approved the same.
        case recorded(have: Int, needed: Int)
    }

    /// Approves a request; where no other approval is needed it is issued now.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - terms: What is approved, where it is not what the request and its profile say.
    ///   - decider: Who approves.
    ///   - now: The time.
    /// - Returns: The certificate, or how many approvals there are.
    /// - Throws: ``ApprovalError``, ``IssuanceError``, ``RegistryError``, or what the CA's key throws.
    public func approve(
        _ id: Int64,
        on terms: ApprovalTerms = ApprovalTerms(),
        by decider: Decider,
        at now: Date
    ) async throws -> Outcome {
        let record = try await self.waiting(id, at: now)
        guard let profile = self.profiles.first(where: { $0.name == record.request.identity.transaction.profile })
        else { throw ApprovalError.profileGone(record.request.identity.transaction.profile) }
        guard let authority = self.authorities.first(where: { $0.id == record.request.authority }) else {
            throw ApprovalError.authorityGone
        }
        guard !authority.isRetired else { throw ApprovalError.authorityRetired(authority.name) }
        let request = try CertificationRequest(
            encoded: try self.masterKey.open(record.request.sealedRequest, for: SealPurpose.request)
        )
        // A challenge for one template, or somebody here, has the last word over the profile.
        var assigned = terms.template
        if assigned == nil { assigned = try await self.template(of: record.request.challenge) }
        let template = try assigned.map(self.template(named:)) ?? profile.template
        let subject = terms.subject ?? request.subject
        var requested = RequestedCertificate(
            subject: subject,
            key: try authority.issuer.certifiable(
                request.publicKey,
                rsaBits: profile.settings.algorithmLevel.rsaBits
            ),
            extensions: try request.requestedExtensions
        )
        requested.isSubjectDecided = terms.subject != nil
        let certificate = try authority.issuer.issue(
            requested,
            template: template,
            validityDays: terms.validityDays,
            at: now
        )
        let needed = profile.settings.queue.approvalsNeeded
        let outcome = try await self.registry.approve(
            id,
            NewCertificate(
                certificate,
                profile: profile.name,
                publicKey: request.publicKey,
                template: template.name,
                assignedTemplate: assigned == nil ? nil : template.name,
                assignedDays: terms.validityDays
            ),
            by: decider,
            // All of it in words: what the profile or the challenge says may be another thing by the next approval.
            terms: ApprovalTerms(
                template: try Self.readable(template),
                validityDays: terms.validityDays ?? template.validityDays,
                subject: terms.subject
            ).description,
            needed: needed,
            at: now
        )
        switch outcome {
        case .issued: return .issued(certificate)
        case .recorded(let have): return .recorded(have: have, needed: needed)
        case .notWaiting: throw ApprovalError.notWaiting(id)
        case .expired: throw ApprovalError.expired(id)
        }
    }

    /// Rejects a request; the device is told the reason with its next poll.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - reason: What the device is told.
    ///   - decider: Who rejects.
    ///   - now: The time.
    /// - Throws: ``ApprovalError`` or ``RegistryError``.
    public func reject(_ id: Int64, reason: String, by decider: Decider, at now: Date) async throws {
        _ = try await self.waiting(id, at: now)
        guard try await self.registry.reject(id, reason: reason, by: decider, at: now) else {
            throw ApprovalError.notWaiting(id)
        }
    }

    private func waiting(_ id: Int64, at now: Date) async throws -> RequestRecord {
        guard let record = try await self.registry.request(id) else { throw ApprovalError.unknown(id) }
        guard record.state == .pending else { throw ApprovalError.notWaiting(id) }
        if let end = record.request.expiresAt, end <= now { throw ApprovalError.expired(id) }
        return record
    }

    private func template(of use: ChallengeUse?) async throws -> String? {
        guard let use, let challenge = try await self.registry.challenge(use.id) else { return nil }
        return try ChallengeBinding(json: challenge.challenge.binding).template
    }

    /// A template as approvals name it: one that can be changed with the SHA-256 of its settings, or two would approve
    /// different things under one name.
    private static func readable(_ template: CertificateTemplate) throws -> String {
        guard !CertificateTemplate.builtIn.contains(template) else { return template.name }
        return "\(template.name) (SHA-256 \(SHA256.hash(data: Array(try template.json().utf8)).hexadecimal))"
    }

    private func template(named name: String) throws(ApprovalError) -> CertificateTemplate {
        guard let template = self.templates.named(name) else {
            throw .unknownTemplate(name, known: self.templates.names)
        }
        return template
    }
}

/// What somebody approves in the place of what a request and its profile say.
///
/// Where two have to approve, they have to approve the same.
public struct ApprovalTerms: Hashable, Sendable {
    /// The name of another template; nil for the one that the challenge or the profile has.
    public var template: String?
    /// How many days the certificate is valid; nil for as long as the template says.
    public var validityDays: Int?
    /// Another subject, as an encoded Name; nil for the one that was asked for.
    public var subject: [UInt8]?

    /// Makes the terms.
    public init(template: String? = nil, validityDays: Int? = nil, subject: [UInt8]? = nil) {
        self.template = template
        self.validityDays = validityDays
        self.subject = subject
    }
}

extension ApprovalTerms: CustomStringConvertible {
    /// The terms as people read them, different for different terms; "as requested" where nothing is changed.
    public var description: String {
        var parts: [String] = []
        if let template { parts.append("template \(template)") }
        if let validityDays { parts.append("\(validityDays) days") }
        if let subject {
            // The digest tells two subjects apart that look alike; all of it, or one of two people could look for two.
            let digest = SHA256.hash(data: subject).hexadecimal
            parts.append("subject \(ReadableText.name(subject)) (SHA-256 \(digest))")
        }
        return parts.isEmpty ? "as requested" : parts.joined(separator: ", ")
    }
}

/// Why a request cannot be decided on.
public enum ApprovalError: Error, Hashable, Sendable, CustomStringConvertible {
    /// There is no request of that number.
    case unknown(Int64)
    /// The request does not wait, or not any more.
    case notWaiting(Int64)
    /// The request waited too long.
    case expired(Int64)
    /// The profile through which the request came was deleted.
    case profileGone(String)
    /// The CA for which the request was encrypted is gone.
    case authorityGone
    /// The CA for which the request was encrypted issues nothing more.
    case authorityRetired(String)
    /// There is no such template.
    case unknownTemplate(String, known: [String])

    /// What happened and what to do.
    public var description: String {
        switch self {
        case .unknown(let id): "there is no request \(id): ucm request list shows all of them"
        case .notWaiting(let id):
            "the request \(id) does not wait for approval: ucm request show \(id) says what became of it"
        case .expired(let id):
            "the request \(id) was not approved in time: when its device asks again, it waits again"
        case .profileGone(let name):
            "the profile \(name) through which the request came was deleted: reject the request"
        case .authorityGone: "the CA for which the request was encrypted is not there any more: reject the request"
        case .authorityRetired(let name):
            "the CA \(name), for which the request was encrypted, issues nothing more: reject the request, so that its device asks anew"
        case .unknownTemplate(let name, let known):
            "there is no template \(name): there are \(known.joined(separator: ", "))"
        }
    }
}
