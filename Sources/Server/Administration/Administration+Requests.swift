import CertificateAuthority
import Crypto
import CryptographicMessageSyntax
public import Enrollment
public import Foundation
public import Registry

/// A request with what its device asks for.
public struct RequestDescription: Sendable {
    /// The record.
    public var record: RequestRecord
    /// What is in it; nil where it is not kept.
    public var report: RequestReport?
}

/// All that is known of a request.
public struct RequestDetail: Sendable {
    /// A certificate of the same name or key.
    public struct EarlierCertificate: Sendable {
        /// The serial number, in hexadecimal.
        public var serial: String
        /// The subject, readable.
        public var subject: String
        /// The last second of the validity.
        public var notAfter: Date
        /// Whether it is valid, ended or revoked, in a word.
        public var state: String
        /// Whether it is for the same key.
        public var hasSameKey: Bool
    }

    /// The request.
    public var description: RequestDescription
    /// The challenge that it had; nil where it had none.
    public var challenge: String?
    /// What the rules said; nil for requests of before there were any.
    public var explanation: Explanation?
    /// Who has approved it so far, and what.
    public var approvals: [ApprovalRecord]
    /// Certificates of the same name or key, the newest first.
    public var earlierCertificates: [EarlierCertificate]
    /// What was decided on it, the newest first.
    public var events: [EventRecord]
}

extension RequestRecord {
    /// The certificate that was issued; nil where none was.
    fileprivate var issuedCertificate: [UInt8]? {
        if case .issued(let certificate)? = self.state { certificate } else { nil }
    }
}

/// What came of an approval.
public enum ApprovalResult: Hashable, Sendable {
    /// The certificate with this serial number, in hexadecimal, is issued.
    case issued(serial: String)
    /// So many of the approvals that are needed are there.
    case recorded(have: Int, needed: Int)
}

/// Requests and what became of them.
extension Administration {
    /// Requests, page by page.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - order: In which order.
    ///   - last: The last number of the page before; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The requests.
    /// - Throws: ``RegistryError`` or ``KeyError``.
    public func requests(
        _ filter: RequestFilter = RequestFilter(),
        order: ListOrder = .newestFirst,
        after last: Int64? = nil,
        limit: Int
    ) async throws -> [RequestDescription] {
        try await self.registry.requests(filter, order: order, after: last, limit: limit).map(self.describe)
    }

    /// Requests, page by page, each of which takes a moment.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - order: In which order.
    ///   - last: The number behind which it goes on; nil for the first page.
    ///   - limit: How many at most.
    /// - Returns: The page.
    /// - Throws: ``RegistryError`` or ``KeyError``.
    func requestPage(
        _ filter: RequestFilter,
        order: ListOrder,
        after last: Int64?,
        limit: Int
    ) async throws -> ListPage<RequestDescription> {
        try await self.registry.requestPage(filter, order: order, after: last, limit: limit).map(self.describe)
    }

    /// How many requests there are.
    ///
    /// - Parameters:
    ///   - filter: Which ones.
    ///   - maximum: Where counting stops; nil for nowhere.
    /// - Returns: Their number, or where counting stopped.
    /// - Throws: ``RegistryError``.
    public func requestCount(_ filter: RequestFilter, atMost maximum: Int? = nil) async throws -> Int {
        try await self.registry.requestCount(filter, atMost: maximum)
    }

    /// All that is known of a request.
    ///
    /// - Throws: ``ApprovalError/unknown(_:)``, ``RegistryError`` or ``KeyError``.
    public func request(_ id: Int64, at now: Date = Date()) async throws -> RequestDetail {
        guard let record = try await self.registry.request(id) else { throw ApprovalError.unknown(id) }
        var challenge: String?
        if let use = record.request.challenge {
            let known = try await self.registry.challenge(use.id)
            challenge = known.map(KnownChallenge.name(of:)) ?? "challenge \(use.id), which is gone"
        }
        let description = try self.describe(record)
        return RequestDetail(
            description: description,
            challenge: challenge,
            explanation: Explanation(text: record.request.explanation),
            approvals: try await self.registry.approvals(of: id),
            earlierCertificates: try await self.earlierCertificates(than: record, at: now),
            events: try await self.registry.events(request: id)
        )
    }

    /// How many earlier certificates are shown.
    private static let earlierCertificates = 20

    private func earlierCertificates(
        than record: RequestRecord,
        at now: Date
    ) async throws -> [RequestDetail.EarlierCertificate] {
        guard let key = try self.certificationRequest(record)?.publicKey else { return [] }
        let digest = Array(SHA256.hash(data: key.derEncoded))
        return try await self.registry.earlierCertificates(
            subject: record.request.subject,
            keyDigest: digest,
            limit: Self.earlierCertificates
        ).filter { $0.certificate.encoded != record.issuedCertificate }.map { found in
            RequestDetail.EarlierCertificate(
                serial: ReadableText.serialNumber(found.certificate.serialNumber),
                subject: found.certificate.subject,
                notAfter: found.certificate.notAfter,
                state: found.revocation != nil ? "revoked" : found.certificate.notAfter < now ? "ended" : "valid",
                hasSameKey: found.certificate.keyDigest == digest
            )
        }
    }

    private func describe(_ record: RequestRecord) throws -> RequestDescription {
        RequestDescription(record: record, report: try self.certificationRequest(record).map(RequestReport.init))
    }

    /// The PKCS#10; nil where it is not kept, as of what was granted by the first version.
    private func certificationRequest(_ record: RequestRecord) throws -> CertificationRequest? {
        guard !record.request.sealedRequest.isEmpty else { return nil }
        return try CertificationRequest(
            encoded: try self.masterKey.open(record.request.sealedRequest, for: SealPurpose.request)
        )
    }

    /// Approves a request; where no other approval is needed it is issued, and its device gets the certificate with its
    /// next poll.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - terms: What is approved, where it is not what was asked for.
    ///   - decider: Who approves.
    ///   - now: The time.
    /// - Returns: What came of it.
    /// - Throws: ``ApprovalError`` and others that say why it cannot be issued.
    public func approve(
        _ id: Int64,
        on terms: ApprovalTerms = ApprovalTerms(),
        by decider: Decider,
        at now: Date
    ) async throws -> ApprovalResult {
        switch try await self.approval(of: id).approve(id, on: terms, by: decider, at: now) {
        case .issued(let certificate): .issued(serial: ReadableText.serialNumber(certificate.serialNumber))
        case .recorded(let have, let needed): .recorded(have: have, needed: needed)
        }
    }

    /// Rejects a request; its device is told the reason with its next poll.
    ///
    /// - Parameters:
    ///   - id: The request's number.
    ///   - reason: What the device is told.
    ///   - decider: Who rejects.
    ///   - now: The time.
    /// - Throws: ``AdministrationError`` where no reason is given, ``ApprovalError`` or ``RegistryError``.
    public func reject(_ id: Int64, reason: String, by decider: Decider, at now: Date) async throws {
        guard reason.contains(where: { !$0.isWhitespace }) else {
            throw AdministrationError("say why the request is rejected: its device is told")
        }
        // Nothing is issued, so neither a profile nor any key is needed.
        try await Approval(registry: self.registry, profiles: [], authorities: [], masterKey: self.masterKey)
            .reject(id, reason: reason, by: decider, at: now)
    }

    /// Only the request's own profile is loaded: another one that cannot be read keeps nobody from approving.
    private func approval(of id: Int64) async throws -> Approval {
        guard let record = try await self.registry.request(id) else { throw ApprovalError.unknown(id) }
        let name = record.request.identity.transaction.profile
        return Approval(
            registry: self.registry,
            profiles: [try await self.profile(named: name)].compactMap(\.self),
            authorities: try await self.authorities().all,
            masterKey: self.masterKey,
            templates: try await self.templates()
        )
    }
}
