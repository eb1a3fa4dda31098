public import CertificateAuthority
public import Foundation
public import Registry

/// A certificate that somebody wanted to have revoked or released, and what came of it.
public struct RevocationResult: Hashable, Sendable {
    /// Its serial number, in hexadecimal.
    public var serialNumber: String
    /// Its subject.
    public var subject: String
    /// Its end.
    public var notAfter: Date
    /// Why nothing has changed, in a sentence; nil where it has.
    public var obstacle: String?
}

/// What somebody wants to have revoked.
public struct RevocationRequest: Hashable, Sendable {
    /// Why.
    public var reason: RevocationReason
    /// Since when the certificates should not have been relied on; nil where nobody knows.
    public var invalidityDate: Date?
    /// Why, in words, for the record.
    public var note: String

    /// Makes a request.
    public init(reason: RevocationReason, invalidityDate: Date? = nil, note: String = "") {
        self.reason = reason
        self.invalidityDate = invalidityDate
        self.note = note
    }
}

/// Revocations, which are on the CRL within a second while a server runs.
extension Administration {
    /// How many certificates are revoked at once by what they have in common.
    static let maximumRevocations = 100_000

    /// Revokes certificates, or puts them on hold.
    ///
    /// - Parameters:
    ///   - serialNumbers: Which ones, in hexadecimal.
    ///   - authority: The name of their CA, where two CAs have issued the same serial number.
    ///   - request: Why.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: What came of each.
    /// - Throws: ``AdministrationError`` where one of them is not there; then none is revoked.
    public func revoke(
        _ serialNumbers: [String],
        authority: String? = nil,
        for request: RevocationRequest,
        by decider: Decider,
        at now: Date
    ) async throws -> [RevocationResult] {
        try request.check(at: now)
        let records = try await self.records(serialNumbers, authority: authority)
        try request.check(fits: records.map(\.summary))
        return try await self.revoke(records.map(\.summary), request, by: decider, at: now)
    }

    /// Refuses certificates of CAs and of the installation itself, on which whoever revokes devices does not decide.
    ///
    /// - Throws: ``AdministrationError`` of the kind `forbidden`.
    func checkAreDevices(_ serialNumbers: [String], authority: String?) async throws {
        for record in try await self.records(serialNumbers, authority: authority) {
            try Self.checkAreDevices([record.certificate.origin])
        }
    }

    /// Refuses certificates that came to be otherwise than by a device or by hand.
    ///
    /// - Throws: ``AdministrationError`` of the kind `forbidden`.
    static func checkAreDevices(_ origins: [CertificateOrigin]) throws(AdministrationError) {
        guard origins.allSatisfy({ [.scep, .manual].contains($0) }) else {
            throw AdministrationError(
                "a certificate of a CA, or of the installation itself, is revoked and released by whoever has the "
                    + "permission \(Permission.writeAuthorities.rawValue)", .forbidden)
        }
    }

    /// What ``revoke(_:authority:for:by:at:)`` would revoke.
    ///
    /// - Throws: ``AdministrationError`` where one of them is not there.
    public func trial(_ serialNumbers: [String], authority: String? = nil) async throws -> [RevocationResult] {
        try await self.records(serialNumbers, authority: authority).map { RevocationResult(trial: $0.summary) }
    }

    /// Revokes everything that has something in common: a device's certificates, a profile's, a CA's.
    ///
    /// - Parameters:
    ///   - filter: What they have in common; only those count that are not revoked and have not ended.
    ///   - authority: The name of their CA; nil for all.
    ///   - request: Why.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: What came of each.
    /// - Throws: ``AdministrationError`` where there are none, or too many.
    public func revokeAll(
        _ filter: CertificateFilter,
        authority: String? = nil,
        for request: RevocationRequest,
        by decider: Decider,
        at now: Date
    ) async throws -> [RevocationResult] {
        try request.check(at: now)
        let found = try await self.revocable(filter, authority: authority, for: request, at: now)
        try request.check(fits: found)
        return try await self.revoke(found, request, by: decider, at: now)
    }

    /// What ``revokeAll(_:authority:for:by:at:)`` would revoke.
    ///
    /// - Throws: ``AdministrationError`` where there are none, or too many.
    public func revocable(
        _ filter: CertificateFilter,
        authority: String? = nil,
        for request: RevocationRequest,
        at now: Date
    ) async throws -> [CertificateSummary] {
        var filter = filter
        // What is on hold can be revoked for good, but not be put on hold again.
        filter.states = request.reason == .certificateHold ? [.valid] : [.valid, .held]
        if filter.origins.isEmpty { filter.origins = [.scep, .manual] }
        var found: [CertificateSummary] = []
        while found.count < Self.maximumRevocations {
            let page = try await self.certificates(
                filter,
                authority: authority,
                at: now,
                after: found.last?.id,
                limit: 1000
            )
            found += page.map(\.summary)
            guard page.count == 1000 else { break }
        }
        guard !found.isEmpty else {
            throw AdministrationError("there is no valid certificate of which all that is true")
        }
        guard found.count < Self.maximumRevocations else {
            throw AdministrationError(
                "there are \(Self.maximumRevocations) certificates or more of which that is true: revoke them in parts, or "
                    + "retire their CA"
            )
        }
        return found
    }

    /// Makes certificates valid again that are on hold.
    ///
    /// - Parameters:
    ///   - serialNumbers: Which ones, in hexadecimal.
    ///   - authority: The name of their CA, where two CAs have issued the same serial number.
    ///   - note: Why, in words, for the record.
    ///   - decider: Who does it.
    ///   - now: The time.
    /// - Returns: What came of each.
    /// - Throws: ``AdministrationError`` where one of them is not there; then none is released.
    public func release(
        _ serialNumbers: [String],
        authority: String? = nil,
        note: String,
        by decider: Decider,
        at now: Date
    ) async throws -> [RevocationResult] {
        let records = try await self.records(serialNumbers, authority: authority)
        let outcomes = try await self.registry.release(records.map(\.id), by: decider, note: note, at: now)
        let isReleased = Dictionary(outcomes.map { ($0.id, $0.outcome) }) { first, _ in first }
        return records.map { record in
            let obstacle: String? =
                switch isReleased[record.id] {
                case .released: nil
                case .notHeld: "it is not on hold"
                case .unknown, nil: "it is gone"
                }
            return RevocationResult(record.summary, obstacle: obstacle)
        }
    }

    private func records(_ serialNumbers: [String], authority: String?) async throws -> [CertificateRecord] {
        var records: [CertificateRecord] = []
        for serialNumber in serialNumbers {
            let record = try await self.certificateRecord(serialNumber, authority: authority)
            if !records.contains(where: { $0.id == record.id }) { records.append(record) }
        }
        return records
    }

    private func revoke(
        _ certificates: [CertificateSummary],
        _ request: RevocationRequest,
        by decider: Decider,
        at now: Date
    ) async throws -> [RevocationResult] {
        let outcomes = try await self.registry.revoke(
            certificates.map(\.id),
            RevocationOrder(
                reason: Int(request.reason.rawValue),
                invalidityDate: request.invalidityDate,
                note: request.text,
                by: decider
            ),
            at: now
        )
        let byNumber = Dictionary(outcomes.map { ($0.id, $0.outcome) }) { first, _ in first }
        return certificates.map { certificate in
            let obstacle: String? =
                switch byNumber[certificate.id] {
                case .revoked: nil
                case .alreadyRevoked(let revocation):
                    "it was revoked on \(revocation.date.formatted(.iso8601)) already "
                        + "(\(RevocationReason(stored: revocation.reason).name))"
                case .unknown, nil: "it is gone"
                }
            return RevocationResult(certificate, obstacle: obstacle)
        }
    }
}

extension RevocationRequest {
    /// The reason as it is remembered.
    fileprivate var text: String {
        let note = self.note.trimmingCharacters(in: .whitespacesAndNewlines)
        return note.isEmpty ? self.reason.name : "\(self.reason.name): \(note)"
    }

    /// The first day of 1950, before which there were no keys; a year that no CRL can express would end all CRLs of the CA.
    private static let earliestInvalidity = Date(timeIntervalSince1970: -631_152_000)

    /// Refuses a reason that is for CAs where a certificate is none's.
    fileprivate func check(fits certificates: [CertificateSummary]) throws(AdministrationError) {
        guard [.cACompromise, .aACompromise].contains(self.reason) else { return }
        guard let other = certificates.first(where: { $0.origin != .authority }) else { return }
        throw AdministrationError(
            "the reason \(self.reason.name) is for the certificates of CAs, and \(other.subject) is none: use keyCompromise"
        )
    }

    /// Refuses what no CRL could say.
    fileprivate func check(at now: Date) throws(AdministrationError) {
        if let date = self.invalidityDate, date > now {
            throw AdministrationError(
                "the invalidity date \(date.formatted(.iso8601)) is in the future: it says since when a key was not safe"
            )
        }
        if let date = self.invalidityDate, date < Self.earliestInvalidity {
            throw AdministrationError("the invalidity date is before 1950: it says since when a key was not safe")
        }
    }
}

extension RevocationResult {
    /// What would come of a revocation.
    init(trial certificate: CertificateSummary) { self.init(certificate, obstacle: nil) }

    fileprivate init(_ certificate: CertificateSummary, obstacle: String?) {
        self.serialNumber = ReadableText.serialNumber(certificate.serialNumber)
        self.subject = certificate.subject
        self.notAfter = certificate.notAfter
        self.obstacle = obstacle
    }
}
